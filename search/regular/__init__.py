"""What a vehicle does again and again: ways at certain times, and where it is over night."""
