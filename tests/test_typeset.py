"""Typeset numbers: what a reader reads back is what the computer meant."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nuem import typeset
from nuem.review.inputs import parse

PLAIN = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
magnitudes = st.floats(min_value=1e-290, max_value=1e290)
numbers = st.builds(lambda size, sign: sign * size, magnitudes, st.sampled_from([1, -1]))


def read_back(text):
    """The value and the uncertainty that a typeset text states."""
    return parse(text.replace(" × 10", "e").translate(PLAIN), "typeset text")


@given(numbers, st.integers(1, 9))
def test_a_number_reads_back_to_within_half_a_unit_of_its_last_digit(value, digits):
    exact = Decimal(value)
    half_a_unit = Decimal(5).scaleb(exact.adjusted() - digits)
    back, error = read_back(typeset.number(value, digits))
    assert error == 0
    assert abs(Decimal(back) - exact) <= half_a_unit * Decimal("1.000001")


@given(numbers, st.integers(1, 9))
def test_a_number_never_has_a_computer_exponent_or_a_hyphen(value, digits):
    assert re.fullmatch(r"−?[0-9.]+( × 10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", typeset.number(value, digits))


@given(st.floats(min_value=1e-200, max_value=9e-4), st.integers(1, 9))
def test_a_number_with_a_power_of_ten_has_as_many_digits_as_asked_for(value, digits):
    mantissa = typeset.number(value, digits).partition(" × ")[0]
    assert len(mantissa.replace(".", "")) == digits


@given(numbers)
def test_a_negative_number_is_the_positive_one_after_a_true_minus(value):
    assert typeset.number(-abs(value)) == "−" + typeset.number(abs(value))


@given(
    st.floats(min_value=1e-200, max_value=1e200),
    st.sampled_from([1, -1]),
    st.floats(min_value=-9, max_value=3).map(lambda power: 10**power),
)
def test_a_value_and_its_error_read_back_to_within_the_error_s_second_digit(size, sign, ratio):
    value, error = sign * size, size * ratio
    back, back_error = read_back(typeset.with_error(value, error))
    half_a_unit = 0.05 * error
    assert abs(back_error - error) <= half_a_unit * (1 + 1e-6)
    assert abs(back - value) <= half_a_unit * (1 + 1e-6) + 1e-14 * size


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.0, 2e-9, "(0.0 ± 2.0) × 10⁻⁹"),
        (1234.0, 150.0, "1234 ± 150"),
        (-3.0, 0.5, "−3.00 ± 0.50"),
        (1.25e-3, 1e-7, "1.25000(10) × 10⁻³"),
        (2.0, 0.0, "2.0"),
    ],
)
def test_a_value_with_its_error_as_worked_out_by_hand(value, error, text):
    assert typeset.with_error(value, error) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (9.96, 2, "10"),
        (0.00999, 2, "0.010"),
        (9.996e-6, 3, "1.00 × 10⁻⁵"),
        (1234.0, 2, "1200"),
        (12345.0, 2, "1.2 × 10⁴"),
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (float("-inf"), 2, "−∞"),
    ],
)
def test_a_number_as_rounded_by_hand(value, digits, text):
    assert typeset.number(value, digits) == text


def test_what_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        typeset.number(float("nan"))


def test_an_error_that_is_not_a_number_is_refused_rather_than_hidden():
    with pytest.raises(ValueError):
        typeset.with_error(1.0, float("nan"))


@given(st.integers(-400, 400))
def test_a_power_of_ten_reads_back(exponent):
    assert int(typeset.power_of_ten(exponent).removeprefix("10").translate(PLAIN)) == exponent


def test_a_unit_has_raised_exponents_and_the_dimensionless_one_is_silent():
    assert typeset.join("3.0", "kg m^2 s^-1") == "3.0 kg m² s⁻¹"
    assert typeset.join("3.0", "mu_B") == "3.0 μ_B"
    assert typeset.join("3.0", "1") == "3.0"
