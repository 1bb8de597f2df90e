"""History held against the law: each commit by what its parent's books allowed."""
