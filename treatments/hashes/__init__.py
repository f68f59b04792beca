"""Hashes of what articles say: pure functions of values, without a query."""
