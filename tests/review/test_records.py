"""Bounds and verdicts as data: what a record may say, how it travels, and the two public files."""

import copy
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nuem.errors import NuemError
from nuem.review import records
from nuem.review.records import BOUND_MIME, VERDICT_MIME, Bound, Verdict, collect
from scipy.stats import norm

INPUT = {
    "name": "mass",
    "value": 2.0,
    "error": 0.1,
    "unit": "keV",
    "source": "book",
    "where": "p. 1",
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
    return Bound(**{**common, "kind": kind, **KINDS.get(kind, {}), **fields})


def sensitivity(value=1e-6, cl=0.9, sided=2, **fields):
    return bound(value=value, cl=cl, sided=sided, cl_method="sensitivity", **fields)


# -- what a bound may say --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "limt", "value": 1.0}, "unknown kind; did you mean limit"),
        ({"vintage": "todya"}, "unknown vintage; did you mean today"),
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
    stored = json.dumps(records.to_json(original), allow_nan=False)
    assert records.from_json(json.loads(stored)) == original


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
    text = bound(id="charge/published", vintage="published", value=1e-3, claim="made-up/power").value_text()
    assert text == "|ε| < 10⁻³"


@pytest.mark.parametrize(
    ("cl", "text"), [(0.9, "90 % CL"), (0.95, "95 % CL"), (0.683, "68 % CL"), (None, "no CL stated")]
)
def test_a_confidence_level_in_print(cl, text):
    assert bound(cl=cl).cl_text() == text


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


def test_a_quoted_bound_says_so_first():
    assert bound(valid="quoted; free electrons").quoted
    assert not bound(valid="free electrons, as quoted").quoted and not bound().quoted


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


# -- verdicts --------------------------------------------------------------------------------------------------------


def verdict(claim="made-up/power", outcome="reproduced", recomputed=2e-3, factor=2.0, **fields):
    return Verdict(claim=claim, verdict=outcome, recomputed=recomputed, factor=factor, **fields)


WRONG = {"outcome": "discrepant", "explanation": "a sign", "severity": "minor"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"outcome": "reproducd"}, "unknown verdict; did you mean reproduced"),
        ({**WRONG, "explanation": ""}, "comes out discrepant: give explanation="),
        ({**WRONG, "explanation": "  "}, "comes out discrepant: give explanation="),
        ({**WRONG, "severity": None}, "severity= .editorial, minor, substantive"),
        ({**WRONG, "severity": "serious"}, "severity= .editorial, minor, substantive"),
        ({"severity": "minor"}, "comes out reproduced: drop severity="),
        ({"recomputed": math.nan}, ""),
        ({"recomputed": math.inf}, ""),
        ({"factor": math.nan}, ""),
        ({"uncertainty": math.nan}, ""),
        ({"uncertainty": -1.0}, ""),
        ({"root": "made-up/digits"}, "comes out reproduced: drop root="),
        ({**WRONG, "root": "made-up/power"}, "is its own root; drop root="),
        (
            {**WRONG, "root": "made-up/pair"},
            "made-up/pair has parts; name the one .*made-up/pair#low, made-up/pair#high",
        ),
    ],
    ids=str,
)
def test_each_mistake_in_a_verdict_is_named_with_the_claim(fields, message, made_up_claims):
    with pytest.raises(NuemError, match=f"claim made-up/power.*{message}"):
        verdict(**fields)


def test_a_root_that_no_paper_prints_is_refused(made_up_claims):
    with pytest.raises(NuemError, match="no claim 'made-up/digts'; did you mean made-up/digits"):
        verdict(**WRONG, root="made-up/digts")


# -- executed notebooks ----------------------------------------------------------------------------------------------


def notebook(*found, cell="result"):
    """A notebook whose only code cell published these records."""
    data = {"text/plain": "card"}
    for mime, kind in ((BOUND_MIME, Bound), (VERDICT_MIME, Verdict)):
        rows = [records.to_json(record) for record in found if isinstance(record, kind)]
        if rows:
            data[mime] = rows
    outputs = [{"output_type": "stream", "text": "hello"}, {"output_type": "display_data", "data": data}]
    return json.loads(json.dumps({"cells": [{"id": "text"}, {"id": cell, "outputs": outputs}]}))


def test_records_are_read_back_with_their_chapter_and_cell():
    book = collect([("chapters/a", notebook(bound(), verdict())), ("chapters/b", notebook(cell="empty"))])
    (found,), (settled,) = book.bounds, book.verdicts
    assert (found.chapter, found.cell, found.url("here")) == ("chapters/a", "result", "chapters/a.html#here")
    assert records.from_json(found.record) == bound()
    assert settled.record["claim"] == "made-up/power"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (verdict(), "claim made-up/power is settled in {}; settle it once"),
        (bound(), "record id charge/today is published in {}; rename one"),
    ],
)
def test_what_is_published_twice_names_both_places(record, message):
    places = r"chapters/a \(cell one\) and again in chapters/b \(cell two\)"
    with pytest.raises(NuemError, match=message.format(places)):
        collect([("chapters/a", notebook(record, cell="one")), ("chapters/b", notebook(record, cell="two"))])


@pytest.mark.parametrize(("what", "other"), [("unit", "mu_B"), ("cl", 0.68), ("parameter", "ε"), ("sided", 1)])
def test_vintages_that_cannot_be_compared_name_both_places(what, other):
    first, second = bound(id="charge/recomputed", vintage="recomputed"), bound(**{what: other})
    found = [("chapters/a", notebook(first, cell="one")), ("chapters/b", notebook(second, cell="two"))]
    message = rf"charge can't be compared: {what} is .* in chapters/a \(cell one\) and .* in chapters/b \(cell two\)"
    with pytest.raises(NuemError, match=message):
        collect(found)


# -- roots -----------------------------------------------------------------------------------------------------------

REPEATED = {**WRONG, "root": "made-up/digits"}


def test_a_root_is_an_error_of_its_own(made_up_claims):
    book = book_of(verdict("made-up/digits", **WRONG), verdict(**REPEATED))
    assert [located.record["root"] for located in book.verdicts] == [None, "made-up/digits"]
    with pytest.raises(NuemError, match=r"made-up/power in chapters/a .*its root made-up/digits is reproduced; drop"):
        book_of(verdict("made-up/digits"), verdict(**REPEATED))
    chain = verdict("made-up/digits", **WRONG, root="made-up/formula"), verdict("made-up/formula", **WRONG)
    with pytest.raises(NuemError, match=r"its root made-up/digits itself repeats made-up/formula; name that"):
        book_of(*chain, verdict(**REPEATED))


def test_two_claims_are_not_each_others_root(made_up_claims):
    with pytest.raises(NuemError, match="itself repeats"):
        book_of(verdict("made-up/digits", **WRONG, root="made-up/power"), verdict(**REPEATED))


def test_a_root_in_a_chapter_that_is_not_read_is_let_pass(made_up_claims):
    assert book_of(verdict(**REPEATED)).verdicts[0].record["root"] == "made-up/digits"


def test_a_repetition_whose_root_a_reader_cured_stands_for_itself(made_up_claims):
    found = [("chapters/a", notebook(verdict("made-up/digits"), verdict(**REPEATED)))]
    assert [located.record["root"] for located in collect(found, own_inputs=True).verdicts] == [None, None]


def test_independent_errors_are_counted_once(made_up_claims):
    low, high = (f"made-up/pair#{name}" for name in ("low", "high"))
    repeated = verdict(low, **WRONG, root=high), verdict(high, **REPEATED), verdict("made-up/digits", **WRONG)
    with pytest.raises(NuemError, match="itself repeats"):
        book_of(*repeated)
    for roots, outer, count in (
        ((None, None), None, 2),
        ((high, None), None, 2),  # one part repeats the other: the claim makes its error itself
        (("made-up/digits", "made-up/digits"), "made-up/digits", 1),
        ((None, "made-up/digits"), None, 2),
    ):
        parts = [verdict(name, **WRONG, root=root) for name, root in zip((low, high), roots, strict=True)]
        rows = records.ledger_json(book_of(*parts, verdict("made-up/digits", **WRONG)))["claims"]
        assert row_of({"claims": rows}, "made-up/pair")["root"] == outer
        assert records.independent_errors(rows) == count


# -- the public files ------------------------------------------------------------------------------------------------


def book_of(*found):
    return collect([("chapters/a", notebook(*found))])


def row_of(ledger, claim):
    return next(row for row in ledger["claims"] if row["id"] == claim)


PAIR = (
    verdict("made-up/pair#low", recomputed=2.0, factor=1.0),
    verdict("made-up/pair#high", recomputed=8.0, **WRONG),
)


@pytest.fixture
def bounds_file():
    found = [bound(kind, id=f"{kind}/today", inputs=(INPUT,)) for kind in KINDS]
    return records.bounds_json(book_of(*found))


@pytest.fixture
def ledger_file(made_up_claims):
    return records.ledger_json(book_of(verdict(), *PAIR))


def test_the_public_files_are_valid_and_hold_no_nan(bounds_file, ledger_file):
    for document, name in ((bounds_file, "bounds"), (ledger_file, "ledger")):
        records.validate(json.loads(json.dumps(document, allow_nan=False)), name)


def test_a_bound_points_at_its_card(bounds_file):
    assert bounds_file["bounds"][0]["url"] == "chapters/a.html#bound-limit"


def test_the_ledger_of_an_empty_book_lists_every_claim_without_a_verdict(printed_claims):
    ledger = records.ledger_json(records.Book())
    records.validate(ledger, "ledger")
    assert [row["id"] for row in ledger["claims"]] == printed_claims
    for row in ledger["claims"]:
        assert [row[name] for name in ("verdict", "recomputed", "factor", "severity", "url")] == [None] * 5


def test_a_settled_claim_carries_its_verdict_and_address(ledger_file):
    row = row_of(ledger_file, "made-up/power")
    assert (row["verdict"], row["recomputed"], row["published_number"], row["factor"]) == ("reproduced", 2e-3, 1e-3, 2)
    assert row["url"] == "chapters/a.html#claim-made-up-power"
    assert row_of(ledger_file, "made-up/digits")["verdict"] is None


def test_a_claim_with_parts_takes_the_worst_verdict(ledger_file):
    row = row_of(ledger_file, "made-up/pair")
    assert (row["verdict"], row["severity"], row["explanation"]) == ("discrepant", "minor", "a sign")
    assert [part["verdict"] for part in row["parts"]] == ["reproduced", "discrepant"]


def test_a_claim_settled_only_in_part_names_the_open_parts(made_up_claims):
    with pytest.raises(NuemError, match="made-up/pair is settled only in part; still open: made-up/pair#high"):
        records.ledger_json(book_of(PAIR[0]))


def break_field(document, table, name, value):
    broken = copy.deepcopy(document)
    broken[table][0][name] = value
    return broken


def fields_of(name):
    schema = json.loads((records.SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    row = schema["$defs"]["claim"] if name == "ledger" else schema["properties"]["bounds"]["items"]
    return sorted(row["properties"])


@pytest.mark.parametrize("field", fields_of("bounds"))
def test_each_field_of_a_bound_is_checked(bounds_file, field):
    with pytest.raises(NuemError, match=f"bounds.json, record .*, field {field}: "):
        records.validate(break_field(bounds_file, "bounds", field, {"not": "this"}), "bounds")
    del bounds_file["bounds"][0][field]
    with pytest.raises(NuemError, match=f"bounds.json, record .*'{field}' is a required property"):
        records.validate(bounds_file, "bounds")


@pytest.mark.parametrize("field", fields_of("ledger"))
def test_each_field_of_a_claim_is_checked(ledger_file, field):
    with pytest.raises(NuemError, match=f"ledger.json, record .*, field {field}: "):
        records.validate(break_field(ledger_file, "claims", field, {"not": "this"}), "ledger")
    del ledger_file["claims"][0][field]
    with pytest.raises(NuemError, match=f"ledger.json, record .*'{field}' is a required property"):
        records.validate(ledger_file, "ledger")


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("bounds", "id", "charge/tomorrow"),
        ("bounds", "url", "https://example.org/a.html#b"),
        ("bounds", "url", "chapters/a.html"),
        ("bounds", "cl", 1),
        ("bounds", "error", -1),
        ("bounds", "sided", 3),
        ("bounds", "inputs", [{"name": "mass"}]),
        ("bounds", "curve", {"x": []}),
        ("bounds", "surprise", 1),
        ("claims", "verdict", "wrong"),
        ("claims", "verdict", "discrepant"),  # without severity and explanation
        ("claims", "recomputed", "two"),
        ("claims", "factor", None),
        ("claims", "url", None),
        ("claims", "severity", "serious"),
        ("claims", "surprise", 1),
        ("claims", "root", "made-up/digits"),  # of a claim that isn't discrepant
        ("claims", "unstated_range", [1.0]),
    ],
)
def test_values_that_the_schemas_refuse(bounds_file, ledger_file, table, field, value):
    name, document = ("bounds", bounds_file) if table == "bounds" else ("ledger", ledger_file)
    with pytest.raises(NuemError, match=f"{name}.json, record "):
        records.validate(break_field(document, table, field, value), name)


def test_the_schema_version_is_checked(bounds_file):
    with pytest.raises(NuemError, match=r"bounds\.json"):
        records.validate({**bounds_file, "schema": "0.9"}, "bounds")


def old(document):
    """The file as version 1.0 wrote it."""
    added = ("root", "unstated", "unstated_range")

    def strip(row):
        kept = {name: value for name, value in row.items() if name not in added}
        return {**kept, "parts": [strip(part) for part in row["parts"]]} if "parts" in row else kept

    return {"schema": "1.0", **{key: list(map(strip, rows)) for key, rows in document.items() if key != "schema"}}


def test_a_file_of_the_first_version_reads_as_today(ledger_file, bounds_file):
    for document, name in ((ledger_file, "ledger"), (bounds_file, "bounds")):
        newer = records.upgraded(old(document))
        assert newer == document
        records.validate(newer, name)
    broken = {**old(ledger_file), "claims": [{"id": "made-up/power"}, 7]}
    with pytest.raises(NuemError, match=r"ledger\.json, record made-up/power"):
        records.validate(records.upgraded(broken), "ledger")
