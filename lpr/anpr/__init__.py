"""Cameras that read by themselves: their events over HTTP, taken in as passages."""
