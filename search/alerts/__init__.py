"""Alerts: passages that a watchlist looks for, found as they come in, and what becomes of them."""
