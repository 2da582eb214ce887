"""What the functions of this room ask of their arguments, in one form of words.

Every check names the place, the argument and what is allowed, as the reader of a chapter sees it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError, allowed


def positive(place: str, **arguments: ArrayLike) -> None:
    """
    Raises:
        NuemError: a number, or one of an array, isn't finite and above zero.

    >>> positive("recoil", mass=[0.5, 0.0])
    Traceback (most recent call last):
    nuem.errors.NuemError: recoil: mass = [0.5, 0.0] is not allowed; give a finite number > 0
    """
    for name, value in arguments.items():
        numbers = np.asarray(value, dtype=float)
        if not np.all((numbers > 0) & (numbers < np.inf)):
            raise NuemError(f"{place}: {name} = {value!s} is not allowed; give a finite number > 0")


def not_negative(place: str, **arguments: ArrayLike) -> None:
    """
    Raises:
        NuemError: a number, or one of an array, isn't finite and at least zero.

    >>> not_negative("kinematics", threshold=-1)
    Traceback (most recent call last):
    nuem.errors.NuemError: kinematics: threshold = -1 is not allowed; give a finite number ≥ 0
    """
    for name, value in arguments.items():
        numbers = np.asarray(value, dtype=float)
        if not np.all((numbers >= 0) & (numbers < np.inf)):
            raise NuemError(f"{place}: {name} = {value!s} is not allowed; give a finite number ≥ 0")


def one_of(place: str, choices: Iterable[str], **arguments: str) -> None:
    """
    Raises:
        NuemError: a word isn't among the choices.

    >>> one_of("plasma", ["dirac", "weyl"], states="wyel")
    Traceback (most recent call last):
    nuem.errors.NuemError: plasma: states = 'wyel' is not allowed; did you mean weyl? Allowed are: dirac, weyl
    """
    choices = list(choices)
    for name, word in arguments.items():
        if word not in choices:
            raise NuemError(f"{place}: {name} = {word!r} is not allowed; {allowed(choices, word)}")


def within(place: str, low: float, high: float, **arguments: float) -> None:
    """
    Raises:
        NuemError: a number isn't between two ends, both excluded.

    >>> within("plasma", 0, 1, alpha=1.5)
    Traceback (most recent call last):
    nuem.errors.NuemError: plasma: alpha = 1.5 is not allowed; give a number between 0 and 1, ends excluded
    """
    for name, value in arguments.items():
        if not low < value < high:
            raise NuemError(
                f"{place}: {name} = {value:g} is not allowed; give a number between {low:g} and {high:g}, ends excluded"
            )


def whole(place: str, name: str, value: Any, lowest: int, highest: int) -> int:
    """A whole number of any kind, such as numpy's, as Python's own.

    Raises:
        NuemError: it is none, or isn't between its ends.

    >>> whole("statistics", "count", 1e3, 1, 10**6)
    Traceback (most recent call last):
    nuem.errors.NuemError: statistics: count = 1000.0 is not allowed; give a whole number from 1 to 1000000
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = lowest - 1
    if isinstance(value, bool) or not lowest <= number <= highest:
        raise NuemError(f"{place}: {name} = {value!r} is not allowed; give a whole number from {lowest} to {highest}")
    return number
