"""The skin of the engine: footprints over HTTP."""
