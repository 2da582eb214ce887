"""What a cell of a chapter may say: chapter, figures and widgets."""
