"""What the chapters that compare others say: bounds and claims by name, tables, the plane, listings, references."""
