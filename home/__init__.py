"""The sample site that shows the plugin set at work."""
