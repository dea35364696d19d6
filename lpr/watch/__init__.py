"""Live cameras: opening them, their frames, and which frames are worth a look."""
