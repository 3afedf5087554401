"""How knowledge becomes numbers: axes, matrices and the background system."""
