"""Watchlists: lists of plates that are looked for, their entries, and who changed them when."""
