"""Every entry of the listings has a row, and what the rows say about each other follows from what the entries print."""

import contextlib
import re
import sqlite3
from pathlib import Path

import pdg
import pytest
from conftest import ROOT
from nuem import NuemError, judged, listings
from nuem.review import records
from nuem.review.bounds import Interval, Limit
from nuem.review.inputs import Inputs
from nuem.synthesis.judged import Judged, Judgement

BASE = {"title": "t", "vintage": "today", "cl_method": "made up"}
MOMENT = Limit(id="mu-made-up/today", parameter="μ_ν", unit="mu_B", value=2e-11, **BASE)
RADIUS = Interval(id="r2-made-up/today", parameter="⟨r²⟩", unit="cm^2", lower=-4e-32, upper=6e-32, **BASE)
QUOTED = Interval(
    id="r2-quoted/today", parameter="⟨r²⟩", unit="cm^2", lower=-4e-32, upper=6e-32, origin="quoted", **BASE
)
SAID = {"flavour": "reactor", "experiment": "A", "reason": "made up"}


def entry(text="<4 E-11", ends=(0.0, 4e-11), **fields):
    known = {"who": "Doe 2001", "year": 2001, "doi": None, "cl": 90.0, "how": None, "technique": "", "is_limit": True}
    rest = {"unit": "mu(B)", "used": False, "notes": (), "value": ends and ends[1]}
    return listings.Entry(**{**known, **rest, "text": text, "ends": ends, **fields})


def one(identifier="S066MGM/doe-2001", said=None, **fields):
    return Judged(
        identifier, identifier.partition("/")[0], entry(**fields), Judgement("here", **{**SAID, **(said or {})})
    )


def rows_of(*everything, bounds=()):
    judge = judged._Judge(everything, bounds, Inputs({}))
    return [judge.row(single) for single in everything]


def kinds(row):
    return [found["kind"] for found in row["disagreements"]]


# -- the edition and the file ----------------------------------------------------------------------------------------


def test_the_file_has_a_row_for_each_entry_of_the_installed_edition():
    """Counted past the interface, in the database itself: a new edition that brings more entries fails here."""
    path = Path(pdg.__file__).with_name("pdg.sqlite")
    command = (
        "select pdgid, count(*) from pdgmeasurement where pdgid in ('S066CHR', 'S066MGM', 'S066CRD') group by pdgid"
    )
    with contextlib.closing(sqlite3.connect(path)) as database:
        counted = dict(database.execute(command).fetchall())
    rows = judged.read()
    assert counted == {name: len(found) for name, found in rows.items()}
    assert len(judged.match(listings.read(judged.PROPERTIES), rows)) == sum(counted.values())


def test_an_entry_without_a_row_and_a_row_without_an_entry_are_named():
    said = {"S066MGM": {"DOE 2001, <5 E-11": Judgement("here", **SAID)}}
    with pytest.raises(
        NuemError, match=r"without a row: S066MGM: DOE 2001, <4 E-11\. Rows without an entry: .*<5 E-11"
    ):
        judged.match({"S066MGM": [entry()]}, said)


def test_two_entries_of_one_document_have_their_numbers():
    said = {"S066MGM": {name: Judgement("here", **SAID) for name in ("DOE 2001, <4 E-11", "DOE 2001, <5 E-11")}}
    found = judged.match({"S066MGM": [entry(), entry("<5 E-11", (0.0, 5e-11))]}, said)
    assert [single.id for single in found] == ["S066MGM/doe-2001/1", "S066MGM/doe-2001/2"]


def test_every_source_of_the_file_is_in_the_bibliography():
    keys = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text("utf-8"), re.M))
    said = [row for rows in judged.read().values() for row in rows.values()]
    named = {row.source for row in said} | {row.contested.get("source") for row in said}
    assert named - {None} <= keys


def file_of(tmp_path, *lines, listing="S066MGM"):
    path = tmp_path / "listings.yml"
    rows = {name: "{}" for name in judged.PROPERTIES}
    rows[listing] = "\n".join(["", '  "DOE 2001, <4 E-11":', *(f"    {line}" for line in lines)])
    path.write_text("\n".join(f"{name}: {content}" for name, content in rows.items()), "utf-8")
    return path


GOOD = ("flavour: reactor", "experiment: A", "reason: made up")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (GOOD[:2], "reason missing"),
        ((*GOOD, "flavor: muon"), "unknown field 'flavor'; did you mean flavour"),
        (("flavour: reactr", *GOOD[1:]), "flavour is 'reactr'; did you mean reactor"),
        ((*GOOD, "checked: yesterday"), "checked is 'yesterday'; .*secondhand"),
        ((*GOOD, "nature: Weyl"), "nature is 'Weyl'; .*Majorana"),
        ((*GOOD, "sided: 3"), "sided is 3; .*1, 2"),
        ((*GOOD, "convention: book"), "a charge radius, and nothing else, says its convention"),
        ((*GOOD, "authors: {prints: '4e-11', where: abstract}"), "their own number was read, so write checked: source"),
        ((*GOOD, "checked: source", "authors: {prints: '4e-11'}"), "authors: where missing"),
        (
            (*GOOD, "checked: source", "authors: {prints: about, where: a}"),
            "authors: could not convert .*; write prints:",
        ),
        ((*GOOD, "checked: source", "authors: {prints: '1e-9', cl: 90, where: a}"), "level 90.0 is not a fraction"),
        ((*GOOD, "contested: {source: doe}"), "contested: because missing"),
        ((*GOOD, "disagrees: [{kind: facts, listed: a, where: b}]"), "with one of bound, found, input"),
        ((*GOOD, "disagrees: [{kind: taste, listed: a, where: b}]"), "disagrees: Allowed are: argument, "),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_place(tmp_path, lines, message):
    with pytest.raises(NuemError, match=message) as refusal:
        judged.read(file_of(tmp_path, *lines))
    assert "listings.yml, S066MGM, DOE 2001, <4 E-11" in str(refusal.value)


def test_an_empty_row_is_refused(tmp_path):
    with pytest.raises(NuemError, match="experiment, flavour, reason missing"):
        judged.read(file_of(tmp_path, "{}"))


def test_a_listing_that_is_left_out_is_refused(tmp_path):
    (tmp_path / "listings.yml").write_text("S066MGM: {}", "utf-8")
    with pytest.raises(NuemError, match="S066CHR, S066CRD missing"):
        judged.read(tmp_path / "listings.yml")


# -- standings -------------------------------------------------------------------------------------------------------


def test_without_anything_else_an_entry_is_quoted():
    [row] = rows_of(one())
    assert row["standings"] == ["quoted"] and row["ours"] is None


def test_a_bound_of_ours_makes_an_entry_derived():
    [row] = rows_of(one(said={"bound": "mu-made-up/today"}), bounds=[MOMENT])
    assert row["standings"] == ["derived"] and row["ours"]["ratio"] == 0.5


def test_a_radius_of_ours_is_compared_in_the_convention_of_the_table():
    said = {"convention": "unknown", "bound": "r2-made-up/today"}
    radius = {"text": "-2 to 6", "ends": (-2e-32, 6e-32), "unit": "cm**2", "value": None}
    [row] = rows_of(one("S066CRD/doe-2001", said, **radius), bounds=[RADIUS])
    assert row["standings"] == ["derived"]
    assert (row["ours"]["lower"], row["ours"]["upper"], row["ours"]["ratio"]) == (-2e-32, 3e-32, 0.5)


@pytest.mark.parametrize(("listed", "standing"), [(3e-32, "converted"), (6e-32, "quoted")])
def test_a_quoted_bound_is_converted_if_its_number_is_another_one(listed, standing):
    radius = {"text": "-2 to 3", "ends": (-2e-32, listed), "unit": "cm**2", "value": None}
    said = {"convention": "table", "bound": "r2-quoted/today"}
    [row] = rows_of(one("S066CRD/doe-2001", said, **radius), bounds=[QUOTED])
    assert row["standings"] == [standing]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"bound": "mu-made-upp/today"},
            "no chapter publishes the bound mu-made-upp/today; did you mean mu-made-up/today",
        ),
        ({"bound": "r2-made-up/today"}, "the bound r2-made-up/today is no magnetic moment"),
        ({"input": "moment_limit_gema"}, "no input 'moment_limit_gema'; did you mean moment_limit_gemma"),
        ({"input": "moment_limit_gemma"}, "the input moment_limit_gemma is 2.9e-11 .*, the entry <4 E-11; mend one"),
        ({"newer": "moment_limit_munu"}, "newer names moment_limit_munu, which is not stronger"),
        (
            {"contested": {"because": "b", "entry": "ROE 1999"}},
            "contested names the entry ROE 1999, which isn't listed",
        ),
        ({"disagrees": [{"kind": "facts", "listed": "7 keV", "found": "8", "where": "w"}]}, "doesn't say '7 keV'"),
        (
            {"disagrees": [{"kind": "argument", "listed": "<4 E-11", "bound": True, "where": "w"}]},
            "names none; add bound",
        ),
    ],
)
def test_what_a_row_names_has_to_exist_and_to_fit(said, message):
    with pytest.raises(NuemError, match=message):
        rows_of(one(said=said), bounds=[MOMENT, RADIUS])


LATER = {"who": "Roe 2005", "year": 2005, "text": "<3 E-11", "ends": (0.0, 3e-11)}


@pytest.mark.parametrize(
    ("fields", "said", "superseded"),
    [
        ({}, {}, True),
        ({"year": 1999}, {}, False),
        ({"text": "<5 E-11", "ends": (0.0, 5e-11)}, {}, False),
        ({"cl": 68.0}, {}, False),
        ({"cl": 95.0}, {}, True),
        ({"cl": None}, {}, False),
        ({}, {"flavour": "muon"}, False),
        ({}, {"experiment": "B"}, False),
        ({}, {"nature": "Majorana"}, False),
        ({"text": "(1 - 3) E-11", "ends": (1e-11, 3e-11), "value": None}, {}, False),
    ],
)
def test_a_later_stronger_result_of_the_same_experiment_supersedes(fields, said, superseded):
    rows = rows_of(one(), one("S066MGM/roe-2005", said, **{**LATER, **fields}))
    assert ("superseded" in rows[0]["standings"]) == superseded
    assert "superseded" not in rows[1]["standings"] or fields.get("year") == 1999 or "<5" in fields.get("text", "")


def test_a_later_result_outside_of_the_edition_supersedes():
    [row] = rows_of(one(text="<9 E-11", ends=(0.0, 9e-11), said={"newer": "moment_limit_gemma"}))
    assert row["standings"] == ["superseded"] and row["superseded_by"][0]["by"] == "moment_limit_gemma"


@pytest.mark.parametrize(
    "words",
    [
        {"notes": ("ROE 2005 has data. Supersedes DOE 2001.",)},
        {"notes": ("This analysis supersedes that of the external authors in DOE 2001 because it is complete.",)},
        {"notes": ("ROE 2005 is an update of DOE 2001.",)},
        {"how": "Reactor, supersedes DOE 2001"},
    ],
)
def test_the_group_s_own_words_supersede(words):
    """Also by a weaker result, and then it is said that a stronger limit was given up."""
    weaker = {**LATER, "text": "<5 E-11", "ends": (0.0, 5e-11), **words}
    first, second = rows_of(one(), one("S066MGM/roe-2005", **weaker))
    assert first["superseded_by"] == [{"by": "S066MGM/roe-2005", "how": "the group says so"}]
    assert second["standings"] == ["quoted"] and kinds(first) == ["withdrawn"]


@pytest.mark.parametrize("how", ["Repl. by ROE 2005", "superseded by ROE 2005"])
def test_an_entry_can_name_what_replaces_it(how):
    first, second = rows_of(one(how=how), one("S066MGM/roe-2005", **LATER))
    assert first["superseded_by"][0]["how"] == "the group says so" and second["standings"] == ["quoted"]


EXCESS = {"text": "(5 - 9) E-11", "ends": (5e-11, 9e-11), "value": None}


@pytest.mark.parametrize(
    ("fields", "said", "excluded"),
    [({}, {}, True), ({"cl": 68.0}, {}, False), ({}, {"flavour": "muon"}, False), ({"ends": (0.0, 6e-11)}, {}, False)],
)
def test_a_range_above_a_limit_is_contested(fields, said, excluded):
    rows = rows_of(one(**EXCESS), one("S066MGM/roe-2005", {"experiment": "B", **said}, **{**LATER, **fields}))
    assert ("contested" in rows[0]["standings"]) == excluded


def test_a_range_around_zero_is_excluded_by_nothing():
    around = {"text": "-5 - 9 E-11", "ends": (-5e-11, 9e-11), "value": None}
    rows = rows_of(one(**around), one("S066MGM/roe-2005", {"experiment": "B"}, **LATER))
    assert rows[0]["standings"] == ["quoted"]


def test_counts_add_up_and_count_an_entry_once():
    rows = rows_of(one(said={"bound": "mu-made-up/today"}), one("S066MGM/roe-2005", **LATER), bounds=[MOMENT])
    assert rows[0]["standings"] == ["derived", "superseded"]
    counts = judged.counts(rows)
    assert sum(found["all"] for found in counts.values()) == 2
    assert (counts["superseded"]["all"], counts["superseded"]["at all"]) == (0, 1)


# -- what doesn't fit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ends", "prints", "found"),
    [
        ("< 37E-10", (0.0, 3.7e-9), "3.71e-9", []),
        ("<2.1 E-12", (0.0, 2.1e-12), "1.0e-12", ["number"]),
        ("<2.1 E-12", (0.0, 2.1e-12), "2.16e-12", ["number"]),
        ("1.7 - 2.3 E-12", (1.7e-12, 2.3e-12), "1.7e-12 to 2.3e-12", []),
        ("-2.1 to 3.3", (-2.1e-32, 3.3e-32), "-4.2e-32 to 6.6e-32", ["number"]),
    ],
)
def test_the_authors_number_has_to_round_to_the_listed_digits(text, ends, prints, found):
    said = {"checked": "source", "authors": {"prints": prints, "where": "abstract"}}
    [row] = rows_of(one(text=text, ends=ends, said=said))
    assert kinds(row) == found


def test_the_authors_number_is_halved_where_their_radius_is_twice_the_table_s():
    said = {"checked": "source", "convention": "book"}
    radius = {"text": "-2.1 to 3.3", "ends": (-2.1e-32, 3.3e-32), "unit": "cm**2", "value": None}
    for prints, found in (("-4.2e-32 to 6.6e-32", []), ("-2.1e-32 to 3.3e-32", ["number"])):
        authors = {"prints": prints, "where": "abstract"}
        assert kinds(rows_of(one("S066CRD/doe-2001", {**said, "authors": authors}, **radius))[0]) == found


@pytest.mark.parametrize(("level", "found"), [(0.9, []), (0.95, ["level"]), ("none", ["level"])])
def test_the_authors_level_has_to_be_the_listed_one(level, found):
    said = {"checked": "source", "authors": {"prints": "4e-11", "cl": level, "where": "abstract"}}
    assert kinds(rows_of(one(said=said))[0]) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"cl": None, "notes": ("Limit at 95%CL from a core.",)}, ["level"]),
        ({"notes": ("Limit at 95%CL from a core.",)}, []),
        ({"title": "A limit from 1495 Days of data", "notes": ("Spectrum of 1496 days.",)}, ["facts"]),
        ({"title": "A limit from 1496 Days of data", "notes": ("Spectrum of 1496 live days.",)}, []),
    ],
)
def test_an_entry_that_contradicts_itself_is_found(fields, found):
    assert kinds(rows_of(one(**fields))[0]) == found


@pytest.mark.parametrize(("flavour", "found"), [("reactor", ["superlative"]), ("muon", [])])
def test_a_superlative_holds_for_its_flavour_until_a_stronger_limit_is_listed(flavour, found):
    praised = one(notes=("Most stringent laboratory limit on the moment.",))
    rows = rows_of(praised, one("S066MGM/roe-2005", {"experiment": "B", "flavour": flavour}, **LATER))
    assert kinds(rows[0]) == found


def test_a_typed_disagreement_shows_the_value_of_its_input():
    wanted = [{"kind": "facts", "listed": "2.5 keV", "input": "gemma_threshold", "where": "the paper"}]
    [row] = rows_of(one(notes=("From 2.5 keV on.",), said={"disagrees": wanted}))
    assert row["disagreements"][0]["found"] == "2.8 keV"


# -- the installed edition -------------------------------------------------------------------------------------------


def test_the_database_shows_one_headline_a_hundred_times_larger_than_it_is():
    [(name, headline)] = judged.misshown(judged.PROPERTIES)
    assert name == "S066MGM" and headline.shown / headline.value == pytest.approx(100, rel=1e-9)


def test_ranges_are_words_for_a_program():
    entries = listings.read(judged.PROPERTIES)
    ranges = [one for found in entries.values() for one in found if one.kind == "interval"]
    assert ranges and set(map(id, ranges)) <= set(map(id, judged.unread(entries)))


def test_the_schema_has_the_words_of_the_code():
    row = records.schema("listings")["properties"]["entries"]["items"]["properties"]
    kinds_of = records.schema("listings")["$defs"]["disagreement"]["properties"]["kind"]["enum"]
    assert row["standings"]["items"]["enum"] == list(judged.STANDINGS)
    assert kinds_of == list(judged.DISAGREEMENTS)
    assert row["listing"]["enum"] == list(judged.PROPERTIES) and row["property"]["enum"] == [
        *judged.PROPERTIES.values()
    ]
    assert row["unit"]["enum"] == list(judged.UNITS.values())
    assert row["nature"]["enum"] == [*judged.NATURES, None] and row["by"]["enum"] == list(judged.BY)
