"""Errors that a reader can act on: one sentence that names the place and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MANY = 12  # a longer list of names hides the guess


class NuemError(ValueError):
    """Bad input to the book; its message is meant for the reader and needs no traceback."""


def allowed(names: Iterable[str], wanted: str) -> str:
    """The end of a message about an unknown name: the nearest matches, or else what is allowed.

    >>> allowed(["alpha", "beta"], "alhpa")
    'did you mean alpha? Allowed are: alpha, beta'
    """
    known = sorted(names)
    near = difflib.get_close_matches(wanted, known, n=3)
    if near and len(known) > MANY:
        return f"did you mean {' or '.join(near)}?"
    guess = f"did you mean {' or '.join(near)}? " if near else ""
    return f"{guess}Allowed are: {', '.join(known)}"
