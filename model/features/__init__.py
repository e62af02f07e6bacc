"""Lines to numbers, one module a family."""
