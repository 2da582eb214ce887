"""Sympy's integrals, limits, sums and series, each compared with numbers before a chapter may build on it.

Sympy 1.14.0 loses the logarithm of ∫₀¹ dx/(x² + (1 − x)b) if b is a positive or a real symbol (it answers 0; at b = 1
the truth is 2π/√27), and takes coth x − 1/x to −∞ at x = 0, without a word. So a chapter calls `integrate`, `limit`,
`summation` and `series` of this module: they take sympy's answer, draw values for the free symbols that the
assumptions allow, and compare it with mpmath. The draws are of order one, where no peak is narrow, and the same in
every run. What is found in another way goes through `check_integral`, `check_limit`, `check_sum` and `check_series`.

A disagreement is a `NuemError`. So is what can't be evaluated: a divergent integral, a principal value, an oscillation
without end, a function without a definition. Such a result is derived in another way, with a check of its own.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import mpmath
import sympy as sp

from nuem.errors import NuemError

seconds = 0.0  # spent on checks in this process; `make bench` compares it with the compute of the chapters

_ATTEMPTS = 400  # to find values that obey the conditions
_DIGITS = ((15, 18), (20, 30))  # of the two sets of nodes; the second try is for a singularity at an end
_TOLERANCE = mpmath.mpf("1e-8")
_CONVERGENCE = mpmath.mpf("1e-10")  # of the numbers themselves, found with two sets of nodes
_SPLIT = mpmath.mpf("0.3819")  # where the second set divides a range: no symmetry shares it
_DISTANCES = tuple(mpmath.mpf(f"1.37e-{digits}") for digits in (1, 10, 20, 40))  # from the point of a limit
_FAR_DISTANCES = tuple(mpmath.mpf(10) ** -digits for digits in (10, 20, 40, 80, 160, 320))
_LIMIT_DIGITS = 200  # (x − sin x)/x³ at x = 1e-40 loses 120 of them
_ROUNDING = mpmath.mpf("1e-60")  # what is left of them at worst
_GROWTH = 1.5  # of what tends to infinity while the distance's exponent doubles; a logarithm has 2
_FAILURES = (ArithmeticError, TypeError, ValueError, NameError, AttributeError, NotImplementedError)

Agreement = Callable[..., tuple[bool, Any]]


def integrate(function: Any, *ranges: Any, where: Any = ()) -> sp.Expr:
    """`sympy.integrate`, one variable after the other, each step checked.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> integrate(sp.exp(-a * x), (x, 0, sp.oo))
    1/a

    Args:
        function: the integrand.
        ranges: a symbol for an antiderivative, or (symbol, lower end, upper end); the innermost first.
        where: a relation that the free symbols obey besides their assumptions, such as `m < E`, or several.

    Raises:
        NuemError: sympy has no answer, it can't be evaluated numerically, or the two disagree.
    """
    for position, one in enumerate(ranges, start=1):
        result = sp.integrate(function, one)
        later = [sp.And(low < variable, variable < high) for variable, low, high in ranges[position:]]
        check_integral(function, one, result, where=[*_relations(where), *later])
        function = result
    return function


def limit(function: Any, variable: sp.Symbol, point: Any, direction: str = "+", *, where: Any = ()) -> sp.Expr:
    """`sympy.limit`, checked; `where` and the errors are those of `integrate`."""
    result = sp.limit(function, variable, point, direction)
    check_limit(function, variable, point, result, direction, where=where)
    return result


def summation(function: Any, terms: tuple[sp.Symbol, Any, Any], *, where: Any = ()) -> sp.Expr:
    """`sympy.summation` over (index, first, last), checked; `where` and the errors are those of `integrate`."""
    result = sp.summation(function, terms)
    check_sum(function, terms, result, where=where)
    return result


def series(function: Any, variable: sp.Symbol, point: Any, order: int, *, where: Any = ()) -> sp.Expr:
    """`sympy.series` with its order term, checked; `where` and the errors are those of `integrate`."""
    result = sp.series(function, variable, point, order)
    check_series(function, variable, point, order, result, where=where)
    return result


# -- checks ------------------------------------------------------------------------------------------------------------


def check_integral(function: Any, one: Any, result: Any, *, where: Any = ()) -> None:
    """Compare the result of an integral over one variable with a quadrature, or an antiderivative's slope with f.

    Args:
        one: a symbol for an antiderivative, or (symbol, lower end, upper end).
        result: what is to be checked. The other arguments and the errors are those of `integrate`.
    """
    if isinstance(one, sp.Symbol):
        what = f"the antiderivative over {one} of {_short(function)}"
        slope = sp.diff(_answer(what, result), one)
        _compare(what, sp.Dummy(), 0, slope, [function], where, lambda _, expected, f: (_near(f, expected), f))
        return
    variable, lower, upper = one
    what = f"the integral over {variable} from {lower} to {upper} of {_short(function)}"
    _compare(what, variable, function, _answer(what, result), [lower, upper], where, _area_agrees)


def check_limit(
    function: Any, variable: sp.Symbol, point: Any, result: Any, direction: str = "+", *, where: Any = ()
) -> None:
    """Compare a limit with the function's values close to the point; arguments and errors as for `limit`."""
    what = f"the limit {variable} → {point} of {_short(function)}"
    for sign in {"+": (1,), "-": (-1,), "+-": (1, -1)}[direction]:
        agrees = functools.partial(_limit_agrees, sign)
        _compare(what, variable, function, _answer(what, result), [point], where, agrees)


def check_sum(function: Any, terms: tuple[sp.Symbol, Any, Any], result: Any, *, where: Any = ()) -> None:
    """Compare a finite or infinite sum with its terms, added up; arguments and errors as for `summation`."""
    index, first, last = terms
    what = f"the sum over {index} from {first} to {last} of {_short(function)}"
    _compare(what, index, function, _answer(what, result), [first, last], where, _sum_agrees)


def check_series(function: Any, variable: sp.Symbol, point: Any, order: int, result: Any, *, where: Any = ()) -> None:
    """See that what a series leaves out vanishes faster than the last power it keeps; as for `series`."""
    rest = (function - _answer(f"the series of {_short(function)}", result).removeO()) / (variable - point) ** (
        order - 1
    )
    check_limit(rest, variable, point, sp.Integer(0), where=where)


# -- comparing ---------------------------------------------------------------------------------------------------------


def _compare(
    what: str,
    variable: sp.Symbol,
    function: Any,
    result: sp.Expr,
    numbers: Sequence[Any],
    where: Any,
    agrees: Agreement,
) -> None:
    """Call `agrees(function of the variable, result, *numbers)` for several draws of the free symbols."""
    relations = _relations(where)
    with _clock():
        free = sp.Tuple(function, result, *numbers, *relations).free_symbols - {variable}
        symbols = sorted(free, key=str)
        try:
            evaluate = sp.lambdify([variable, *symbols], function, "mpmath", cse=True)
            evaluate_numbers = sp.lambdify(symbols, [result, *numbers], "mpmath", cse=True)
            # Where a sign is open, draws with plus, with minus and with mixed signs; else two.
            needed = 2 + any(not symbol.is_nonnegative for symbol in symbols) if symbols else 1
            for values in _draws(symbols, relations):
                with mpmath.workdps(_LIMIT_DIGITS):
                    drawn = [mpmath.mpmathify(value) for value in values]
                    expected, *ends = map(mpmath.mpmathify, evaluate_numbers(*drawn))
                if mpmath.isnan(expected):  # outside of the conditions of a Piecewise
                    continue
                holds, number = agrees(lambda x, drawn=drawn: evaluate(x, *drawn), expected, *ends)
                if not holds:
                    point = ", ".join(f"{symbol} = {value}" for symbol, value in zip(symbols, values, strict=True))
                    raise NuemError(
                        f"{what} is not {_short(result)}: {'at ' + point if point else 'numerically'} this gives "
                        f"{mpmath.nstr(expected, 8)}, the numbers {mpmath.nstr(number, 8)}; derive it in another way"
                    )
                needed -= 1
                if not needed:
                    return
        except _FAILURES as error:
            if isinstance(error, NuemError):
                raise
            raise _unchecked(what, f"{type(error).__name__}: {error}") from error
    raise _unchecked(what, "it is a number at none of the values that the assumptions and the conditions allow")


def _unchecked(what: str, reason: str) -> NuemError:
    return NuemError(
        f"{what} can't be checked numerically ({reason}); "
        "say in where= what the symbols obey, or derive it in another way and show its check"
    )


def _answer(what: str, result: Any) -> sp.Expr:
    """Sympy's answer; where it holds under conditions only, the other case is not a number."""
    result = sp.sympify(result)
    unsolved = (sp.Integral, sp.Sum, sp.Limit, sp.AccumBounds)
    if isinstance(result, unsolved) or (result.has(*unsolved) and not result.has(sp.Piecewise)):
        raise NuemError(f"{what} has no answer from sympy; derive it in another way and show its check")
    return result.replace(lambda part: isinstance(part, unsolved), lambda part: sp.nan)


def _near(value: Any, expected: Any, scale: Any = 0) -> bool:
    finite = mpmath.isfinite(value) and mpmath.isfinite(expected)
    return bool(finite) and abs(value - expected) <= _TOLERANCE * max(abs(expected), scale)


def _area_agrees(function: Callable[[Any], Any], expected: Any, lower: Any, upper: Any) -> tuple[bool, Any]:
    """Integrate with two sets of nodes; only where they agree there is an integral to compare with."""
    inner = _inside(lower, upper)
    for digits, more_digits in _DIGITS:
        with mpmath.workdps(digits):
            whole = mpmath.quad(function, [lower, upper])
        # More digits move the outermost nodes, too, which shows a logarithmic divergence at an end.
        with mpmath.workdps(more_digits):
            parts = mpmath.quad(function, [lower, inner]), mpmath.quad(function, [inner, upper])
            scale = sum(map(abs, parts))
            if mpmath.isfinite(scale) and abs(whole - sum(parts)) <= _CONVERGENCE * scale:
                return _near(whole, expected, scale), whole
    raise ArithmeticError("two sets of nodes disagree: it diverges, has a pole, or oscillates without end")


def _inside(lower: Any, upper: Any) -> Any:
    if mpmath.isinf(lower) and mpmath.isinf(upper):
        return _SPLIT
    if mpmath.isinf(upper):
        return lower + 1 + _SPLIT
    if mpmath.isinf(lower):
        return upper - 1 - _SPLIT
    return lower + _SPLIT * (upper - lower)


def _limit_agrees(sign: int, function: Callable[[Any], Any], expected: Any, point: Any) -> tuple[bool, Any]:
    """Go to the point in steps that double the exponent of the distance; far further if a logarithm slows it down."""
    with mpmath.workdps(_LIMIT_DIGITS):
        far, *near = (function(place) for place in _places(sign, point, _DISTANCES))
        last = near[-1]
        if mpmath.isinf(expected):
            growing = [mpmath.re(value) * mpmath.sign(expected) for value in near]
            return growing[0] > 0 and all(y > _GROWTH * x for x, y in itertools.pairwise(growing)), last
        nothing = abs(expected) <= _ROUNDING
        scale = min(abs(far), 1) + _ROUNDING / _TOLERANCE if nothing else 0
        if _near(last, expected, scale):
            return True, last
    with mpmath.workdps(4 * _LIMIT_DIGITS):
        # Powers of 1/ln(distance) halve, quarter, … from step to step: Richardson's extrapolation removes them.
        values = [function(place) for place in _places(sign, point, _FAR_DISTANCES)]
        for power in range(1, len(values)):
            values = [(2**power * later - former) / (2**power - 1) for former, later in itertools.pairwise(values)]
        return _near(values[0], expected, scale), values[0]


def _places(sign: int, point: Any, distances: Iterable[Any]) -> list[Any]:
    if mpmath.isinf(point):
        return [mpmath.sign(point) / distance for distance in distances]
    return [point + sign * distance for distance in distances]


def _sum_agrees(function: Callable[[Any], Any], expected: Any, first: Any, last: Any) -> tuple[bool, Any]:
    """Add up the terms; an infinite sum is extrapolated from two places."""
    with mpmath.workdps(_DIGITS[0][0]):
        first = int(first)
        if not mpmath.isinf(last):
            terms = [function(mpmath.mpf(index)) for index in range(first, int(last) + 1)]
            return _near(mpmath.fsum(terms), expected, max(map(abs, terms), default=0)), mpmath.fsum(terms)
        later = first + 7
        total = mpmath.nsum(function, [first, mpmath.inf])
        again = mpmath.fsum(function(mpmath.mpf(index)) for index in range(first, later))
        again += mpmath.nsum(function, [later, mpmath.inf])
        if not mpmath.isfinite(total) or abs(total - again) > _CONVERGENCE * abs(total):
            raise ArithmeticError("two extrapolations disagree: it diverges or converges too slowly")
        return _near(total, expected), total


# -- values of the free symbols ----------------------------------------------------------------------------------------


def _relations(where: Any) -> list[Any]:
    return list(where) if isinstance(where, (list, tuple)) else [where]


def _draws(symbols: Sequence[sp.Symbol], relations: Iterable[Any]) -> Iterator[list[sp.Expr]]:
    """Values that the assumptions and the relations allow: first positive, then negative, then mixed."""
    source = random.Random(1)
    condition = sp.And(*relations)
    for attempt in range(_ATTEMPTS):
        values = [_draw(symbol, source, attempt) for symbol in symbols]
        if condition.subs(dict(zip(symbols, values, strict=True))) == True:  # noqa: E712  a sympy truth value
            yield values


def _draw(symbol: sp.Symbol, source: random.Random, attempt: int) -> sp.Expr:
    fraction, whole = sp.Rational(source.randint(30, 300), 101), sp.Integer(source.randint(1, 5))
    sign = (1, -1)[attempt] if attempt < 2 else source.choice((1, -1))
    sizes = (fraction, whole, 2 * whole, 2 * whole - 1, sp.I * fraction)
    for value in (sign * size * turn for size in sizes for turn in (1, -1)):
        if all(getattr(value, f"is_{fact}", None) == holds for fact, holds in symbol.assumptions0.items()):
            return value
    raise ValueError(f"no value is known that fits the assumptions of the symbol {symbol}")


def _short(expression: Any) -> str:
    text = str(expression)
    return text if len(text) <= 120 else f"{text[:120]}…"


@contextlib.contextmanager
def _clock() -> Iterator[None]:
    global seconds
    started = time.perf_counter()
    try:
        yield
    finally:
        seconds += time.perf_counter() - started
