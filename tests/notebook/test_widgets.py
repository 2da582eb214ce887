"""Live formulas: the JavaScript of the page is run, and gives what Python gives."""

import json
import math
import re
from decimal import Decimal

import mpmath
import numpy as np
import pytest
import quickjs
import sympy as sp
from bs4 import BeautifulSoup
from hypothesis import assume, given
from hypothesis import strategies as st
from nuem import typeset
from nuem.errors import NuemError
from nuem.notebook import widgets
from nuem.notebook.widgets import Slider, converter, javascript
from nuem.view import cards, live

x, y, z = sp.symbols("x y z", positive=True)


def live_formula(*arguments, **keywords):
    """The card that a cell shows, after its view went through an executed notebook."""
    return cards.render(json.loads(json.dumps(widgets.live_formula(*arguments, **keywords))), cards.Links())


greek = sp.Symbol(r"\sigma_{\rm exp}", positive=True)

# -- the compiled function -------------------------------------------------------------------------------------------

EXPRESSIONS = [
    x + y / 3,
    sp.sqrt(x) * y / sp.pi,
    x ** sp.Rational(2, 3) * y ** sp.Rational(-5, 4),
    sp.zeta(3) * x / (1 + y**2),
    sp.exp(-x / 50) * sp.log(1 + y),
    sp.log(x + 1, 10) + sp.E * y,
    sp.sin(x / 100) ** 2 + sp.cos(y / 100) ** 2,
    sp.atan2(y, x),
    sp.tanh(x / 100) + sp.cosh(y / 100),
    sp.Max(x, y) / sp.Min(x, y),
    sp.Abs(x - y),
    sp.Rational(10**30 + 1, 7) * x / (y * sp.Integer(10) ** 40),
    sp.asinh(x) + sp.EulerGamma * sp.gamma(sp.Rational(1, 3)) * y,
]
arguments = st.floats(1e-2, 1e2)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
@given(a=arguments, b=arguments)
def test_javascript_gives_the_number_of_python(expression, a, b):
    found = quickjs.Context().eval(f"({javascript(expression, [x, y])})({a!r}, {b!r})")
    with mpmath.workdps(40):
        expected = sp.lambdify([x, y], expression, "mpmath")(mpmath.mpf(a), mpmath.mpf(b))
    assert found == pytest.approx(float(expected), rel=1e-12, abs=1e-13)


def test_arguments_come_in_the_given_order_whatever_they_are_called():
    v0, v1 = sp.symbols("v0 v1")
    code = javascript(v0 - 10 * v1 + 100 * greek, [v1, greek, v0])
    assert quickjs.Context().eval(f"({code})(1, 2, 3)") == 3 - 10 + 200


def test_a_symbol_without_a_slider_is_named():
    with pytest.raises(NuemError, match="live formula: no slider for y, z"):
        javascript(x * y * z, [x])


@pytest.mark.parametrize(
    "expression",
    [
        sp.Heaviside(x - 1),
        sp.Piecewise((x, x < 1), (1, True)),
        sp.gamma(x),
        sp.erf(x),
        sp.Integral(sp.exp(-x * y), (y, 0, 1)),
        sp.Function("f")(x),
        sp.I * x,
    ],
    ids=str,
)
def test_what_javascript_does_not_know_is_refused(expression):
    with pytest.raises(NuemError, match=r"live formula: .* JavaScript doesn't know; replace it first"):
        javascript(expression, [x])


# -- the number in the page ------------------------------------------------------------------------------------------

SHOW = re.search(r"function show\(x,digits\)\{.*?\n(?=function value)", live._SCRIPT, re.S)[0]
PAGE = quickjs.Context()
PAGE.eval(SHOW)


def show(value):
    return PAGE.eval(f"show({value!r}, 2)")


def is_tie(value):
    """Whether a number lies exactly between two of two digits."""
    digits = Decimal(value).normalize().as_tuple().digits
    return len(digits) == 3 and digits[-1] == 5


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_the_page_typesets_as_python_does(value):
    assume(not is_tie(value))
    assert show(value) == typeset.number(value, 2)


@given(st.floats(1, 9.99), st.integers(-5, 6), st.sampled_from([1, -1]))
def test_the_page_typesets_ordinary_numbers_as_python_does(mantissa, power, sign):
    value = sign * float(f"{mantissa}e{power}")
    assume(not is_tie(value))
    assert show(value) == typeset.number(value, 2)


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 9.96, 99.6, 999.6, 0.00996, 0.000996, 9996.0, 99960.0, 1e21, 1e-7, 5e-324]
)
def test_the_page_rounds_up_to_the_next_power_as_python_does(value):
    assert show(value) == typeset.number(value, 2)


@pytest.mark.parametrize("value", [1.25, 0.125, 0.625, 62.5, 2.25, 12.5, 1250.0])
def test_the_page_rounds_a_tie_as_python_does(value):
    assert show(value) == typeset.number(value, 2)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1/0"])
def test_the_page_says_where_a_formula_is_not_defined(value):
    assert PAGE.eval(f"show({value}, 2)") == "not defined here"


# -- the card --------------------------------------------------------------------------------------------------------

BROWSER = """
function element(start, value) {
  var output = {textContent: ''};
  return {dataset: {start: start}, value: value, output: output, heard: {}, said: {},
    parentNode: {querySelector: function () { return output; }},
    setAttribute: function (name, text) { this.said[name] = text; },
    addEventListener: function (name, react) { this.heard[name] = react; }};
}
var sliders = SLIDERS.map(function (pair) { return element(pair[0], pair[1]); });
var result = element(), button = element();
var card = {querySelectorAll: function () { return sliders; },
  querySelector: function (what) { return what === 'button' ? button : result; }};
var document = {currentScript: {closest: function () { return card; }}};
function state() {
  return JSON.stringify({value: Number(result.dataset.value), text: result.textContent,
    shown: sliders.map(function (slider) { return slider.output.textContent; }),
    spoken: sliders.map(function (slider) { return slider.said['aria-valuetext']; })});
}
"""


class Page:
    """A card in a browser small enough to fit on a page."""

    def __init__(self, card):
        self.soup = BeautifulSoup(card, "html.parser")
        starts = [[slider["data-start"], slider["value"]] for slider in self.soup.find_all("input")]
        self.browser = quickjs.Context()
        self.browser.eval(BROWSER.replace("SLIDERS", json.dumps(starts)))
        self.browser.eval(self.soup.script.string)

    def move(self, index, position):
        self.browser.eval(f"sliders[{index}].value = '{position!r}'; sliders[{index}].heard.input();")

    def back(self):
        self.browser.eval("button.heard.click();")

    @property
    def state(self):
        return json.loads(self.browser.eval("state()"))


SLIDERS = {x: Slider("width <w>", 3.3e-5, 1e-7, 1e-3, "keV"), greek: Slider("height", 7.0, 0.1, 100.0)}


@pytest.fixture
def page():
    return Page(live_formula(x**2 / greek, SLIDERS, result="area <", unit="keV^2"))


def test_the_page_starts_with_the_number_of_python(page):
    static = page.soup.select_one(".nuem-result")
    expected = 3.3e-5**2 / 7
    assert float(static["data-python"]) == pytest.approx(expected, rel=1e-15)
    assert page.state["value"] == pytest.approx(expected, rel=1e-15)
    assert page.state["text"] == static.string == "1.6 × 10⁻¹⁰"  # 10.89e-10 / 7
    assert page.state["shown"] == page.state["spoken"] == ["3.3 × 10⁻⁵", "7.0"]


def test_without_scripts_the_card_still_says_everything(page):
    page.soup.script.decompose()
    text = " ".join(page.soup.get_text().split())
    assert "width <w> 3.3 × 10⁻⁵ keV" in text and "area < 1.6 × 10⁻¹⁰ keV²" in text


def test_moving_a_slider_moves_the_number_and_the_button_brings_it_back(page):
    start = page.state
    page.move(1, math.log(14.0))
    assert page.state["value"] == pytest.approx(start["value"] / 2)
    assert page.state["shown"][1] == "14"
    page.back()
    assert page.state == start


def test_each_slider_has_its_label_and_its_range(page):
    for slider, given_slider in zip(page.soup.find_all("input"), SLIDERS.values(), strict=True):
        assert page.soup.find("label", attrs={"for": slider["id"]}).string == given_slider.label
        ends = [math.exp(float(slider[end])) for end in ("min", "value", "max")]
        assert ends == pytest.approx([given_slider.lowest, given_slider.start, given_slider.highest])


def test_two_cards_of_a_page_share_no_id_and_the_same_card_is_the_same():
    one, other = (Page(live_formula(power, {x: Slider("x", 2.0, 1.0, 3.0)}, result="=")).soup for power in (x, x**2))
    assert not {tag["id"] for tag in one.select("[id]")} & {tag["id"] for tag in other.select("[id]")}
    assert live_formula(x, SLIDERS, result="=") == live_formula(x, SLIDERS, result="=")


def test_a_slider_may_start_at_a_numpy_number():
    page = Page(live_formula(x**2, {x: Slider("x", np.float64(3.0), 1.0, 10.0)}, result="="))
    assert page.state["value"] == 9


@pytest.mark.parametrize(
    ("start", "ends"),
    [(0.16, (0.16, 15.0)), (20.0, (0.2, 20.0)), (3.0, (0.2, 15.0)), (0.2, (0.2, 15.0)), (15.0, (0.2, 15.0))],
)
def test_a_range_follows_a_start_value_beyond_it(start, ends):
    page = Page(live_formula(2 * x, {x: Slider("lower edge", start, 0.2, 15.0, "keV")}, result="="))
    slider = page.soup.find("input")
    assert [math.exp(float(slider[end])) for end in ("min", "max")] == pytest.approx(ends)
    assert float(slider["min"]) <= float(slider["value"]) <= float(slider["max"])
    assert page.state["value"] == 2 * start
    page.move(0, math.log(3.0))
    page.back()
    assert page.state["value"] == 2 * start


@pytest.mark.parametrize(
    ("start", "lowest", "highest"),
    [
        (0, 1, 10),
        (-1, 1, 10),
        (math.nan, 1, 10),
        (math.inf, 1, 10),
        (1, 0, 10),
        (1, -1, 10),
        (1, 1, math.inf),
        (5, 10, 1),
        (1, 1, 1),
    ],
)
def test_a_slider_needs_positive_numbers_in_order(start, lowest, highest):
    with pytest.raises(NuemError, match=r"slider mass: start .* give positive numbers, the smaller end .* first"):
        live_formula(x, {x: Slider("mass", start, lowest, highest)}, result="=")


@pytest.mark.parametrize("formula", [sp.asin(x), sp.sqrt(1 - x), 1 / (x - 2), sp.log(2 - x)], ids=str)
def test_a_formula_that_is_not_defined_at_the_start_is_refused(formula):
    with pytest.raises(NuemError, match="is not defined where its sliders start"):
        live_formula(formula, {x: Slider("x", 2.0, 1.0, 3.0)}, result="=")


# -- a reader's own inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "text"), [(-0.2, "−0.20"), (0.0, "0")])
def test_a_difference_of_own_inputs_may_fall_off_the_scale_and_the_card_says_so(start, text):
    sliders = {x: Slider("room", start, 1e-3, 3.0), y: Slider("coefficient", 4.0, 1.0, 10.0)}
    page = Page(live_formula(y / x, sliders, result="=", own_inputs=True))
    room = page.soup.find("input")
    assert f"room (your inputs give {text}, which is off the scale)" in page.soup.get_text()
    assert math.exp(float(room["value"])) == pytest.approx(1e-3) == math.exp(float(room["min"]))
    assert page.state["value"] == pytest.approx(4e3)


def test_a_formula_that_own_inputs_leave_undefined_says_so_until_a_slider_moves():
    page = Page(live_formula(sp.sqrt(5 - x), {x: Slider("x", 6.0, 1.0, 3.0)}, result="=", own_inputs=True))
    assert page.soup.find("output", class_="nuem-result").string == "not defined here"
    page.move(0, math.log(1.0))
    assert page.state["value"] == pytest.approx(2.0)


# -- the converter -----------------------------------------------------------------------------------------------------

FIELDS = """
var fields = FACTORS.map(function (pair) {
  return {dataset: {factor: pair[0]}, value: pair[1], heard: {}, said: {},
    setAttribute: function (name, text) { this.said[name] = text; },
    removeAttribute: function (name) { delete this.said[name]; },
    addEventListener: function (name, react) { this.heard[name] = react; }};
});
var document = {currentScript: {closest: function () { return {querySelectorAll: function () { return fields; }}; }}};
function state() {
  return JSON.stringify(fields.map(function (field) { return [field.value, field.said['aria-invalid'] || '']; }));
}
"""
UNITS = {"ell": 1.0, "foot^1": 3.75, "GeV^-1": 2.5e20}


class Fields:
    """A converter in the same small browser."""

    def __init__(self, card):
        self.soup = BeautifulSoup(card, "html.parser")
        pairs = [[field["data-factor"], field["value"]] for field in self.soup.find_all("input")]
        self.browser = quickjs.Context()
        self.browser.eval(FIELDS.replace("FACTORS", json.dumps(pairs)))
        self.browser.eval(self.soup.script.string)

    def type(self, index, text):
        self.browser.eval(f"fields[{index}].value = {json.dumps(text)}; fields[{index}].heard.input();")
        return json.loads(self.browser.eval("state()"))


def test_a_converter_shows_its_start_in_every_unit_without_scripts():
    soup = BeautifulSoup(converter("cloth", UNITS, 2.0), "html.parser")
    assert [float(field["value"]) for field in soup.find_all("input")] == [2.0, 7.5, 5e20]
    labels = [soup.find("label", attrs={"for": field["id"]}).string for field in soup.find_all("input")]
    assert labels == ["ell", "foot¹", "GeV⁻¹"] and soup.legend.string == "cloth"


@pytest.mark.parametrize("text", ["7.5e-12", " 7.5 × 10⁻¹² ", "7.5×10⁻¹²", "75e-13", "0.75E-11"])
def test_what_is_typed_or_pasted_is_converted_into_the_others(text):
    shown = Fields(converter("cloth", UNITS)).type(1, text)
    assert shown[1] == [text, ""]  # what the reader types stays as it is
    assert [float(shown[index][0]) for index in (0, 2)] == pytest.approx([2e-12, 5e8])


def test_a_sign_is_converted_too():
    shown = Fields(converter("cloth", UNITS)).type(0, "−2")
    assert [float(value) for value, _ in shown[1:]] == pytest.approx([-7.5, -5e20])


@pytest.mark.parametrize("text", ["", "seven", "1,5", "7.5e"])
def test_what_is_no_number_is_marked_and_converted_into_nothing_until_it_is_one(text):
    fields = Fields(converter("cloth", UNITS))
    assert fields.type(2, text) == [["", ""], ["", ""], [text, "true"]]
    assert fields.type(2, "2.5e20") == [["1", ""], ["3.75", ""], ["2.5e20", ""]]


@pytest.mark.parametrize(("units", "start"), [({"ell": 0.0}, 1.0), ({"ell": math.nan}, 1.0), ({"ell": 1.0}, -1.0)])
def test_a_converter_needs_positive_factors(units, start):
    with pytest.raises(NuemError, match=r"converter cloth: (ell|start) = .* give a finite number > 0"):
        converter("cloth", units, start)
