"""Tags of a text that say what becomes of it on the slides: comments in the page, which no reader sees.

A text tagged `slide` stands on its slides whole, one tagged `notes` only in the notes of the speaker, and one tagged
`no-slide` on none; where such a text begins with a heading, the whole section below it stays away. Cells of code carry
their tags in the page anyway: `slide` shows a table that slides leave out, `no-slide` takes an output away.
"""

from __future__ import annotations

import re
from typing import Any

TAGS = ("slide", "notes", "no-slide")
_HEADING = re.compile(r"#+ .*\n?")
BEGIN, END = "nuem-slides", "nuem-slides-end"


def mark(cell: dict[str, Any]) -> None:
    r"""Put the tag of a text around what it says, behind its heading.

    >>> cell = {"cell_type": "markdown", "source": "## The idea\n\nA loop.", "metadata": {"tags": ["notes"]}}
    >>> mark(cell)
    >>> print(cell["source"])
    ## The idea
    <BLANKLINE>
    % nuem-slides notes
    <BLANKLINE>
    A loop.
    <BLANKLINE>
    % nuem-slides-end
    """
    tags = [tag for tag in cell["metadata"].get("tags", []) if tag in TAGS]
    if cell["cell_type"] != "markdown" or not tags:
        return
    text = "".join(cell["source"])
    heading = _HEADING.match(text)
    head = heading[0].rstrip("\n") + "\n\n" if heading else ""
    rest = text[heading.end() :].lstrip("\n") if heading else text
    whole = " section" if heading and tags[0] == "no-slide" else ""
    cell["source"] = f"{head}% {BEGIN} {tags[0]}{whole}\n\n{rest}\n\n% {END}"
