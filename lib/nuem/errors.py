"""Errors that a reader can act on: one sentence that names the place and the remedy."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Callable, Iterable
from typing import Any

MANY, NEAR = 12, 5  # a longer list of names hides the guess and the remedy


class NuemError(ValueError):
    """Bad input to the book; its message is meant for the reader and needs no traceback."""


def allowed(names: Iterable[str], wanted: str) -> str:
    """The end of a message about an unknown name: the nearest matches, or what is allowed if that is short.

    >>> allowed(["alpha", "beta"], "alhpa")
    'did you mean alpha? Allowed are: alpha, beta'
    >>> allowed(map(str, range(100, 400)), "alpha")
    'none of the 300 known names is like it'
    >>> allowed([f"mass_{number}" for number in range(300)], "masses")
    'did you mean mass_9 or mass_8 or mass_7 or mass_6 or mass_5?'
    >>> allowed(["fine_structure_constant", "alpha_relative_error", *map(str, range(20))], "alpha")
    'did you mean alpha_relative_error?'
    """
    known = sorted(names)
    near = difflib.get_close_matches(str(wanted), known, n=NEAR)
    near = near or [name for name in known if wanted and str(wanted).lower() in name.lower()][:NEAR]
    if len(known) > MANY:
        return f"did you mean {' or '.join(near)}?" if near else f"none of the {len(known)} known names is like it"
    guess = f"did you mean {' or '.join(near)}? " if near else ""
    return f"{guess}Allowed are: {', '.join(known)}"


def what_happened(error: OSError) -> str:
    """What the operating system refused, with the file if it names one, and the remedy where there is one.

    >>> what_happened(PermissionError(errno.EACCES, "Permission denied", "_build"))
    '_build: Permission denied'
    >>> what_happened(OSError(errno.ENOSPC, "No space left on device", "_build"))
    '_build: No space left on device; free some space'
    """
    place = f"{error.filename}: " if error.filename else ""
    remedy = "; free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return f"{place}{error.strerror or error}{remedy}"


def refusals(*attempts: Callable[[], Any]) -> list[str]:
    """What each attempt with bad input is told, as a chapter shows it.

    Raises:
        AssertionError: an attempt is accepted.

    >>> def root(x):
    ...     if x < 0:
    ...         raise NuemError(f"x = {x} is not allowed; give a number from 0 upwards")
    ...     return x**0.5
    >>> refusals(lambda: root(-1))
    ['x = -1 is not allowed; give a number from 0 upwards']
    >>> refusals(lambda: root(1))
    Traceback (most recent call last):
    AssertionError: attempt 1 of 1 with bad input was accepted
    """
    messages = []
    for number, attempt in enumerate(attempts, start=1):
        try:
            attempt()
        except NuemError as message:
            messages.append(str(message))
        else:
            raise AssertionError(f"attempt {number} of {len(attempts)} with bad input was accepted")
    return messages
