"""Formulas that somebody types: the names of their symbols, and their values at points."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any


def plain_name(name: str) -> str:
    r"""The name of a symbol as one types it.

    >>> plain_name(r"\mu_{\nu}"), plain_name("m_e"), plain_name("λ"), plain_name("Λ")
    ('mu_nu', 'm_e', 'lambda', 'Lambda')
    """
    return re.sub(r"\\(?:mathrm|rm|text)\b|[\\{}\s]", "", "".join(map(_spelled, name)))


def _spelled(letter: str) -> str:
    """A Greek letter by its name; another one as it is."""
    found = re.fullmatch("GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)", unicodedata.name(letter, ""))
    if not found:
        return letter
    spelled = found[2].replace("LAMDA", "LAMBDA").lower()
    return spelled.capitalize() if found[1] == "CAPITAL" else spelled


def value_at(expression: Any, point: Mapping[Any, float]) -> float | None:
    """The value of an expression of sympy at a point; None where that isn't a real number."""
    import sympy as sp

    exact = {symbol: sp.Float(repr(value), 30) for symbol, value in point.items()}
    value = sp.N(expression.subs(exact), 20)
    if not value.is_number:
        return None
    number = complex(value)
    if not math.isfinite(number.real) or abs(number.imag) > 1e-12 * abs(number.real):
        return None
    return number.real
