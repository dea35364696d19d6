"""Rendered traffic: plates, vehicles, streets and a small city, with the truth beside them."""
