"""The answers that the solutions of exercises register, as views.

A view says what an answer is: `label` and `part` of its exercise, its `type` ("number", "formula" or "choice"), how it
is `shown`, and for a choice its letter as `value`. A number and a formula have `unit`, `within`, `symbols`, `points`,
`values` (of a number one, of a formula one for each point), and `mistakes`, pairs of what is said and its values.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nuem import typeset
from nuem.errors import NuemError
from nuem.physics.named_units import unit_of
from nuem.review.formulas import value_at

if TYPE_CHECKING:
    import sympy as sp

View = dict[str, Any]
FORMULA_WITHIN = 1e-6  # relative; equivalent formulas differ by rounding alone
_POINTS, _TRIES = 4, 400


def choice(label: str, letter: str, part: str = "") -> View:
    """The answer of an exercise that offers choices.

    Raises:
        NuemError: it is no letter.
    """
    if not re.fullmatch("[a-z]", letter):
        raise NuemError(f'exercise {label}: the choice {letter!r} is no letter; give one from "a" on')
    return {"kind": "answer", "type": "choice", "label": label, "part": part, "value": letter, "shown": f"({letter})"}


def answer(
    label: str,
    value: float | sp.Expr,
    *,
    unit: str = "1",
    within: float | None = None,
    mistakes: Mapping[str, float | sp.Expr] | None = None,
    part: str = "",
) -> View:
    """The answer of an exercise that wants a number or a formula.

    Raises:
        NuemError: a value that can't be compared, an unknown unit, or a mistake that is right within the tolerance.
    """
    formula = bool(getattr(value, "free_symbols", None))
    within = within if within is not None else FORMULA_WITHIN if formula else 0.01
    if not 0 < within < 10:
        raise NuemError(f"exercise {label}: within={within:g} is no tolerance; give a relative one such as 0.05")
    unit_of(unit)
    symbols = sorted(value.free_symbols, key=str) if formula else []  # type: ignore[union-attr]
    points = _points(label, value, symbols) if formula else [[]]
    view: View = {
        "kind": "answer",
        "type": "formula" if formula else "number",
        "label": label,
        "part": part,
        "unit": unit,
        "within": within,
        "symbols": [str(symbol) for symbol in symbols],
        "points": points,
        "values": _values(label, value, symbols, points),
        "mistakes": [],
    }
    view["shown"] = _shown(value, view)
    for says, wrong in (mistakes or {}).items():
        others = set(getattr(wrong, "free_symbols", ())) - set(symbols)
        if others:
            raise NuemError(f"exercise {label}: the mistake {says!r} has other symbols; write it in {symbols}")
        values = _values(label, wrong, symbols, points)
        pairs = zip(values, view["values"], strict=True)
        if all(one * other > 0 and abs(math.log(one / other)) <= math.log1p(within) for one, other in pairs):
            raise NuemError(f"exercise {label}: the mistake {says!r} is right within the tolerance; narrow within=")
        view["mistakes"].append([says.strip().rstrip("."), values])
    return view


def _shown(value: float | sp.Expr, view: View) -> str:
    if view["type"] == "formula":
        import sympy as sp

        return f"${sp.latex(value)}$"
    digits = max(2, min(6, 1 - math.floor(math.log10(view["within"]))))
    return typeset.join(typeset.number(view["values"][0], digits), view["unit"])


def _values(label: str, value: Any, symbols: list[Any], points: list[list[float]]) -> list[float]:
    if symbols and not isinstance(value, int | float):
        found = [value_at(value, dict(zip(symbols, point, strict=True))) for point in points]
    else:
        try:
            found = [float(getattr(value, "nominal_value", value))] * len(points)
        except (TypeError, ValueError):
            raise NuemError(f"exercise {label}: the answer {value!r} is neither a number nor a formula") from None
    if not all(one is not None and one and math.isfinite(one) for one in found):
        raise NuemError(f"exercise {label}: {value} is 0 or not finite, which has no relative tolerance; ask otherwise")
    return [float(one) for one in found if one is not None]


def _points(label: str, value: sp.Expr, symbols: list[sp.Symbol]) -> list[list[float]]:
    """Random points at which a formula has a real value, the same in each run."""
    dice = random.Random(f"{label} {symbols}")
    points: list[list[float]] = []
    for attempt in range(_TRIES):
        point = [_coordinate(dice, symbol, small=attempt % 2 == 1) for symbol in symbols]
        found = value_at(value, dict(zip(symbols, point, strict=True)))
        if found and abs(found) > 1e-200:
            points.append(point)
        if len(points) == _POINTS:
            return points
    raise NuemError(f"exercise {label}: the formula {value} has hardly a real value; ask for a part that has one")


def _coordinate(dice: random.Random, symbol: sp.Symbol, *, small: bool) -> float:
    """A number that the assumptions of a symbol allow."""
    if symbol.is_integer:
        return float(dice.randint(2, 9))
    size = round(dice.uniform(0.1, 0.9) if small else dice.uniform(1.1, 3.0), 6)
    return -size if symbol.is_negative else size
