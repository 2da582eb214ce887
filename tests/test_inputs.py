"""Inputs: what a file or a reader may say, what each mistake is told, and how uncertainties travel."""

import json
import math

import pytest
import scipy.integrate
import uncertainties.umath
from hypothesis import assume, given
from hypothesis import strategies as st
from nuem import inputs
from nuem.errors import NuemError
from nuem.inputs import Entry, Inputs, Value, Values, parse, propagate
from uncertainties import ufloat

# -- numbers as text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "error"),
    [
        ("9e-9", 9e-9, 0),
        (9e-9, 9e-9, 0),
        (3, 3, 0),
        ("1.5(3)e-10", 1.5e-10, 0.3e-10),
        ("(1.1 ± 2.1)e-9", 1.1e-9, 2.1e-9),
        ("(1.1 +/- 2.1)e-9", 1.1e-9, 2.1e-9),
        ("-1.5(3)", -1.5, 0.3),
        ("1165924(8.5)e-9", 1.165924e-3, 8.5e-9),
        ("1.5(0)e-10", 1.5e-10, 0),
    ],
)
def test_a_number_and_its_uncertainty_are_read(text, value, error):
    assert parse(text, "here") == (pytest.approx(value, rel=1e-14), pytest.approx(error, rel=1e-14))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_as_number_and_as_text(value):
    assert parse(value, "here") == parse(repr(value), "here") == (value, 0.0)


@given(st.integers(-99999, 99999), st.integers(1, 99), st.integers(-30, 30))
def test_brackets_and_plus_minus_say_the_same(digits, error, power):
    short = parse(f"{digits / 1000:.3f}({error})e{power}", "here")
    long = parse(f"({digits / 1000:.3f} ± {error / 1000:.3f})e{power}", "here")
    assert short == pytest.approx(long, rel=1e-12)


@pytest.mark.parametrize("bad", ["", "one", "1,5", "1.5(", "3 keV", "1e", None, True, [1], {"value": 1}])
def test_what_is_not_a_number_is_named_with_an_example(bad):
    with pytest.raises(NuemError, match=r"^the place: .*is not a number.*write for instance 9e-9"):
        parse(bad, "the place")


@pytest.mark.parametrize("bad", ["1.5 ± -0.3", "1.5(-3)", "1.5 ± nan", "1.5(inf)"])
def test_an_uncertainty_is_a_non_negative_number(bad):
    with pytest.raises(NuemError, match=r"^the place: .*non-negative uncertainty; write for instance"):
        parse(bad, "the place")


# -- files -----------------------------------------------------------------------------------------------------------

MASS = 'mass: {describe: a mass, unit: keV, allowed: positive, today: {value: "2.0(1)", source: book, where: p. 1}}'
LEVEL = "level: {describe: a level, unit: '1', allowed: probability, today: {value: 0.9, source: book, where: p. 2}}"


@pytest.fixture
def write(tmp_path):
    """Writes an inputs file and gives the inputs of its folder, with a reader's overrides."""

    def write(*lines, overrides=None, file="one.yml"):
        (tmp_path / file).write_text("\n".join(lines))
        return Inputs(overrides or {}, tmp_path)

    return write


def entry(today, unit="keV", **fields):
    """One YAML line with the entry `mass`."""
    return "mass: " + json.dumps({"describe": "a mass", "unit": unit, "today": today, **fields})


GIVEN = {"value": "2.0", "source": "book", "where": "p. 1"}


def test_an_input_has_number_uncertainty_and_source_in_each_vintage(write):
    found = write(entry({**GIVEN, "value": "2.0(1)"}, published={**GIVEN, "value": "3"}))
    assert (found.today.mass, found.published.mass) == (2.0, 3.0)
    assert found.today.value("mass") == Value(2.0, 0.1, "2.0(1)", "book", "p. 1", overridden=False)
    assert found.entry("mass").unit == "keV"


SPREAD = "spread: {describe: its error, unit: keV, today: {error_of: mass}}"


def test_the_uncertainty_of_an_input_can_be_an_input_that_follows_it(write):
    assert write(MASS, SPREAD).today.spread == pytest.approx(0.1)
    assert write(MASS, SPREAD, overrides={"mass": "3.0(7)"}).today.spread == pytest.approx(0.7)
    assert write(MASS, SPREAD, overrides={"mass": "3.0(7)"}).today.value("spread").overridden


def test_the_error_of_an_exact_input_is_refused(write):
    with pytest.raises(NuemError, match=r"one.yml, spread, today: the input mass has no uncertainty in this vintage"):
        write(MASS.replace("2.0(1)", "2.0"), SPREAD).entry("spread")


def test_an_uncertainty_that_a_limit_uses_is_not_counted_twice(write):
    today = write(MASS, SPREAD).today
    limit = propagate(lambda v: v.mass + 2 * v.spread, today)
    assert limit.contributions == {"mass": 0, "spread": 0}
    assert limit.elasticities["spread"] == pytest.approx(2 * 0.1 / 2.2)
    assert propagate(lambda v: 2 * v.mass, write(MASS, SPREAD).today).error == pytest.approx(0.2)


def test_a_codata_constant(write):
    found = write(entry({"codata": "fine-structure constant"}, unit="1")).today
    # CODATA 2022 as published: 7.297 352 5643(11)e-3
    assert found.mass == pytest.approx(7.2973525643e-3, rel=1e-12)
    assert found.value("mass").error == pytest.approx(1.1e-12)
    assert found.value("mass").source == "codata-2022"


def test_a_pdg_value(write):
    found = write(entry({"pdg": "S004MM"}, unit="1")).today
    # world average of the muon anomaly as published in 2025: 1 165 920 715(145)e-12
    assert found.mass == pytest.approx(1165920715e-12, rel=1e-12)
    assert found.value("mass").error == pytest.approx(145e-12)
    assert found.value("mass").source == "pdg-2026"


def test_a_build_hands_pdg_values_to_its_chapters(tmp_path, monkeypatch):
    store = tmp_path / "pdg.json"
    store.write_text('{"S004MM": [1.0, 0.5, "keV"]}')
    monkeypatch.setenv("NUEM_PDG_VALUES", str(store))
    inputs.pdg.cache_clear()
    assert inputs.pdg("S004MM") == (1.0, 0.5, "keV")
    inputs.pdg.cache_clear()


def test_every_input_of_the_book_can_be_read():
    book = Inputs()
    assert list(book)
    for name in book:
        for value in book.entry(name).values.values():
            assert math.isfinite(value.nominal) and math.isfinite(value.error) and value.error >= 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (entry({**GIVEN, "value": "2,0"}), "one.yml, mass, today: '2,0' is not a number.*write for instance"),
        (entry({**GIVEN, "value": "2.0 ± -1"}), "one.yml, mass, today: .*non-negative uncertainty"),
        (entry({**GIVEN, "value": "2.0 ± nan"}), "one.yml, mass, today: .*uncertainty"),
        (entry({**GIVEN, "value": "nan"}), "one.yml, mass, today: .*must be a finite number"),
        (entry({**GIVEN, "value": "1e999"}), "one.yml, mass, today: .*must be a finite number"),
        (entry({"value": "2", "where": "p. 1"}), "one.yml, mass, today: source missing; an input needs value, source"),
        (entry({"value": "2"}), "one.yml, mass, today: source and where missing"),
        (entry(GIVEN, symbl="m"), "one.yml, mass: unknown field 'symbl'; did you mean symbol"),
        (entry({**GIVEN, "wheer": "p. 2"}), "one.yml, mass, today: unknown field 'wheer'; did you mean where"),
        (entry({"error_of": "maas"}), "no input 'maas' for this input"),
        (entry(GIVEN, allowed="positiv"), "one.yml, mass, today: unknown range; did you mean positive"),
        (entry({**GIVEN, "value": 0}, allowed="positive"), "one.yml, mass, today: .*larger than zero"),
        (entry({**GIVEN, "value": "-2"}, allowed="positive"), "one.yml, mass, today: .*larger than zero"),
        (entry({**GIVEN, "value": 0}, allowed="probability"), "one.yml, mass, today: .*between 0 and 1, ends excl"),
        (entry({**GIVEN, "value": 1}, allowed="probability"), "one.yml, mass, today: .*between 0 and 1, ends excl"),
        (entry({**GIVEN, "value": 1.2}, allowed="probability"), "one.yml, mass, today: .*between 0 and 1"),
        (entry({"codata": "electron mass"}), "one.yml, mass, today: codata gives .*'kg'.*unit 'keV'; make them equal"),
        (entry({"codata": "electron maas"}), "one.yml, mass, today: .*no constant 'electron maas'; see"),
        (entry({"pdg": "S999M"}), "one.yml, mass, today: .*no property 'S999M'"),
        (entry({"pdg": "S000M"}), "one.yml, mass, today: .*S000M is not a measured value; quote its limit as text"),
        (entry(2.0), "one.yml, mass, today: "),
        ("mass: 2.0", "one.yml, mass: not a mapping; see the other entries"),
        ("mass: {describe: a mass, unit: keV}", "one.yml, mass: neither published nor today"),
        ("mass: {describe: a mass, today: {}}", "one.yml, mass: field unit is missing"),
    ],
)
def test_each_mistake_in_a_file_is_named_with_its_place(write, line, message):
    with pytest.raises(NuemError, match=message):
        write(line).entry("mass")


@pytest.mark.parametrize("text", ["mass: {describe: a mass", "- mass", "mass"])
def test_a_file_that_is_no_mapping_of_names_is_named(write, text):
    with pytest.raises(NuemError, match=r"inputs/one\.yml: "):
        write(text)


def test_one_name_in_two_files_is_refused(write):
    write(MASS)
    with pytest.raises(NuemError, match=r"input mass stands in inputs/one\.yml and in inputs/two\.yml.*keep one"):
        write(MASS, file="two.yml")


def test_one_name_twice_in_a_file_is_refused(write):
    with pytest.raises(NuemError, match=r"input mass stands .*inputs/one\.yml"):
        write(MASS, MASS.replace("2.0(1)", "9"))


def test_a_vintage_that_an_input_lacks_is_named(write):
    with pytest.raises(NuemError, match="input mass has no value in the vintage 'published'"):
        _ = write(MASS).published.mass


def test_a_misspelt_input_lists_near_names(write):
    with pytest.raises(NuemError, match=r"no input 'maas' for this input; did you mean mass.*level, mass"):
        _ = write(MASS, LEVEL).today.maas


# -- a reader's overrides --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("override", "value", "error"),
    [
        (3, 3, 0),
        (3.5, 3.5, 0),
        ("3e-2", 3e-2, 0),
        ("3.0(5)", 3, 0.5),
        ({"value": "3.0(5)", "unit": "keV"}, 3, 0.5),
        ({"value": 3}, 3, 0),
        ({"today": 3}, 3, 0),
        ({"today": {"value": 3, "unit": "keV"}}, 3, 0),
    ],
)
def test_an_override_changes_today_and_says_so(write, override, value, error):
    found = write(MASS, overrides={"mass": override}).today.value("mass")
    assert (found.nominal, found.error, found.overridden) == (value, pytest.approx(error), True)


def test_an_override_of_the_published_value_leaves_today_alone(write):
    found = write(entry(GIVEN, published=GIVEN), overrides={"mass": {"published": 7}})
    assert (found.published.mass, found.today.mass) == (7, 2)
    assert not found.today.value("mass").overridden


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"maas": 1}, "no input 'maas' for this override; did you mean mass.*Allowed are: level, mass"),
        ({"mass": "heavy"}, "override of mass: 'heavy' is not a number.*write for instance"),
        ({"mass": None}, "override of mass: None is not a number; write for instance"),
        ({"mass": "nan"}, "override of mass: .*must be larger than zero"),
        ({"mass": "2 ± -1"}, "override of mass: .*non-negative uncertainty"),
        ({"mass": "2 ± nan"}, "override of mass: .*uncertainty"),
        ({"mass": {"value": 2, "unit": "MeV"}}, "override of mass: unit 'MeV' given.*'keV'; convert the value"),
        ({"mass": {"value": 2, "units": "keV"}}, "override of mass: unknown field 'units'; did you mean unit"),
        ({"mass": {"unit": "keV"}}, "override of mass: the field value is missing; write {value: ..., unit: 'keV'}"),
        ({"mass": {"today": 2, "publishd": 3}}, "override of mass: unknown vintage; did you mean published"),
        ({"mass": 0}, "override of mass: mass = 0 is not allowed; it must be larger than zero"),
        ({"level": 0}, "override of level: .*between 0 and 1, ends excluded"),
        ({"level": 1}, "override of level: .*between 0 and 1, ends excluded"),
        (["mass"], "overrides is not a mapping; write for instance {"),
    ],
)
def test_each_mistake_in_an_override_stops_at_once(write, overrides, message):
    with pytest.raises(NuemError, match=message):
        write(MASS, LEVEL, overrides=overrides)


# -- propagation of uncertainties ------------------------------------------------------------------------------------


def values(**numbers):
    """Inputs made of (value, error) pairs."""
    entries = {
        name: Entry(name, "", "", "1", "any", {"today": Value(*pair, "", "", "")}) for name, pair in numbers.items()
    }
    return Values("today", entries.__getitem__)


sizes = st.floats(1e-3, 1e3)
relative = st.floats(1e-4, 0.5)
powers = st.integers(-4, 4)


@given(sizes, sizes, relative, relative, powers, powers)
def test_the_elasticities_of_a_product_of_powers_are_its_exponents(x, y, dx, dy, n, m):
    result = propagate(lambda v: v.x**n * v.y**m, values(x=(x, dx * x), y=(y, dy * y)))
    assert result.elasticities["x"] == pytest.approx(n, abs=1e-4)
    assert result.elasticities["y"] == pytest.approx(m, abs=1e-4)
    assert result.value == pytest.approx(x**n * y**m)
    assert result.error / abs(result.value) == pytest.approx(math.hypot(n * dx, m * dy), rel=1e-4)
    assert result.contributions["y"] == pytest.approx(abs(m * dy * result.value), rel=1e-4)


FUNCTIONS = {
    "sum": lambda x, y, lib: x + 3 * y,
    "difference": lambda x, y, lib: x - y,
    "root": lambda x, y, lib: lib.sqrt(x * x + y),
    "exponential": lambda x, y, lib: lib.exp(-x / 10) / y,
    "logarithm": lambda x, y, lib: lib.log(1 + x) * y,
    "wave": lambda x, y, lib: lib.sin(x) * lib.cos(y),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@given(x=st.floats(0.1, 10), y=st.floats(0.1, 10), dx=relative, dy=relative)
def test_the_error_is_that_of_the_uncertainties_package(function, x, y, dx, dy):
    expected = function(ufloat(x, dx * x), ufloat(y, dy * y), uncertainties.umath)
    result = propagate(lambda v: function(v.x, v.y, math), values(x=(x, dx * x), y=(y, dy * y)))
    assert result.value == pytest.approx(expected.nominal_value, rel=1e-12)
    assert result.error == pytest.approx(expected.std_dev, rel=2e-4, abs=1e-12)


def test_the_error_of_a_function_that_holds_an_integral():
    def area(v):
        return scipy.integrate.quad(lambda t: v.height * t**2, 0, v.width)[0]

    result = propagate(area, values(height=(3.0, 0.3), width=(2.0, 0.02)))
    assert result.value == pytest.approx(8.0)  # height · width³ / 3
    assert result.elasticities == pytest.approx({"height": 1, "width": 3}, abs=1e-5)
    assert result.error == pytest.approx(8 * math.hypot(0.1, 3 * 0.01), rel=1e-4)


def test_only_the_inputs_that_a_function_uses_are_listed():
    assert list(propagate(lambda v: 2 * v.y, values(x=(1.0, 0.1), y=(2.0, 0.1))).elasticities) == ["y"]


@given(st.floats(0.01, 10), st.floats(-3, 3))
def test_an_uncertain_zero_carries_its_error(error, slope):
    assume(abs(slope) > 1e-3)
    result = propagate(lambda v: 5 + slope * v.x, values(x=(0.0, error)))
    assert result.error == pytest.approx(abs(slope) * error)
    assert result.elasticities == {"x": 0}


def test_an_exact_zero_has_no_elasticity_and_no_error():
    result = propagate(lambda v: 5 + v.x, values(x=(0.0, 0.0)))
    assert (result.value, result.error, result.elasticities) == (5, 0, {"x": None})
