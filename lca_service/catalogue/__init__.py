"""How knowledge comes in: the only floor that opens ``datasets/`` and ``methods/``."""
