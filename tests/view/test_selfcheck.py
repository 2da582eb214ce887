"""Sealed answers: nobody reads them, right ones are found right up to the edge, mistakes are told by their kind."""

import json
import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from nuem.notebook import solutions
from nuem.physics import named_units
from nuem.physics.named_units import unit_of, units_like
from nuem.review.formulas import plain_name
from nuem.view import selfcheck
from nuem.view.selfcheck import RIGHT, UNCLEAR, WAITING, WRONG

X, M = sp.symbols("x m_e", positive=True)


def seal(value, *, sides=False, **how):
    return selfcheck.sealed(solutions.answer("some-exercise", value, **how), sides=sides)


def said(value, answer, **how):
    return selfcheck.judged(seal(value, **how), answer)


# -- numbers -----------------------------------------------------------------------------------------------------------


@given(
    st.floats(1e-45, 1e45),
    st.sampled_from([1e-6, 0.01, 0.05, 0.3, 1.0, 9.0]),
    st.floats(-3, 3),
    st.sampled_from([1, -1]),
)
def test_a_number_is_right_within_its_tolerance_and_wrong_beyond_wherever_it_lies(value, within, away, sign):
    answer = sign * value * (1 + within) ** away
    if abs(abs(away) - 1) > 1e-3:
        expected = RIGHT if abs(away) < 1 else WRONG
        assert said(sign * value, answer, within=within).verdict == expected
    assert said(sign * value, -answer, within=within).verdict == WRONG


def test_the_answer_is_not_in_its_seal_and_a_seal_says_nothing_of_the_size():
    kept = json.dumps(seal(3.217e-12, within=0.05, mistakes={"you forgot the threshold": 6.66e-12}))
    for telling in ("3.2", "6.6", "e-12", "threshold"):
        assert telling not in kept
    step = math.log1p(0.05) * 2
    other = 3.217e-12 * math.exp(17 * step)  # lies as far behind the beginning of its step
    assert seal(other, within=0.05)["phases"] == pytest.approx(seal(3.217e-12, within=0.05)["phases"], abs=1e-5)
    assert seal(other, within=0.05)["hash"] != seal(3.217e-12, within=0.05)["hash"]


def test_two_exercises_with_one_answer_have_different_seals():
    one, other = (selfcheck.sealed(solutions.answer(label, 4.0))["hash"] for label in ("one", "other"))
    assert one != other
    assert one != selfcheck.sealed(solutions.answer("one", 4.0, part="b"))["hash"]


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2, "a factor of 2"),
        (0.5, "a factor of 2"),
        (math.pi, "a factor of π"),
        (1 / (4 * math.pi), "a factor of 4π"),
        (math.sqrt(4 * math.pi), "Gaussian and Heaviside–Lorentz"),
        (1.2815516 / 1.6448536, "one- and a two-sided limit at 90 %"),
        (1.96 / 1.64485, "one- and a two-sided limit at 95 %"),
        (-1, "another sign"),
        (1e6, "a power of ten"),
        (1e-24, "a power of ten"),
    ],
)
def test_typical_mistakes_are_named_and_nothing_more(factor, words):
    found = said(3.217e-12, 3.217e-12 * factor, within=0.02, sides=True)
    assert found.verdict == WRONG and words.lower() in found.words.lower()
    assert "3.2" not in found.words


def test_only_an_exercise_about_levels_is_told_of_sides():
    for factor in selfcheck.SIDES.values():
        for answer in (3.2 * factor, 3.2 / factor):
            assert "sided" in said(3.2, answer, within=0.05, sides=True).words
            assert said(3.2, answer, within=0.05).words == "Not yet: the book finds another number."


@pytest.mark.parametrize(
    ("unit", "answer", "words"),
    [
        ("yr", 3.0 * 31557600.0, "Another unit (s)"),
        ("keV", 3.0 * 1.602176634e-16, "Another unit (J)"),
        ("keV", 3000.0, "A power of ten (look at the units)"),
        ("1", 3.0 * 31557600.0, "the book finds another number"),
    ],
)
def test_a_number_in_another_unit_of_the_kind_is_told(unit, answer, words):
    assert words in said(3.0, answer, unit=unit, within=0.005).words


@pytest.mark.parametrize(
    ("power", "words"), [(2, "A square or a root"), (0.5, "A square or a root"), (-1, "A factor of 2π or an inverse")]
)
def test_a_square_a_root_and_an_inverse_are_named(power, words):
    answer = 0.4 if power == -1 else 7.3  # 2.5 is 2π times 0.4, within a percent
    assert said(answer, answer**power).words.startswith(f"Not yet. {words} would explain it.")


def test_a_tolerance_that_cannot_tell_a_factor_does_not_name_it():
    assert "factor of 2" in said(3.0, 6.0, within=0.2).words
    assert "factor" not in said(3.0, 6.0, within=0.5).words


def test_the_exercise_knows_its_own_mistakes_best():
    mistakes = {"you took the paper's threshold.": 6.0}
    found = said(3.0, 6.1, within=0.05, mistakes=mistakes)
    assert found.words == "Not yet: you took the paper's threshold."
    assert said(3.0, 17.0, within=0.05, mistakes=mistakes).words == "Not yet: the book finds another number."


# -- what can't be judged ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, ...])
def test_no_answer_waits(nothing):
    assert said(3.0, nothing, unit="keV") == selfcheck.Judged(WAITING, "No answer yet: it waits for a number in keV.")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("three keV", "'three keV' can't be read"),
        ("3 × 103 eV", "'3 × 103 eV' can't be read"),
        ("3.1e2 1", "'3.1e2 1' can't be read"),
        ("3 000 keV", "'3 000 keV' can't be read"),
        ("3,0 keV", "write a point before the decimals, and no commas"),
        ((3, 0), "not (3, 0); give one, with a point before its decimals"),
        ("3 parrots", "the unit 'parrots' is not known"),
        ("3 cm", "cm doesn't measure what is asked for; give it in keV"),
        ((3.0, "s"), "s doesn't measure"),
        ([3.0], "wants one number"),
        (np.array([3.0, 4.0]), "wants one number"),
        ({"a": 3.0}, "wants one number"),
        (X * 3, "symbols are left in 3*x"),
        (True, "wants a number in keV, not True"),
        (float("nan"), "wants a number in keV, not nan"),
        (3 + 4j, "wants a number in keV"),
        (print, "wants a number in keV"),
    ],
)
def test_what_is_no_number_gets_a_sentence(answer, words):
    found = said(3.0, answer, unit="keV")
    assert found.verdict == UNCLEAR and words in found.words.replace("The unit", "the unit")


@pytest.mark.parametrize(
    "answer",
    [
        3,
        3.0,
        np.float64(3),
        sp.Rational(6, 2),
        "3",
        "3 keV",
        "3.0e3 eV",
        "3 × 10^3 eV",
        "0.003 MeV",
        (3000, "eV"),
        "3keV",
        "3 keV/c²",
        "3·10⁰ keV",
        "3000 10^0 eV",
        "3e-12 PeV",
    ],
)
def test_a_number_comes_in_many_forms(answer):
    assert said(3.0, answer, unit="keV").verdict == RIGHT


def test_who_wants_a_number_without_a_unit_is_not_shown_one():
    words = "'2/3' can't be read; write a number such as 3.2e-12 or 2/3, without quotation marks."
    assert said(0.5, "2/3").words == words


def test_a_zero_is_wrong_without_a_fault():
    assert said(3.0, 0).words == "Not yet: the book finds another number."


# -- units -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "size", "other"),
    [
        ("pb", 1e-36, "cm^2"),
        ("MHz", 1e6, "s^-1"),
        ("yr", 31557600.0, "s"),
        ("kg m^-3", 1e-3, "g cm^-3"),
        ("erg", 1e-7, "J"),
        ("t yr", 1e3, "kg yr"),
        ("e", 1.0, "e0"),
        ("μ_B", 1.0, "mu_B"),
        ("%", 0.01, "1"),
        ("cm2", 1.0, "cm^2"),
        ("Myr", 1e6, "yr"),
        ("kyr", 1e3, "years"),
        ("min", 60.0, "seconds"),
        ("nb", 1e-33, "cm^2"),
        ("μeV", 1e-15, "GeV"),
        ("uG", 1e-10, "T"),
        ("g/cm^3", 1.0, "g cm^-3"),
        ("erg/(g s)", 1.0, "erg/g/s"),
        ("erg/g/s", 1.0, "erg g^-1 s^-1"),
        ("events/(keV kg day)", 1.0, "keV^-1·kg^-1·d^-1"),
        ("1/s", 1.0, "Hz"),
    ],
)
def test_units_of_one_kind_are_converted(one, size, other):
    assert unit_of(one).measures == unit_of(other).measures
    assert unit_of(one).size / unit_of(other).size == pytest.approx(size)


def test_no_prefix_makes_another_unit_of_one_that_has_a_name():
    made = {prefix + unit for prefix in named_units.PREFIXES for unit in named_units.PREFIXED}
    both = made & (named_units.UNITS.keys() | named_units.WORDS.keys())
    for name in both:
        kind, size, power = (named_units.UNITS | named_units.WORDS)[name[1:]]
        assert named_units.UNITS[name] == (kind, pytest.approx(named_units.PREFIXES[name[0]] * size), power)


def test_a_page_offers_the_units_of_one_kind():
    assert units_like("keV") | {"eV": 1e-3, "MeV": 1e3} == units_like("keV")
    assert "cm" not in units_like("keV") and "g" not in units_like("keV")
    assert list(units_like("cm^-2 s^-1")) == ["cm^-2 s^-1"]


# -- formulas ----------------------------------------------------------------------------------------------------------

FORMULA = sp.sqrt(X) * M**2 / sp.pi


@pytest.mark.parametrize("answer", [FORMULA, M**2 * X / (sp.pi * sp.sqrt(X)), sp.sqrt(X * M**4) / sp.pi])
def test_an_equivalent_form_is_right(answer):
    assert said(FORMULA, answer).verdict == RIGHT


def test_the_assumptions_and_the_spelling_of_symbols_do_not_matter():
    plain = sp.symbols("x m_e")
    assert said(FORMULA, FORMULA.subs(dict(zip((X, M), plain, strict=True)))).verdict == RIGHT
    greek = sp.Symbol(r"\mu_{\nu}", positive=True)
    assert said(greek**2, sp.Symbol("mu_nu") ** 2).verdict == RIGHT
    assert [plain_name(name) for name in (r"\mu_{\rm B}", "μ_ν", r"Q^{2}")] == ["mu_B", "mu_nu", "Q^2"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (2 * FORMULA, "a factor of 2"),
        (FORMULA * sp.sqrt(4 * sp.pi), "Heaviside"),
        (-FORMULA, "another sign"),
        (FORMULA**2, "a square"),
        (FORMULA * X, "another formula"),
    ],
)
def test_mistakes_of_a_formula_are_told_alike(answer, words):
    found = said(FORMULA, answer)
    assert found.verdict == WRONG and words.lower() in found.words.lower()


def test_a_formula_knows_mistakes_of_its_own():
    assert said(FORMULA, X * M, mistakes={"you forgot the recoil": X * M}).words == "Not yet: you forgot the recoil."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (sp.Symbol("y") * X, "your formula has y; the answer is one in m_e, x alone"),
        ("x**2", "wants a formula of sympy in m_e, x; write it without quotation marks"),
        (sp.sqrt(-X), "no real value"),
        (sp.Eq(X, M), "wants a formula"),
    ],
)
def test_what_is_no_such_formula_gets_a_sentence(answer, words):
    found = said(FORMULA, answer)
    assert found.verdict == UNCLEAR and words in found.words.replace("Your", "your")


# -- choices -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("b", RIGHT), ("(B)", RIGHT), ("a", WRONG), (2, UNCLEAR), ("both", UNCLEAR), (None, WAITING)],
)
def test_a_choice(answer, verdict):
    assert selfcheck.judged(selfcheck.sealed(solutions.choice("some-exercise", "b")), answer).verdict == verdict
