"""The field's formulas. This room knows numpy, scipy and sympy, and nobody above it."""
