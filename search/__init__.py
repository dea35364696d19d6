"""What is kept: sightings, cameras and roads, and the answers found in them."""
