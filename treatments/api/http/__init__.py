"""How the API answers: errors, caches, parameters, limits."""
