"""The differences between two documents of one article: a walk over both, in words for people and for programs."""
