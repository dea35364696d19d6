"""Roads between junctions: from OpenStreetMap or GeoJSON, as a graph, as a map."""
