"""What finds the words of a search: one module for each database."""
