"""The reference project: it composes the plugins and the sample site, and holds no logic."""
