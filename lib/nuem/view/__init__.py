"""How what a cell shows looks: the same code makes the cards of JupyterLab and those of the website.

A cell keeps a view, plain JSON that says what there is to see and nothing about how. The website renders every view
anew, so that this room leaves no trace in the executed copies: a changed card runs no chapter.
"""
