"""A PACT host: recipients ask it for footprints."""
