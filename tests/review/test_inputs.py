"""Inputs: what a file or a reader may say, what each mistake is told, and how uncertainties travel."""

import json
import math
import re
import shutil

import pytest
import scipy.integrate
import uncertainties.umath
from conftest import ROOT
from hypothesis import assume, given
from hypothesis import strategies as st
from nuem.errors import NuemError
from nuem.review import tabulated
from nuem.review.inputs import UNVERIFIED, VINTAGES, Entry, Inputs, Value, Values, propagate, read_files
from uncertainties import ufloat

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


def test_an_input_says_how_it_was_checked_and_its_uncertainty_follows(write):
    assert write(MASS, SPREAD).today.value("spread").checked == "source"
    remembered = MASS.replace("where: p. 1", "where: p. 1, checked: memory")
    assert [write(remembered, SPREAD).today.value(name).checked for name in ("mass", "spread")] == ["memory"] * 2
    own = write(remembered, SPREAD, overrides={"mass": "3.0(7)"}).today
    assert [own.value(name).checked for name in ("mass", "spread")] == [None] * 2


def test_the_error_of_an_exact_input_is_refused(write):
    with pytest.raises(NuemError, match=r"one.yml, spread, today: the input mass has no uncertainty in this vintage"):
        write(MASS.replace("2.0(1)", "2.0"), SPREAD).entry("spread")


def test_inputs_that_are_each_others_uncertainty_are_refused(write):
    ring = [f"{a}: {{describe: x, unit: keV, today: {{error_of: {b}}}}}" for a, b in ("mw", "wz", "zm")]
    with pytest.raises(
        NuemError, match=r"inputs/one\.yml: the ring of error_of m → w → z → m; give one of them a value"
    ):
        write(*ring).entry("m")


def test_an_uncertainty_that_a_limit_uses_is_not_counted_twice(write):
    today = write(MASS, SPREAD).today
    limit = propagate(lambda v: v.mass + 2 * v.spread, today)
    assert limit.contributions == {"mass": 0, "spread": 0}
    assert limit.elasticities["spread"] == pytest.approx(2 * 0.1 / 2.2)
    assert propagate(lambda v: 2 * v.mass, write(MASS, SPREAD).today).error == pytest.approx(0.2)


def test_a_codata_constant_has_its_set_as_source(write):
    found = write(entry({"codata": "fine-structure constant"}, unit="1")).today.value("mass")
    assert (found.nominal, found.error) == tabulated.codata("fine-structure constant")[:2]
    assert (found.source, found.where) == ("codata-2022", "fine-structure constant")


def test_a_pdg_value_has_its_edition_as_source(write):
    found = write(entry({"pdg": "S004MM"}, unit="1")).today.value("mass")
    assert (found.nominal, found.error) == tabulated.pdg("S004MM")[:2]
    assert (found.source, found.where) == ("pdg-2026", "S004MM")


def test_an_error_at_another_confidence_level_is_converted_in_the_open(write):
    found = write(entry({"pdg": "Q004M", "confidence_level": 0.9}, unit="GeV")).today.value("mass")
    assert found.error == pytest.approx(0.0045 / 1.644854, rel=1e-6)
    assert found.where == "Q004M; its error at 90% confidence divided by 1.645"


def test_a_value_that_the_pdg_gives_twice_is_chosen_by_its_words(write):
    line = entry({"pdg": "S067P23", "comment": "Assuming normal mass ordering"}, unit="1")
    assert write(line).today.mass == tabulated.pdg("S067P23", "Assuming normal mass ordering")[0]


def test_every_input_of_the_book_can_be_read():
    book = Inputs()
    assert list(book)
    for name in book:
        for value in book.entry(name).values.values():
            assert math.isfinite(value.nominal) and math.isfinite(value.error) and value.error >= 0


SAID_IN_WORDS = re.compile(r"unverified|not verified|not opened|from memory")


def test_what_an_input_says_in_words_agrees_with_its_field(tmp_path):
    """A reader of one chapter sees the words only, a reader of the files the field only."""
    shutil.copy(ROOT / "skeleton" / "inputs.yml", tmp_path / "skeleton.yml")
    for name, (file, raw) in {**read_files(), **read_files(tmp_path)}.items():
        for vintage in VINTAGES:
            value = raw.get(vintage, {})
            checked, words = value.get("checked", "source"), SAID_IN_WORDS.search(value.get("where", ""))
            assert not words or checked != "source", f"inputs/{file}, {name}, {vintage}: add checked: to {words[0]!r}"
            assert words or checked not in UNVERIFIED, f"inputs/{file}, {name}, {vintage}: say so in where"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (entry({**GIVEN, "value": "2,0"}), "one.yml, mass, today: '2,0' is not a number.*write for instance"),
        (entry({**GIVEN, "value": "2.0 ± -1"}), "one.yml, mass, today: .*non-negative uncertainty"),
        (entry({**GIVEN, "value": "2.0 ± nan"}), "one.yml, mass, today: .*uncertainty"),
        (entry({**GIVEN, "value": "nan"}), "one.yml, mass, today: 'nan' is not a number"),
        (entry({**GIVEN, "value": "1e999"}), "one.yml, mass, today: '1e999' doesn't fit into a floating-point number"),
        (entry({"value": "2", "where": "p. 1"}), "one.yml, mass, today: source missing; an input needs value, source"),
        (entry({"value": "2"}), "one.yml, mass, today: source and where missing"),
        (entry(GIVEN, symbl="m"), "one.yml, mass: unknown field 'symbl'; did you mean symbol"),
        (entry({**GIVEN, "wheer": "p. 2"}), "one.yml, mass, today: unknown field 'wheer'; did you mean where"),
        (entry({**GIVEN, "checked": "memry"}), "mass, today: checked is 'memry'; did you mean memory"),
        (entry({"codata": "electron mass", "checked": "source"}), "mass, today: unknown field 'checked'"),
        (entry({"error_of": "maas"}), "no input 'maas'; did you mean mass"),
        (entry(GIVEN, allowed="positiv"), "one.yml, mass, today: unknown range; did you mean positive"),
        (entry({**GIVEN, "value": 0}, allowed="positive"), "one.yml, mass, today: .*larger than zero"),
        (entry({**GIVEN, "value": "-2"}, allowed="positive"), "one.yml, mass, today: .*larger than zero"),
        (entry({**GIVEN, "value": 0}, allowed="probability"), "one.yml, mass, today: .*between 0 and 1, ends excl"),
        (entry({**GIVEN, "value": 1}, allowed="probability"), "one.yml, mass, today: .*between 0 and 1, ends excl"),
        (entry({**GIVEN, "value": 1.2}, allowed="probability"), "one.yml, mass, today: .*between 0 and 1"),
        (entry({"codata": "electron mass"}), "one.yml, mass, today: codata gives .*'kg'.*unit 'keV'; make them equal"),
        (
            entry({"codata": "electron maas"}),
            "one.yml, mass, today: .*no constant 'electron maas'; did you mean electron mass",
        ),
        (entry({"pdg": "S999M"}), "one.yml, mass, today: .*no property 'S999M'"),
        (entry({"pdg": "S000M"}), "one.yml, mass, today: PDG S000M, <1 E-18, is not a measured value; quote its limit"),
        (entry(2.0), "one.yml, mass, today: 2.0 is not a mapping"),
        (
            entry({"value": 2, "source": "book", "where": 12}),
            "mass, today: where 12 is not text; put it in quotes",
        ),
        (entry({"pdg": ["S004MM"]}), r"mass, today: pdg \['S004MM'\] is not text"),
        (entry({"error_of": ["mass"]}), r"mass, today: error_of \['mass'\] is not text"),
        (entry({"error_of": "mass", "value": 2}), "mass, today: unknown field 'value'; .*Allowed are: error_of, where"),
        (entry({"pdg": "S004MM", "value": 2}), "mass, today: unknown field 'value'"),
        (entry({"pdg": "Q004M"}, unit="GeV"), "mass, today: .*error at 90 % confidence; write confidence_level: 0.9"),
        (entry({"pdg": "Q004M", "confidence_level": "90"}), "today: confidence_level '90' is not a fraction; write"),
        (entry(GIVEN, allowed=["positive"]), "mass: allowed .* is not text"),
        (entry(GIVEN, unit=1), "mass: unit 1 is not text; put it in quotes"),
        ("mass: 2.0", "one.yml, mass: 2.0 is not a mapping; see the other entries"),
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
    with pytest.raises(NuemError, match=r"inputs/one\.yml, line 2: mass stands twice, first in line 1; keep one"):
        write(MASS, MASS.replace("2.0(1)", "9"))


def test_a_vintage_that_an_input_lacks_is_named(write):
    with pytest.raises(NuemError, match="input mass has no value in the vintage 'published'"):
        _ = write(MASS).published.mass


def test_a_misspelt_input_lists_near_names(write):
    with pytest.raises(NuemError, match=r"no input 'maas'; did you mean mass.*level, mass"):
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
    ("vintage", "other", "override", "remedy"),
    [
        ("published", "today", "3.0(1)", "mass: {published: 3.0(1)}"),
        ("published", "today", {"value": 3, "unit": "keV"}, "mass: {published: {'value': 3, 'unit': 'keV'}}"),
        ("published", "today", {"today": 3}, "mass: {published: 3}"),
        ("today", "published", {"published": 3}, "mass: {today: 3}"),
    ],
)
def test_an_override_that_would_change_nothing_says_how_to_write_it(write, vintage, other, override, remedy):
    line = entry(GIVEN).replace('"today"', f'"{vintage}"')
    with pytest.raises(NuemError, match=f"override of mass: .*no value of the vintage '{other}'.*") as error:
        write(line, overrides={"mass": override})
    assert str(error.value).endswith(f"write {remedy}")


def test_an_override_without_the_uncertainty_that_another_input_is_stops_before_anything_runs(write):
    with pytest.raises(
        NuemError, match=r"override of mass: inputs/one\.yml, spread, today is its uncertainty.*'3.0 ± …'"
    ):
        write(MASS, SPREAD, overrides={"mass": "3.0"})


def test_an_uncertainty_may_be_overridden_beside_its_input(write):
    today = write(MASS, SPREAD, overrides={"mass": "3.0", "spread": 0.2}).today
    assert (today.mass, today.spread) == (3.0, 0.2)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({1: 2}, "no input 1 for this override; Allowed are: level, mass"),
        ({"maas": 1}, "no input 'maas' for this override; did you mean mass.*Allowed are: level, mass"),
        ({"mass": "heavy"}, "override of mass: 'heavy' is not a number.*write for instance"),
        ({"mass": None}, "override of mass: None is not a number; write for instance"),
        ({"mass": "nan"}, "override of mass: 'nan' is not a number"),
        ({"mass": math.inf}, "override of mass: inf is not a finite number"),
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


def test_values_complete_their_names_and_say_what_they_are(write):
    now = write(MASS, LEVEL).today
    assert {"mass", "level", "value", "vintage"} <= set(dir(now))
    assert "'today'" in repr(now) and "mass = 2" in repr(now.shifted("mass", 2.0))
    assert now.used == {}, "looking at names is no read"


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
