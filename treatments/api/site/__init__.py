"""The reads about the site as a whole."""
