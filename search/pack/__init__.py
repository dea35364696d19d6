"""Evidence packs: a route with all that shows it, in one signed file; see docs/adr/0015."""
