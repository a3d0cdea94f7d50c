"""Ledgers as staff see them."""
