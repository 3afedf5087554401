"""Our results beside published ones."""
