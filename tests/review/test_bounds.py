"""Limits, intervals, measurements and regions: what each may say, and how it stands in print."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nuem.errors import NuemError
from nuem.review.bounds import from_row, of_kind, to_row
from nuem.review.inputs import CHECKED
from scipy.stats import norm

INPUT = {
    "name": "mass",
    "value": 2.0,
    "error": 0.1,
    "unit": "keV",
    "source": "book",
    "where": "p. 1",
    "checked": "source",
    "elasticity": 0.5,
    "contribution": 0.025,
    "overridden": False,
}
CURVE = {"x": [1.0, 2.0], "lower": [1e-9, None], "upper": [1e-6, 1e-5], "units": {"x": "eV", "y": "1"}}
KINDS = {
    "limit": {"value": 1e-6},
    "measurement": {"value": 1.0, "error": 0.1},
    "interval": {"lower": -1.0, "upper": 2.0},
    "region": {"curve": CURVE},
}


def bound(kind="limit", **fields):
    common = {"id": "charge/today", "title": "a bound", "parameter": "|ε|", "unit": "1", "vintage": "today"}
    return of_kind(**{**common, "kind": kind, **KINDS.get(kind, {}), **fields})


def sensitivity(value=1e-6, cl=0.9, sided=2, **fields):
    return bound(value=value, cl=cl, sided=sided, cl_method="sensitivity", **fields)


# -- what a bound may say --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "limt", "value": 1.0}, "unknown kind; did you mean limit"),
        ({"vintage": "todya"}, "unknown vintage; did you mean today"),
        ({"origin": "quotd"}, "unknown origin; did you mean quoted"),
        ({"origin": "printed"}, "what the vintage 'published' holds is 'printed', and nothing else is"),
        ({"vintage": "published"}, "what the vintage 'published' holds is 'printed', and nothing else is"),
        ({"assumes": ("parafoton",)}, "unknown assumption; did you mean paraphoton"),
        ({"cl": 0}, "confidence level 0 is not a fraction between 0 and 1"),
        ({"cl": 1}, "confidence level 1 is not a fraction"),
        ({"cl": 90}, "confidence level 90 is not a fraction"),
        ({"cl": math.nan}, "confidence level nan is not a fraction"),
        ({"sided": 3}, r"sided is 3; a limit is one-sided \(1\) or two-sided \(2\)"),
        ({"error": -1e-9}, "uncertainty -1e-09 is negative"),
        ({"value": None}, "a limit takes value, given: nothing"),
        ({"lower": 0.0}, "a limit takes value, given: lower and value"),
        ({"curve": CURVE}, "a limit takes value, given: curve and value"),
        ({"kind": "measurement", "error": None}, r"needs its uncertainty \(error\); a limit is another kind"),
        ({"kind": "interval", "lower": None}, "an? interval takes lower and upper, given: upper"),
        ({"kind": "interval", "lower": 2.0}, "lower end 2.0 is not below the upper end 2.0"),
        ({"kind": "region", "curve": {**CURVE, "x": [2.0, 1.0]}}, "x is not sorted"),
        ({"kind": "region", "curve": {**CURVE, "x": [], "lower": [], "upper": []}}, "the region is empty"),
        ({"kind": "region", "curve": {**CURVE, "lower": [1.0]}}, "lower has 1 points for 2 x"),
        ({"kind": "region", "curve": {"x": [1.0]}}, "a curve has x, lower, upper and units"),
    ],
)
def test_each_mistake_in_a_bound_is_named(fields, message):
    with pytest.raises(NuemError, match=f"^bound charge/.*{message}"):
        bound(**fields)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("kind", "name"),
    [("limit", "value"), ("limit", "error"), ("measurement", "error"), ("interval", "lower"), ("interval", "upper")],
)
def test_no_number_of_a_bound_is_anything_but_finite(kind, name, number):
    with pytest.raises(NuemError, match=r"^bound charge/today: "):
        bound(kind, **{name: number})


@pytest.mark.parametrize("number", [math.nan, math.inf])
@pytest.mark.parametrize("edge", ["x", "lower", "upper"])
@pytest.mark.parametrize("position", [0, 1])
def test_no_number_of_a_curve_is_anything_but_finite(edge, position, number):
    row = list(CURVE[edge])
    row[position] = number
    with pytest.raises(NuemError, match=r"^bound charge/today: the curve's"):
        bound("region", curve={**CURVE, edge: row})


@pytest.mark.parametrize("name", ["value", "error", "elasticity"])
def test_no_number_of_an_input_is_not_a_number(name):
    with pytest.raises(NuemError, match="charge/today"):
        bound(inputs=({**INPUT, name: math.nan},))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_survives_the_way_through_json(kind):
    original = bound(kind, cl=0.9, sided=2, inputs=(INPUT,))
    stored = json.dumps(to_row(original), allow_nan=False)
    assert from_row(json.loads(stored)) == original


# -- print -----------------------------------------------------------------------------------------------------------


@given(st.floats(1e-30, 1e30), st.floats(0, 1))
def test_a_limit_is_never_printed_as_a_measurement(value, relative_error):
    text = bound(value=value, error=relative_error * value).value_text()
    assert text.startswith("|ε| < ")
    assert "±" not in text and "=" not in text and "(" not in text


def test_each_kind_in_print():
    assert bound(value=2.5835e-6, unit="mu_B").value_text() == "|ε| < 2.6 × 10⁻⁶ μ_B"
    assert bound("measurement", unit="keV").value_text() == "|ε| = 1.00 ± 0.10 keV"
    assert bound("interval").value_text() == "−1.0 < |ε| < 2.0"
    assert "region" in bound("region").value_text()


def test_a_published_limit_is_shown_as_printed(made_up_claims):
    text = bound(
        id="charge/published", vintage="published", origin="printed", value=1e-3, claim="made-up/power"
    ).value_text()
    assert text == "|ε| < 10⁻³"


@pytest.mark.parametrize(
    ("cl", "text"), [(0.9, "90 % CL, one-sided"), (0.95, "95 % CL, one-sided"), (None, "no CL stated")]
)
def test_a_confidence_level_in_print(cl, text):
    assert bound(cl=cl, sided=1).cl_text() == text


@pytest.mark.parametrize("kind", ["limit", "region"])
@pytest.mark.parametrize(
    ("sided", "text"), [(1, "one-sided"), (2, "two-sided"), (None, "one- or two-sided not stated")]
)
def test_a_level_says_whether_it_is_one_or_two_sided(kind, sided, text):
    assert bound(kind, cl=0.9, sided=sided).cl_text() == f"90 % CL, {text}"


def test_both_ends_of_an_interval_need_no_word_about_sides():
    assert bound("interval", cl=0.9, sided=2).cl_text() == "90 % CL"


def test_a_label_says_the_construction():
    assert bound(cl=0.9, cl_method="one-sided score test").cl_text() == "90 % CL, one-sided score test"
    assert bound(cl=None, cl_method="prediction").cl_text() == "prediction"
    assert bound("measurement", cl=0.683).cl_text() == "68 % CL, one standard deviation"


@pytest.mark.parametrize("cl", [0.9973, 0.999])
def test_no_confidence_level_is_printed_as_certainty(cl):
    assert bound(cl=cl).cl_text() != "100 % CL"


# -- regions ---------------------------------------------------------------------------------------------------------


def test_the_edges_of_a_region_are_straight_in_logarithms_and_end_where_it_ends():
    curve = {"x": [1.0, 100.0], "lower": [1e-8, 1e-4], "upper": [None, 1e-2], "units": {"x": "eV", "y": "1"}}
    region = bound("region", curve=curve)
    lower, upper = region.edges_at(np.array([0.9, 1.0, 10.0, 100.0, 101.0]), bottom=1e-30, top=1.0)
    assert lower == pytest.approx([math.nan, 1e-8, 1e-6, 1e-4, math.nan], nan_ok=True, rel=1e-9, abs=0)
    assert upper == pytest.approx([math.nan, 1.0, 0.1, 1e-2, math.nan], nan_ok=True)
    x, low, high = region.edges(bottom=1e-30, top=1.0)
    assert (list(x), list(low), list(high)) == ([1.0, 100.0], [1e-8, 1e-4], [1.0, 1e-2])


def test_what_a_bound_is_doesnt_hang_on_its_words():
    assert bound(origin="quoted").quoted
    assert not bound(valid="quoted; free electrons").quoted


def test_a_bound_knows_which_of_its_inputs_nobody_could_verify():
    used = [{**INPUT, "name": how or "reader's", "checked": how} for how in (*CHECKED, None)]
    assert bound(inputs=tuple(used)).unverified == ("memory", "none")


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_another_kind_has_is_none(kind):
    numbers = {name for name in ("value", "lower", "upper", "error", "curve") if getattr(bound(kind), name) is not None}
    assert numbers == set(KINDS[kind])
    with pytest.raises(AttributeError, match=f"a {kind} has no 'valu'"):
        _ = bound(kind).valu


# -- confidence levels -----------------------------------------------------------------------------------------------

levels = st.floats(0.51, 0.9999)


@given(levels, levels, st.sampled_from([1, 2]))
def test_a_limit_moved_to_another_level_and_back_is_the_same(cl, other, sided):
    original = sensitivity(cl=cl, sided=sided, error=1e-8)
    back = original.at_confidence(other).at_confidence(cl)
    assert back.value == pytest.approx(original.value, rel=1e-9)
    assert back.error == pytest.approx(original.error, rel=1e-9)
    assert back.cl == cl


@given(levels, levels)
def test_a_higher_level_is_a_weaker_limit(cl, other):
    moved = sensitivity(cl=cl).at_confidence(other)
    assert (moved.value >= 1e-6) == (other >= cl) or moved.value == pytest.approx(1e-6)


def test_a_limit_on_what_enters_squared_moves_with_the_root():
    ratio = sensitivity(cl=0.9).at_confidence(0.95, power=2).value / 1e-6
    assert ratio**2 == pytest.approx(norm.ppf(0.975) / norm.ppf(0.95))


@pytest.mark.parametrize("cl", [0, 1, 90, -0.5])
def test_a_level_is_a_fraction(cl):
    with pytest.raises(NuemError, match=f"level {cl} is not a fraction between 0 and 1"):
        sensitivity().at_confidence(cl)


@pytest.mark.parametrize(
    "fixed",
    [bound(cl=0.9, sided=2), sensitivity(cl=None), sensitivity(sided=None), bound("measurement", cl=0.9, sided=2)],
)
def test_only_a_sensitivity_with_a_level_can_be_moved(fixed):
    with pytest.raises(NuemError, match="charge/today: only a sensitivity with a stated CL"):
        fixed.at_confidence(0.95)


def test_the_stronger_limit_is_the_lower_one():
    assert sensitivity(1e-6).times_stronger(sensitivity(4e-6)) == pytest.approx(4)
    assert sensitivity(4e-6).times_stronger(sensitivity(1e-6)) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("name", "other"),
    [("cl", 0.95), ("cl", None), ("sided", 1), ("unit", "keV"), ("parameter", "μ_ν")],
)
def test_unlike_limits_are_not_compared(name, other):
    with pytest.raises(NuemError, match=f"charge/today and other/today can't be compared: {name} is .*convert one"):
        sensitivity().times_stronger(sensitivity(**{"id": "other/today", name: other}))


def test_two_levels_can_be_compared_after_an_explicit_step():
    ratio = sensitivity(cl=0.9).times_stronger(sensitivity(cl=0.95).at_confidence(0.9))
    assert ratio == pytest.approx(norm.ppf(0.95) / norm.ppf(0.975))


def test_measurements_have_no_order():
    with pytest.raises(NuemError, match="is a measurement; only limits have an order"):
        bound("measurement").times_stronger(bound("measurement"))
