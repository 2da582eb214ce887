"""Numbers as text: what is read, that all notations say the same, and what the others are told."""

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nuem.errors import NuemError
from nuem.review.numbertext import parse


@pytest.mark.parametrize(
    ("text", "value", "error"),
    [
        ("9e-9", 9e-9, 0),
        (9e-9, 9e-9, 0),
        (3, 3, 0),
        (" -1.5E-10 ", -1.5e-10, 0),
        ("1.5(3)e-10", 1.5e-10, 0.3e-10),
        ("(1.1 ± 2.1)e-9", 1.1e-9, 2.1e-9),
        ("(1.1 +/- 2.1)e-9", 1.1e-9, 2.1e-9),
        ("1.5e-10 ± 3e-11", 1.5e-10, 3e-11),
        ("-0.2e0 ± 0.8e-21", -0.2, 0.8e-21),
        ("1.5 ± 0.3", 1.5, 0.3),
        ("-1.5(3)", -1.5, 0.3),
        ("1165924(8.5)e-9", 1.165924e-3, 8.5e-9),
        ("500.1(1.9)", 500.1, 1.9),
        ("1.04(1.20)e-19", 1.04e-19, 1.20e-19),
        ("1.5(0)e-10", 1.5e-10, 0),
        ("(0 ± 8.5)e-9", 0, 8.5e-9),
        ("0e-999", 0, 0),
    ],
)
def test_a_number_and_its_uncertainty_are_read(text, value, error):
    assert parse(text, "here") == (value, error)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_as_number_and_as_text(value):
    assert parse(value, "here") == parse(repr(value), "here") == (value, 0.0)


def shifted(digits: int, decimals: int) -> str:
    """The integer `digits` times ten to the power -decimals, in full."""
    text = f"{abs(digits):0{decimals + 1}d}"
    return "-" * (digits < 0) + (f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text)


def notations(digits: int, error: int, decimals: int, power: int):
    """All accepted texts of (digits ± error) · 10^(power − decimals)."""
    value, size = shifted(digits, decimals), shifted(error, decimals)
    yield f"{value}({error})e{power}"
    if decimals:
        yield f"{value}({size})E{power:+03d}"
    for sign in ("±", " ± ", "+/-", " +/- "):
        yield f"({value}{sign}{size})e{power}"
        yield f"{value}e{power}{sign}{size}e{power}"
        yield f"{digits}e{power - decimals}{sign}{error}e{power - decimals}"
    if not power:
        yield from (f"{value}({error})", f"{value} ± {size}", f"({value} ± {size})")


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**6), st.integers(0, 12), st.integers(-250, 250) | st.just(0))
def test_all_notations_of_a_number_say_exactly_the_same(digits, error, decimals, power):
    value, size = float(f"{digits}e{power - decimals}"), float(f"{error}e{power - decimals}")
    for text in notations(digits, error, decimals, power):
        assert parse(text, "here") == (value, size), text


# Whatever a reader may type: pieces of numbers in any order.
PIECES = st.sampled_from(
    ["1", "0", "2.5", ".", "-", "+", "e-9", "E3", "(", ")", " ", "±", "+/-", "_", ",", "nan", "eV"]
)


@given(st.lists(PIECES, min_size=1, max_size=9).map("".join))
def test_no_power_of_ten_is_lost_and_no_uncertainty_invented(text):
    """An accepted text has an uncertainty only if it writes one, and each power of ten in it counts."""
    try:
        value, error = parse(text, "here")
    except NuemError:
        return
    assert math.isfinite(value) and math.isfinite(error) and error >= 0
    if not re.search(r"[(±]|\+/-", text):
        assert error == 0
    powers = re.findall(r"[eE][-+]?\d+", text)
    if len(powers) == 1:  # it scales both numbers
        scaled = parse(text.replace(powers[0], f"e{int(powers[0][1:]) + 5}"), "here")
        assert scaled == pytest.approx((value * 1e5, error * 1e5), rel=1e-12)


@given(PIECES, st.integers(-9, 9), st.integers(1, 99))
def test_an_uncertainty_is_never_dropped(_, digits, error):
    assume(digits)
    assert all(parse(text, "here")[1] > 0 for text in notations(digits, error, 3, 0))


@pytest.mark.parametrize(
    "bad",
    ["", "one", "1,5", "1.5(", "3 keV", "1e", "1_000", "010", "-01.5", "1:30", "0x10", "<0.19", "~3", "1.5 (3)", "٣"],
)
def test_what_is_not_a_number_is_named_with_an_example(bad):
    with pytest.raises(NuemError, match=r"^the place: .*is not a number.*write for instance 9e-9"):
        parse(bad, "the place")


@pytest.mark.parametrize("bad", [None, True, [1], {"value": 1}])
def test_what_is_not_even_text_is_named_with_an_example(bad):
    with pytest.raises(NuemError, match=r"^the place: .*is not a number; write for instance 9e-9"):
        parse(bad, "the place")


@pytest.mark.parametrize(
    "bad", ["1.5 ± -0.3", "1.5(-3)", "1.5 ± nan", "1.5(inf)", "nan ± 1", "1.5+0.3-0.2", "1.5(+3-2)", "1.5 +0.3 -0.2"]
)
def test_an_uncertainty_is_one_non_negative_number(bad):
    with pytest.raises(NuemError, match=r"^the place: .*one non-negative uncertainty; write for instance"):
        parse(bad, "the place")


@pytest.mark.parametrize(
    ("bad", "remedies"),
    [
        ("(1.5(3))e-10", ["1.5(3)e-10"]),
        ("(1.5)e-10", ["1.5e-10"]),
        ("1.5e-10(3)", ["1.5(3)e-10"]),
        ("-0.2 ± 0.8e-21", ["(-0.2 ± 0.8)e-21", "-0.2e0 ± 0.8e-21"]),
        ("1.2 +/- 2.1e-9", ["(1.2 ± 2.1)e-9", "1.2e0 ± 2.1e-9"]),
        ("1.5e-10 ± 0.3", ["(1.5 ± 0.3)e-10", "1.5e-10 ± 0.3e0"]),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_the_right_ways(bad, remedies):
    with pytest.raises(NuemError) as error:
        parse(bad, "here")
    written = re.findall(r"'([^']*)'", str(error.value))
    assert written == [bad, *remedies]
    for text in remedies:
        parse(text, "here")


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("−1.5e−10", "-1.5e-10"),
        ("1.5 × 10⁻¹⁰", "1.5e-10"),
        ("1.5x10^-10", "1.5e-10"),
        ("1.5*10**-10", "1.5e-10"),
        ("2·10³", "2e3"),
        ("10⁻⁶", "1e-6"),
        ("10^{-6}", "1e-6"),
        (r"1.5(3)\times 10^{-10}", "1.5(3)e-10"),
        ("(1.1 ± 2.1) × 10⁻⁹", "(1.1 ± 2.1)e-9"),
        (r"(1.1 \pm 2.1)\cdot10^{-9}", "(1.1 ± 2.1)e-9"),
        ("1.5(3) e-10", "1.5(3)e-10"),
        ("1.5 +- 0.3", "1.5 ± 0.3"),
    ],
)
def test_a_number_copied_from_print_is_refused_with_its_plain_form(printed, plain):
    with pytest.raises(NuemError) as error:
        parse(printed, "here")
    assert str(error.value).endswith(f"; write '{plain}'")
    assert parse(plain, "here")


@pytest.mark.parametrize("bad", ["10-6", "1,500", "1.5 e", "10 10^-6"])
def test_no_correction_is_guessed(bad):
    with pytest.raises(NuemError, match="write for instance 9e-9"):
        parse(bad, "here")


@pytest.mark.parametrize("bad", ["1.5(3) eV", "1.5(3)e-10 eV", "3 keV", "5%", "2 μ_B"])
def test_a_unit_has_a_field_of_its_own(bad):
    with pytest.raises(NuemError, match="a unit stands in the field unit"):
        parse(bad, "here")


@pytest.mark.parametrize(
    "bad", ["1e999", "-1e999", "1e-999", "1.5(3)e400", "1.5(3)e-400", "1 ± 1" + "0" * 400, "1e999999999"]
)
def test_what_a_float_would_turn_into_zero_or_infinity_is_refused(bad):
    with pytest.raises(NuemError, match=r"here: .* doesn't fit into a floating-point number; choose another unit"):
        parse(bad, "here")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 10**400])
def test_a_number_is_finite(bad):
    with pytest.raises(NuemError, match=r"here: .* is not a finite number"):
        parse(bad, "here")
