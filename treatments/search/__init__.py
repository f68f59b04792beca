"""Full-text search in the language of each article. Knows the article index, and nothing of the API."""
