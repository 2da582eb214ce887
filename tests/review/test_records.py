"""Bounds and verdicts as data: what a record may say, how it travels, and the two public files."""

import copy
import json
import math

import pytest
from nuem.errors import NuemError
from nuem.review import bounds, inputs, records
from nuem.review.bounds import KINDS, Bound, of_kind
from nuem.review.place import at
from nuem.review.records import VIEW_MIME, Verdict, collect

INPUT = {
    "name": "mass",
    "value": 2.0,
    "error": 0.1,
    "unit": "keV",
    "source": "book",
    "where": "p. 1",
    "checked": "memory",
    "elasticity": 0.5,
    "contribution": 0.025,
    "overridden": False,
}


def bound(kind="limit", **fields):
    numbers = {
        "limit": {"value": 1e-6},
        "measurement": {"value": 1.0, "error": 0.1},
        "interval": {"lower": -1.0, "upper": 2.0},
        "region": {"curve": {"x": [1.0], "lower": [1e-9], "upper": [None], "units": {"x": "eV", "y": "1"}}},
    }
    common = {"id": "charge/today", "title": "a bound", "parameter": "|ε|", "unit": "1", "vintage": "today"}
    return of_kind(**{**common, "kind": kind, **numbers[kind], **fields})


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
        ({"outcome": "quoted"}, "is quoted: say with checked= how its source was read"),
        ({"outcome": "quoted", "checked": "sorce"}, "checked is 'sorce'; did you mean source"),
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
    views = [
        {"kind": "bound", "bounds": [records.to_json(record)], "verdict": None}
        if isinstance(record, Bound)
        else {"kind": "verdict", "verdict": records.to_json(record)}
        for record in found
    ]
    views.append({"kind": "number", "key": "x", "label": "a number", "text": "1"})
    shown = [{"output_type": "display_data", "data": {"text/plain": "card", VIEW_MIME: view}} for view in views]
    outputs = [{"output_type": "stream", "text": "hello"}, *shown]
    return json.loads(json.dumps({"cells": [{"id": "text"}, {"id": cell, "outputs": outputs}]}))


def test_records_are_read_back_with_their_chapter_and_cell():
    book = collect([("chapters/a", notebook(bound(), verdict())), ("chapters/b", notebook(cell="empty"))])
    (found,), (settled,) = book.bounds, book.verdicts
    assert found.url == "chapters/a.html#bound-charge"
    assert found == at(bound(), "chapters/a", "result")
    assert settled == at(verdict(), "chapters/a", "result")


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
    assert [found.root for found in book.verdicts] == [None, "made-up/digits"]
    with pytest.raises(NuemError, match=r"made-up/power in chapters/a .*its root made-up/digits is reproduced; drop"):
        book_of(verdict("made-up/digits"), verdict(**REPEATED))
    chain = verdict("made-up/digits", **WRONG, root="made-up/formula"), verdict("made-up/formula", **WRONG)
    with pytest.raises(NuemError, match=r"its root made-up/digits itself repeats made-up/formula; name that"):
        book_of(*chain, verdict(**REPEATED))


def test_two_claims_are_not_each_others_root(made_up_claims):
    with pytest.raises(NuemError, match="itself repeats"):
        book_of(verdict("made-up/digits", **WRONG, root="made-up/power"), verdict(**REPEATED))


def test_a_root_in_a_chapter_that_is_not_read_is_let_pass(made_up_claims):
    assert book_of(verdict(**REPEATED)).verdicts[0].root == "made-up/digits"


def test_a_repetition_whose_root_a_reader_cured_stands_for_itself(made_up_claims):
    found = [("chapters/a", notebook(verdict("made-up/digits"), verdict(**REPEATED)))]
    assert [settled.root for settled in collect(found, own_inputs=True).verdicts] == [None, None]


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


def test_a_claim_with_parts_is_checked_as_badly_as_its_worst_part(made_up_claims):
    def pair(*checked):
        parts = [
            verdict(f"made-up/pair#{name}", "quoted", checked=how) if how else verdict(f"made-up/pair#{name}")
            for name, how in zip(("low", "high"), checked, strict=True)
        ]
        return row_of(records.ledger_json(book_of(*parts)), "made-up/pair")["checked"]

    assert (pair("secondhand", "none"), pair("source", None), pair(None, None)) == ("none", "source", None)


def test_the_schemas_know_the_words_of_the_code():
    fields = records.schema("bounds")["properties"]["bounds"]["items"]["properties"]
    assert fields["origin"]["enum"] == list(bounds.ORIGINS) and fields["kind"]["enum"] == list(bounds.KINDS)
    assert fields["assumes"]["items"]["enum"] == list(bounds.ASSUMPTIONS)
    of_claims = records.schema("ledger")["$defs"]["claim"]["properties"]
    for field in (of_claims["checked"], fields["inputs"]["items"]["properties"]["checked"]):
        assert field["enum"] == [*inputs.CHECKED, None]


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
        ("bounds", "origin", "borrowed"),
        ("bounds", "assumes", ["photon"]),
        ("bounds", "inputs", [{**INPUT, "checked": "twice"}]),
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
        ("claims", "checked", "twice"),
    ],
)
def test_values_that_the_schemas_refuse(bounds_file, ledger_file, table, field, value):
    name, document = ("bounds", bounds_file) if table == "bounds" else ("ledger", ledger_file)
    with pytest.raises(NuemError, match=f"{name}.json, record "):
        records.validate(break_field(document, table, field, value), name)


def test_the_schema_version_is_checked(bounds_file):
    with pytest.raises(NuemError, match=r"bounds\.json"):
        records.validate({**bounds_file, "schema": "0.9"}, "bounds")


# -- the listings ----------------------------------------------------------------------------------------------------


def test_entries_of_the_listings_are_read_back_with_their_place():
    row = {"id": "S066MGM/doe-2001/2", "printed": "<3"}
    cell = {"id": "moment", "outputs": [{"data": {records.VIEW_MIME: {"kind": "listings", "rows": [row]}}}]}
    book = records.collect([("chapters/a", {"cells": [cell]})])
    place = {"chapter": "chapters/a", "cell": "moment", "url": "chapters/a.html#entry-s066mgm-doe-2001-2"}
    assert records.listings_json(book)["entries"] == [{**row, **place}]


def test_an_entry_that_does_not_fit_its_schema_is_named():
    document = {"schema": records.versions.CURRENT, "entries": [{"id": "S066MGM/doe-2001"}]}
    with pytest.raises(NuemError, match=r"listings\.json, record S066MGM/doe-2001, field -: .* is a required property"):
        records.validate(document, "listings")


def test_a_book_without_such_a_page_has_a_valid_empty_list():
    records.validate(records.listings_json(records.Book()), "listings")
