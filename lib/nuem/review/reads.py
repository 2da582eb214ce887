"""Which inputs were read, and where: the log that a notebook keeps while it runs.

While a cell runs, every read of an input is noted with the line of the cell that asked for it, whoever did the reading:
an attribute, `getattr` with a computed name, a function of an earlier cell or of this package. The numbers that a
chapter shows carry these notes in their outputs; `nuem.press.provenance` reads them there.
"""

from __future__ import annotations

import sys
from typing import Any

Read = tuple[int, int, str]  # execution count of the cell, line in it, name of the input

METADATA = "nuem"
RUN_MIME = "application/vnd.nuem.run+json"
ALL = "*"  # stands for all names of a kind

# What was asked for in this kernel, by kind: all that a chapter's outputs can depend on beside code.
_named: dict[str, set[str]] = {"inputs": set(), "claims": set(), "files": set()}


def name(kind: str, what: str) -> None:
    """Note that an input, a claim or a file of data was asked for."""
    _named[kind].add(what)


def named() -> dict[str, list[str]]:
    """All that was asked for in this kernel."""
    return {kind: sorted(names) for kind, names in _named.items()}


_reads: dict[Read, None] = {}  # an ordered set, of this kernel; emptied into the next number's output


def note(name: str) -> None:
    """Note that an input was read, with the place in the notebook that led here; outside of a notebook do nothing."""
    place = _place()
    if place:
        _reads[(*place, name)] = None


def stamp() -> dict[str, Any]:
    """What a number carries in the metadata of its output: its line, and all reads since the number before."""
    place = _place()
    if place is None:
        return {}
    reads = [list(read) for read in _reads]
    _reads.clear()
    return {METADATA: {"line": place[1], "reads": reads}}


def _place() -> tuple[int, int] | None:
    """Execution count and line of the statement of a notebook that runs now."""
    shell = _shell()
    if shell is None:
        return None
    line, frame = 0, sys._getframe(1)
    while frame:  # the outermost frame with the notebook's names is the cell itself
        if frame.f_globals is shell.user_ns:
            line = frame.f_lineno
        frame = frame.f_back
    return shell.displayhook.prompt_count, line  # shell.execution_count is one ahead in newer versions of IPython


def of_notebook(name: str) -> Any:
    """What a name of the notebook holds now; None outside of a notebook."""
    shell = _shell()
    return shell.user_ns.get(name) if shell else None


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
