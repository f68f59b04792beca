"""The article index: what lists, filters and searches read instead of the articles."""
