"""From an address to a page: sites, paths, redirects, and what is said of a page that is gone."""
