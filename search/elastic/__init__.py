"""The sighting store of a city: Elasticsearch 8.19 or 9."""
