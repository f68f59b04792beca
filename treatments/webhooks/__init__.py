"""Tells other systems what happens to public articles: signed, in order, and until they have got it."""
