"""From executed notebooks to the website: the build, the Sphinx extension, its tables, provenance, comparison."""
