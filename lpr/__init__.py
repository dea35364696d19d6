"""What was seen: from the pixels of a camera to a passage of a vehicle."""
