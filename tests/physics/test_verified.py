"""Sympy's answers compared with numbers: wrong ones are caught, right ones pass, what can't be checked is refused."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from nuem import NuemError
from nuem.physics import verified

x, y, b, k, m, q, t = sp.symbols("x y b k m q t", positive=True)
r = sp.Symbol("r", real=True)
z = sp.Symbol("z")  # without assumptions
n, last = sp.symbols("n N", integer=True, positive=True)


# -- sympy's answers that are wrong or were so, whatever the installed version says ------------------------------------

WRONG_INTEGRALS = [  # (integrand, range, an answer of sympy 1.14.0)
    (1 / (x**2 + (1 - x) * b), (x, 0, 1), 0),
    (x**2 * (1 - x) / (x**2 + (1 - x) * b), (x, 0, 1), sp.Rational(1, 2) - b),
    (x * (1 - x) * sp.log(1 - x * (1 - x) * t), (x, 0, 1), -sp.Rational(5, 18) - 2 / (3 * t)),
    (sp.log(m**2 - x * (1 - x) * q), (x, 0, 1), sp.log(m**2) - 2),
    (1 / (x**2 + b * x + 1), x, 0),
    (1 / (x**2 + r * x + 1), x, 0),
]


@pytest.mark.parametrize("function, one, wrong", WRONG_INTEGRALS)
def test_a_wrong_integral_is_caught(function, one, wrong):
    with pytest.raises(NuemError, match=r"the (integral|antiderivative) over x .* is not .* this gives .* the numbers"):
        verified.check_integral(function, one, wrong)


@pytest.mark.parametrize("function, one, wrong", WRONG_INTEGRALS)
def test_the_installed_sympy_answers_rightly_or_is_caught(function, one, wrong):
    # at b = t = q = m = 1 the range (0, 1) is free of poles
    try:
        answer = verified.integrate(function, one)
    except NuemError as error:
        assert "this gives" in str(error)
        return
    assert sp.simplify(answer - wrong) != 0


def test_the_lost_logarithm_has_the_known_value():
    right = 2 * sp.pi / sp.sqrt(27)  # x² − x + 1 from 0 to 1: 2/√3 · 2 arctan(1/√3)
    verified.check_integral(1 / (x**2 - x + 1), (x, 0, 1), right)
    with pytest.raises(NuemError, match=r"gives 0\.0, the numbers 1\.2091996"):
        verified.check_integral(1 / (x**2 - x + 1), (x, 0, 1), 0)


@pytest.mark.parametrize(
    "function, wrong, right",
    [
        (sp.coth(x) - 1 / x, -sp.oo, 0),
        (x * sp.coth(x) - 1, -1, 0),
        ((x - sp.sin(x)) / x**3, sp.Rational(1, 3), sp.Rational(1, 6)),
        (sp.log(x), 0, -sp.oo),
        (sp.log(x), sp.oo, -sp.oo),
        (sp.sqrt(x) + 2, 2 + sp.Rational(1, 10**6), 2),
        (b / (x + b), b, 1),
        ((2 + 3 * sp.log(x)) / (sp.log(x) - b), 2, 3),  # no faster than a logarithm
    ],
)
def test_a_wrong_limit_is_caught_and_the_right_one_passes(function, wrong, right):
    with pytest.raises(NuemError, match=r"the limit x → 0 of .* is not"):
        verified.check_limit(function, x, 0, sp.sympify(wrong))
    verified.check_limit(function, x, 0, sp.sympify(right))


def test_a_limit_has_a_side():
    verified.check_limit(sp.Abs(r) / r, r, 0, sp.Integer(-1), "-")
    for side in ("+", "+-"):
        with pytest.raises(NuemError, match="is not -1"):
            verified.check_limit(sp.Abs(r) / r, r, 0, sp.Integer(-1), side)
    assert verified.limit(sp.sqrt(m**2 - x**2) / b, x, m, "-") == 0


@pytest.mark.parametrize("wrong", [sp.zeta(2), sp.zeta(3) + sp.Rational(1, 10**6), sp.oo])
def test_a_wrong_sum_is_caught(wrong):
    with pytest.raises(NuemError, match="the sum over n from 1 to oo of"):
        verified.check_sum(n**-3, (n, 1, sp.oo), wrong)
    verified.check_sum(n**-3, (n, 1, sp.oo), sp.zeta(3))


def test_a_wrong_series_is_caught():
    right = sp.sqrt(1 + m * x).series(x, 0, 3)
    verified.check_series(sp.sqrt(1 + m * x), x, 0, 3, right)
    for wrong in (right + x**2 / 10**5, right + x / 10**5, right.removeO() - 1, 1 + m * x / 2 + sp.O(x**3)):
        with pytest.raises(NuemError, match="is not 0"):
            verified.check_series(sp.sqrt(1 + m * x), x, 0, 3, wrong)


def test_an_error_that_shows_for_one_sign_only_is_caught():
    with pytest.raises(NuemError, match="r = -"):
        verified.check_integral(sp.exp(-(r**2) * x), (x, 0, sp.oo), 1 / (r * sp.Abs(r)))
    with pytest.raises(NuemError):
        verified.check_integral(x * sp.sqrt(r**2), (x, 0, 1), r / 2)
    verified.check_integral(x * sp.sqrt(r**2), (x, 0, 1), sp.Abs(r) / 2)


# -- right answers pass ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function, ranges, right",
    [
        (sp.exp(-b * x**2), [(x, -sp.oo, sp.oo)], sp.sqrt(sp.pi / b)),
        (x**n * sp.exp(-x), [(x, 0, sp.oo)], sp.gamma(n + 1)),
        (1 / sp.sqrt(1 - x), [(x, 0, 1)], 2),
        (sp.log(x), [(x, 0, b)], b * sp.log(b) - b),
        (r**3, [(r, -1, 1)], 0),
        (x * y**2, [(y, 0, 1 - x), (x, 0, 1)], sp.Rational(1, 60)),
        (1 / x, [x], sp.log(x)),
        (1, [(x, 0, b)], b),
    ],
)
def test_right_integrals_pass(function, ranges, right):
    assert sp.simplify(verified.integrate(function, *ranges) - right) == 0


def test_right_sums_pass():
    assert verified.summation((-1) ** (n + 1) / n**2, (n, 1, sp.oo)) == sp.pi**2 / 12
    assert sp.expand(verified.summation(n**2, (n, 1, last)) - last * (last + 1) * (2 * last + 1) / 6) == 0
    assert verified.summation(b**n, (n, 1, sp.oo), where=b < 1).has(b / (1 - b))


def test_an_answer_under_conditions_is_checked_where_they_hold():
    answer = verified.integrate(sp.exp(-z * y), (y, 0, sp.oo))
    assert answer.has(1 / z)
    with pytest.raises(NuemError, match="is not"):
        verified.check_integral(sp.exp(-z * y), (y, 0, sp.oo), answer.subs(1 / z, 2 / z))


COEFFICIENTS = st.integers(-4, 4)
POSITIVE = st.integers(1, 4)


@settings(max_examples=25)
@given(st.lists(COEFFICIENTS, min_size=1, max_size=5), st.sampled_from([b, r, sp.Integer(1)]))
def test_no_false_alarm_on_polynomials(coefficients, symbol):
    function = sum(c * symbol ** (i % 3) * x**i for i, c in enumerate(coefficients))
    right = sum(c * symbol ** (i % 3) / sp.Integer(i + 1) for i, c in enumerate(coefficients))
    assert sp.expand(verified.integrate(function, (x, 0, 1)) - right) == 0
    assert verified.limit(function, x, 1).equals(function.subs(x, 1) if coefficients[1:] else function)
    verified.check_series(function, x, 0, 2, verified.series(function, x, 0, 2) + sp.O(x**2))


@settings(max_examples=25)
@given(COEFFICIENTS, COEFFICIENTS, POSITIVE, POSITIVE, POSITIVE)
def test_no_false_alarm_on_rational_functions(c, d, shift, other, scale):
    # A denominator without a zero in the range, its integral known by partial fractions and by hand.
    linear = (c + d * x) / (shift * b + scale * x)
    by_hand = sp.Rational(d, scale) + (c - sp.Rational(d, scale) * shift * b) / scale * sp.log(
        (shift * b + scale) / (shift * b)
    )
    verified.check_integral(linear, (x, 0, 1), by_hand)
    irreducible = (c + d * r) / (r**2 + other**2)
    by_hand = c * sp.atan(r / other) / other + sp.Rational(d, 2) * sp.log(r**2 + other**2)
    verified.check_integral(irreducible, r, by_hand)
    verified.check_integral(irreducible, (r, -1, b), by_hand.subs(r, b) - by_hand.subs(r, -1))
    if c:
        with pytest.raises(NuemError, match="is not"):
            verified.check_integral(irreducible, r, sp.Rational(d, 2) * sp.log(r**2 + other**2))


# -- what can't be checked is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function, one, claimed",
    [
        (1 / r, (r, -1, 1), 0),  # a principal value
        (1 / r, (r, -1, 2), sp.log(2)),
        (1 / (1 - 2 * r), (r, -1, 1), sp.log(3) / 2),  # a pole off the middle
        (1 / r**2, (r, -1, 1), -2),
        (1 / x, (x, 0, 1), sp.oo),
        (1 / x, (x, 1, sp.oo), 5),
        (x / (x**2 + b * x + 1), (x, 0, sp.oo), 0),  # diverges as a logarithm
        (sp.sin(k * x), (x, 0, sp.oo), 1 / k),
        (sp.Function("f")(x), (x, 0, 1), b),
        (sp.DiracDelta(1 - r), (r, 0, 1), 1),
        (sp.exp(-x), (x, 0, 1), sp.nan),
    ],
)
def test_an_integral_without_a_numerical_value_is_refused(function, one, claimed):
    with pytest.raises(NuemError, match=r"can't be checked numerically.*derive it in another way"):
        verified.check_integral(function, one, claimed)


def test_what_sympy_leaves_open_is_refused():
    for attempt in (
        lambda: verified.integrate(x**x, (x, 0, 1)),
        lambda: verified.integrate(sp.sin(k * x), (x, 0, sp.oo)),
        lambda: verified.limit(sp.sin(x), x, sp.oo),
        lambda: verified.summation(sp.sin(n**3) / n**4, (n, 1, sp.oo)),
    ):
        with pytest.raises(NuemError, match="has no answer from sympy"):
            attempt()


def test_a_sum_that_diverges_and_a_limit_that_does_not_exist_are_refused():
    with pytest.raises(NuemError):
        verified.check_sum(1 / n, (n, 1, sp.oo), sp.Integer(20))
    with pytest.raises(NuemError):
        verified.check_limit(sp.sin(1 / x), x, 0, sp.Integer(0))


def test_conditions_keep_the_draws_where_a_result_holds():
    function, right = 1 / sp.sqrt(m**2 - x**2), sp.asin(q / m)
    verified.check_integral(function, (x, 0, q), right, where=q < m)
    verified.check_integral(function, (x, 0, q), right, where=[q < m, m < 2])
    with pytest.raises(NuemError, match="at none of the values"):
        verified.check_integral(function, (x, 0, q), right, where=[q < m, m < q])


@pytest.mark.parametrize(
    "assumptions, holds",
    [
        ({"positive": True}, lambda v: v > 0),
        ({"negative": True}, lambda v: v < 0),
        ({"integer": True}, lambda v: v == int(v)),
        ({"even": True}, lambda v: v % 2 == 0),
        ({"odd": True}, lambda v: v % 2 == 1),
        ({"nonzero": True, "real": True}, lambda v: v != 0),
        ({"imaginary": True}, lambda v: sp.re(v) == 0),
        ({}, lambda v: True),
    ],
)
def test_draws_obey_the_assumptions(assumptions, holds):
    symbol = sp.Symbol("s", **assumptions)
    drawn = [values[0] for values, _ in zip(verified._draws([symbol], []), range(40), strict=False)]
    assert all(holds(value) for value in drawn) and len(set(drawn)) > 3
    if not assumptions:
        assert min(drawn) < 0 < max(drawn)


def test_a_symbol_that_nothing_fits_is_named():
    impossible = sp.Symbol("s", transcendental=True)
    with pytest.raises(NuemError, match="assumptions of the symbol s"):
        verified.check_integral(impossible * x, (x, 0, 1), impossible / 2)


def test_the_time_is_counted():
    before = verified.seconds
    verified.integrate(x, (x, 0, 1))
    assert verified.seconds > before


def test_the_same_call_draws_the_same_values():
    def message():
        with pytest.raises(NuemError) as error:
            verified.check_integral(b * q * x, (x, 0, 1), b)
        return str(error.value)

    assert message() == message()
