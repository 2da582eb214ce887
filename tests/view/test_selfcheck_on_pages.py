"""The script of the pages judges an answer as Python does: the same hashes, the same words."""

import hashlib
import json
import math
import re
from html import unescape

import pytest
import quickjs
import sympy as sp
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from nuem.notebook import solutions
from nuem.press import look
from nuem.view import selfcheck

X, M = sp.symbols("x m_e", positive=True)
MU = sp.Symbol(r"\mu_{\nu}", positive=True)


@pytest.fixture(scope="module")
def page():
    known = look.script(ROOT).splitlines()[0]
    engine = quickjs.Context()
    engine.eval("globalThis.document = {querySelectorAll: () => []};")
    engine.eval("\n".join([known, (ROOT / "assets" / "selfcheck.js").read_text("utf-8")]))
    return engine


def of_field(answer, choices=(), **how):
    """What the script reads off the field for an answer."""
    field = selfcheck.field("key", answer["part"], selfcheck.sealed(answer, **how), choices)
    return json.loads(unescape(re.search(r'data-seal="([^"]*)"', field)[1]))


def judged(page, seal, text, unit=None):
    arguments = ", ".join(json.dumps(one) for one in (seal, text, unit))
    found = json.loads(page.eval(f"JSON.stringify(nuemSelfcheck.judged({arguments}))"))
    return found["verdict"], found["words"]


@given(st.text(max_size=200))
def test_the_hash_is_that_of_python(page_of_hash, text):
    text = text.encode("utf-8", "ignore").decode()
    assert page_of_hash.eval(f"nuemSelfcheck.hash({json.dumps(text)})") == hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def page_of_hash(page):
    return page


YEAR = 31557600.0
FACTORS = [
    1, 1.04, 1.06, 2, 0.5, math.pi, 1 / (4 * math.pi), math.sqrt(4 * math.pi), 1.2836, -1, 1e6, 1e-13, 17.3, 0, YEAR,
]  # fmt: skip


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("value", [3.217e-12, -41.3, 6.02e23])
@pytest.mark.parametrize("sides", [True, False])
def test_a_number_is_judged_as_in_a_notebook(page, value, factor, sides):
    answer = solutions.answer("e", value, unit="yr", within=0.05, mistakes={"you forgot Δ’s “half”": 17.3 * value})
    found = selfcheck.judged(selfcheck.sealed(answer, sides=sides), value * factor)
    assert judged(page, of_field(answer, sides=sides), repr(value * factor)) == (found.verdict, found.words)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3", "keV"),
        (" 3.0e3", "eV"),
        ("3 keV", "MeV"),
        ("0.003 MeV", None),
        ("3 × 10^3 eV", None),
        ("3 × 10³", "eV"),
        ("3000000 × 10⁻³", "eV"),
        ("+3.", None),
        ("6/2", "keV"),
        ("3*pi/pi", None),
        ("3pi/pi", None),
        ("3 × 10⁻³ MeV", None),
        ("sqrt(9)", "keV"),
        ("√9 keV", None),
        ("6/2 keV", "eV"),
        ("3·10⁻³ MeV", None),
        ("3 10^-3 MeV", None),
        ("3 x 10^-3 MeV", None),
        ("3 keV/c²", None),
        ("3keV", None),
    ],
)
def test_a_number_comes_with_its_unit(page, text, unit):
    assert judged(page, of_field(solutions.answer("e", 3.0, unit="keV")), text, unit) == ("right", "Right.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("three", "can’t be read: three is no number"),
        ("3 +", "can’t be read: something is missing"),
        ("3 000", "can’t be read: * or a point is missing before 000"),
        ("3,0", "write a point before the decimals, and no commas"),
        ("3.0(1)", "leave the uncertainty out"),
        ("3.0±0.1 keV", "± can't stand there"),
        ("3.1e2 1", "* or a point is missing before 1"),
    ],
)
def test_what_is_no_number_gets_a_sentence(page, text, words):
    verdict, found = judged(page, of_field(solutions.answer("e", 3.0, unit="keV")), text, "keV")
    assert verdict == "unclear" and words in found


@pytest.mark.parametrize("unit", ["keV", "cm^2", "g cm^-3", "1", "mu_B", "e0", "erg g^-1 s^-1", "yr"])
@pytest.mark.parametrize("given", [
    "eV", "b", "cm²", "kg m^-3", "kg m⁻³", "%", "μ_B", "e", "C", "J kg^-1 s^-1", "parrots", "MeV^2", "cm^(2)", "Myr",
    "kyr", "years", "nb", "μeV", "uG", "g/cm³", "erg/(g s)", "erg/g/s", "1/s", "g·cm⁻³", "keV/c²", "s/", "Qyr",
    "constructor",
])  # fmt: skip
def test_units_are_read_as_in_a_notebook(page, unit, given):
    answer = solutions.answer("e", 3.0, unit=unit)
    found = selfcheck.judged(selfcheck.sealed(answer), f"3 {given}")
    assert judged(page, of_field(answer), f"3 {given}", unit) == (found.verdict, found.words)


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("sqrt(x)*m_e^2/pi", "right", "Right."),
        ("x^0.5 m_e²/π", "right", "Right."),
        ("m_e**2 * x^0.5 / pi", "right", "Right."),
        ("m_e m_e sqrt(x) / π", "right", "Right."),
        ("exp(2 ln(m_e)) (x)^(1/2) / pi", "right", "Right."),
        ("x m_e^2/(pi sqrt(x))", "right", "Right."),
        ("2 sqrt(x)*m_e^2/pi", "wrong", "Not yet. A factor of 2 would explain it."),
        ("-sqrt(x)*m_e^2/pi", "wrong", "Not yet. Another sign would explain it."),
        ("x", "wrong", "Not yet: you forgot the mass."),
        ("m_e", "wrong", "Not yet: the book finds another formula."),
        ("sqrt(-x)", "unclear", "no real value"),
        ("sqrt(x", "unclear", ") is missing at the end"),
        ("x +", "unclear", "something is missing at the end"),
        ("x y", "unclear", "y is no symbol of the answer; it is a formula in m_e, x"),
        ("constructor", "unclear", "constructor is no symbol"),
        ("alert(1)", "unclear", "alert is no symbol"),
        ("x; x", "unclear", "; can't stand there"),
        ("", "waiting", "No answer yet."),
    ],
)
def test_a_formula_is_read_and_judged(page, text, verdict, words):
    answer = solutions.answer("e", sp.sqrt(X) * M**2 / sp.pi, mistakes={"you forgot the mass": X})
    found = judged(page, of_field(answer), text)
    assert found[0] == verdict and words in found[1]


@pytest.mark.parametrize(
    ("text", "value"), [("2^3^2", 512), ("-2^2", -4), ("2/2*3", 3), ("2 - 1 - 1/2", 0.5), ("2^-1", 0.5)]
)
def test_operators_bind_as_in_python(page, text, value):
    assert judged(page, of_field(solutions.answer("e", value * X)), f"x * ({text})")[0] == "right"


def test_greek_letters_are_names(page):
    seal = of_field(solutions.answer("e", MU**2))
    assert seal["names"] == ["mu_nu"]
    assert judged(page, seal, "mu_nu^2")[0] == judged(page, seal, "μ_ν^2")[0] == "right"


def test_a_choice_is_judged(page):
    seal = of_field(solutions.choice("e", "b"), ("a", "b"))
    assert [judged(page, seal, letter) for letter in "ab"] == [("wrong", "No, not this one."), ("right", "Right.")]


def test_a_field_has_names_for_who_cannot_see_it_and_no_answer():
    number = selfcheck.field("k", "ratio", selfcheck.sealed(solutions.answer("e", 3.217, unit="keV", part="ratio")), ())
    assert '<label for="k">Your answer, ratio</label> <input id="k"' in number and 'aria-label="unit"' in number
    assert 'aria-live="polite"' in number and " hidden>" in number and "3.2" not in number
    choice = selfcheck.field("k", "", selfcheck.sealed(solutions.choice("e", "b")), ("a", "b"))
    assert "<legend>Your answer</legend>" in choice and choice.count('type="radio"') == 2
