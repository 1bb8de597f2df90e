"""Message catalogues: one folder per language, and the tool that keeps them complete."""
