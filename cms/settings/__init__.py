"""Django settings: one base, and one module for each place the project runs in."""
