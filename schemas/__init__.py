"""The schema of each register as JSON, and the shapes that they share in common.json."""
