"""A page as JSON, and what of it the public may see. Knows no HTTP."""
