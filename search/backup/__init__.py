"""Backups of one machine's data folder, and the way back; see `search.backup.taking`."""
