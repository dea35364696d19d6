"""How the cameras of every machine are, and whether they see as much as they use to."""
