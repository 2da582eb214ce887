"""What a review is made of: inputs with sources, printed claims, bounds, verdicts, propagation, the public files."""
