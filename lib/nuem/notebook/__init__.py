"""What a cell of a chapter may say: chapter, figures, widgets, and the cards that it shows."""
