"""What a chapter shows: numbers for its text, tables of inputs, cards of bounds and verdicts."""

import json
import re

import numpy as np
import pytest
import sympy as sp
from nuem.errors import NuemError
from nuem.notebook.chapter import Chapter
from nuem.notebook.widgets import Slider
from nuem.review import records
from nuem.review.bounds import from_row
from nuem.review.inputs import Inputs
from nuem.review.records import VIEW_MIME
from nuem.view import cards
from nuem.view.style import STYLE

INPUTS = r"""
spread:
  describe: spread of $x < y$
  symbol: '\sigma'
  unit: keV^2
  allowed: positive
  published: {value: "4e-6", source: zorn-1963, where: table <2>}
  today: {value: "1.0(1)e-6", source: new-2025, where: abstract}
stiffness:
  describe: stiffness
  unit: "1"
  published: {value: "4.00", source: zorn-1963, where: table 3}
  today: {value: "4.00", source: zorn-1963, where: table 3}
offset:
  describe: offset
  unit: "1"
  today: {value: "0(2)e-3", source: new-2025, where: abstract}
"""


def root(v):
    """Published: the root of 4e-6 / 4, which is 1e-3; today half of it, with half the relative error of 10 %."""
    return (v.spread / v.stiffness) ** 0.5


@pytest.fixture
def shown(monkeypatch):
    """Everything that the chapter displays: (data, metadata)."""
    displays = []
    monkeypatch.setattr(
        "nuem.notebook.chapter.display", lambda data, raw, metadata=None: displays.append((data, metadata or {}))
    )
    return displays


@pytest.fixture
def open_chapter(tmp_path, shown, made_up_claims):
    """Opens a chapter with made-up inputs and claims, and a reader's overrides."""
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "made-up.yml").write_text(INPUTS)

    def open_chapter(**overrides):
        chapter = Chapter()
        chapter.inputs = Inputs(overrides, tmp_path / "inputs")
        return chapter

    return open_chapter


@pytest.fixture
def chapter(open_chapter):
    return open_chapter()


def page(shown):
    html = "".join(data.get("text/html", "").replace(STYLE, "") for data, _ in shown)
    return re.sub(' data-label="[^"]*"', "", html)  # what a narrow screen shows beside a cell


def glued(shown):
    """The texts that the markdown can use, by name."""
    found = {}
    for data, metadata in shown:
        if "scrapbook" in metadata:
            prefix = metadata["scrapbook"]["mime_prefix"]
            found[metadata["scrapbook"]["name"]] = data[prefix + "text/plain"]
    return found


def views(shown, kind):
    found = [data[VIEW_MIME] for data, _ in shown if VIEW_MIME in data]
    return [view for view in found if view["kind"] == kind]


def published(shown):
    """The records that the book would collect."""
    outputs = [{"data": data} for data, _ in shown]
    return records.read_notebook({"cells": [{"id": "cell", "outputs": outputs}]}, "chapters/a")


def bounds_in(shown):
    return [records.to_json(bound) for bound in published(shown).bounds]


def verdicts_in(shown):
    return [records.to_json(verdict) for verdict in published(shown).verdicts]


# -- numbers in the text ---------------------------------------------------------------------------------------------


def test_a_number_is_glued_typeset_and_shown_with_its_label(chapter, shown):
    chapter.number("limit", 2.5835e-6, "the limit on $x$, a < b", unit="mu_B")
    assert glued(shown) == {"limit": "2.6 × 10⁻⁶ μ_B"}
    assert r"the limit on \(x\), a &lt; b: <strong>2.6 × 10⁻⁶ μ<sub>B</sub></strong>" in page(shown)


def test_a_number_with_its_error(chapter, shown):
    chapter.number("mass", 12.3, "mass", unit="keV", error=0.45)
    assert glued(shown)["mass"] == "12.30 ± 0.45 keV"


def test_a_cell_can_run_again_and_its_last_number_counts(chapter, shown):
    chapter.text("limit", "one", "a text")
    chapter.number("limit", 2.0, "a number")
    chapter.recall("limit")
    assert glued(shown)["limit"] == "2.0" and views(shown, "recalled")[0]["text"] == "2.0"


def test_a_key_of_two_cells_is_refused_where_the_executed_notebook_is_read(chapter, shown):
    chapter.text("limit", "one", "a text")
    chapter.text("limit", "two", "another text")
    cells = [{"id": f"cell-{number}", "outputs": [{"data": data}]} for number, (data, _) in enumerate(shown)]
    with pytest.raises(NuemError, match="a: the key 'limit' is used in the cell cell-0 and again in the cell cell-1"):
        records.read_notebook({"cells": cells}, "chapters/a")


def test_recalling_shows_a_number_again_without_gluing_it_again(chapter, shown):
    chapter.text("limit", "one", "a text")
    before = page(shown)
    chapter.recall("limit")
    assert page(shown) == 2 * before
    assert "scrapbook" not in shown[-1][1]


def test_recalling_an_unknown_key_names_it(chapter):
    chapter.text("limit", "one", "a text")
    with pytest.raises(NuemError, match=r"'limti'.*limit"):
        chapter.recall("limti")


# -- inputs ----------------------------------------------------------------------------------------------------------


def test_the_table_of_inputs_shows_both_vintages_and_their_sources(chapter, shown):
    chapter.show_inputs("spread", "offset")
    table = page(shown)
    assert "4 × 10⁻⁶ keV²" in table and "(1.00 ± 0.10) × 10⁻⁶ keV²" in table
    assert "zorn-1963, table" in table and "new-2025, abstract" in table
    assert r"spread of \(x &lt; y\)" in table and r"\(\sigma\)" in table and "table &lt;2&gt;" in table
    assert "<td>—</td>" in table  # the offset has no published value


def test_the_digits_of_an_input_survive(chapter, shown):
    chapter.show_inputs("stiffness")
    assert page(shown).count("<td>4.00<br>") == 2


def test_an_overridden_input_says_who_set_it(open_chapter, shown):
    open_chapter(spread=3e-6).show_inputs("spread")
    assert "3 × 10⁻⁶ keV²<br><small>set by the reader" in page(shown)


def test_overrides_reach_the_chapter():
    with pytest.raises(NuemError, match="no input 'no-such-name' for this override"):
        Chapter({"no-such-name": 1})


# -- bounds ----------------------------------------------------------------------------------------------------------


def publish(chapter, name="charge", bound=root, **options):
    return chapter.publish(name, bound, **{"title": "a bound", "parameter": "|ε|", **options})


def test_a_bound_is_evaluated_in_both_vintages(chapter, shown):
    bounds = publish(chapter, claim="made-up/power", cl=0.9)
    assert {vintage: bound.value for vintage, bound in bounds.items()} == pytest.approx(
        {"published": 1e-3, "recomputed": 1e-3, "today": 5e-4}
    )
    assert bounds["recomputed"].error == 0
    assert bounds["today"].error == pytest.approx(5e-4 * 0.5 * 0.1, rel=1e-4)
    rows = {row["name"]: row for row in bounds["today"].inputs}
    assert {name: row["elasticity"] for name, row in rows.items()} == pytest.approx(
        {"spread": 0.5, "stiffness": -0.5}, abs=1e-5
    )
    assert (rows["spread"]["value"], rows["spread"]["unit"], rows["spread"]["source"]) == (1e-6, "keV^2", "new-2025")


def test_one_call_publishes_records_glue_and_cards(chapter, shown):
    bounds = publish(chapter, claim="made-up/power", cl=0.9)
    stored = json.loads(json.dumps([view["bounds"] for view in views(shown, "bound")], allow_nan=False))
    assert [[from_row(row) for row in rows] for rows in stored] == [list(bounds.values())]
    (verdict,) = verdicts_in(shown)
    assert (verdict["verdict"], verdict["factor"]) == ("reproduced", pytest.approx(1))
    assert glued(shown) == {
        "charge.published": "|ε| < 10⁻³",
        "charge.recomputed": "|ε| < 1.0 × 10⁻³",
        "charge.today": "|ε| < 5.0 × 10⁻⁴",
    }
    assert page(shown).count('id="bound-charge"') == 1
    assert page(shown).count('id="claim-made-up-power"') == 1
    assert "+0.50" in page(shown) and "−0.50" in page(shown)


def test_what_a_chapter_publishes_makes_valid_public_files(chapter, shown):
    publish(chapter, claim="made-up/power", cl=0.9, cl_method="gaussian", sided=2)
    cell = {"id": "cell", "outputs": [{"data": data} for data, _ in shown]}
    book = records.collect([("chapters/a", json.loads(json.dumps({"cells": [cell]}, allow_nan=False)))])
    records.validate(records.bounds_json(book), "bounds")
    records.validate(records.ledger_json(book), "ledger")


def test_a_table_shows_what_it_is_given(chapter, shown):
    chapter.table(["a", "b"], [("x", {"source": "zorn-1963"})], "sizes")
    assert views(shown, "table") == [
        {"kind": "table", "title": "sizes", "head": ["a", "b"], "rows": [["x", {"source": "zorn-1963"}]]}
    ]
    assert "<td>zorn-1963</td>" in page(shown)


def test_every_view_survives_a_notebook_file(chapter, shown):
    chapter.number("limit", 2.0, "limit", unit="keV")
    chapter.recall("limit")
    chapter.show_inputs("spread", "offset")
    publish(chapter, claim="made-up/power")
    kinds = set()
    for data, _ in shown:
        if VIEW_MIME in data:
            again = json.loads(json.dumps(data[VIEW_MIME], allow_nan=False))
            assert cards.render(again, cards.Links()) == data["text/html"].replace(STYLE, "")
            kinds.add(again["kind"])
    assert kinds == {"number", "recalled", "inputs", "bound", "verdict"}


def test_a_bound_without_a_claim_settles_nothing(chapter, shown):
    assert list(publish(chapter)) == ["recomputed", "today"]
    assert verdicts_in(shown) == []


def test_an_override_marks_the_bounds_that_use_it(open_chapter):
    bounds = publish(open_chapter(spread=9e-6), claim="made-up/power")
    assert [bounds[vintage].overridden for vintage in ("published", "recomputed", "today")] == [False, False, True]
    assert bounds["today"].value == pytest.approx(1.5e-3)


def test_a_measurement_shows_what_each_input_contributes(chapter, shown):
    bounds = publish(chapter, bound=lambda v: 1e6 * v.spread, kind="measurement", vintages=("today",), parameter="x")
    assert bounds["today"].value_text() == "x = 1.00 ± 0.10"
    assert "<td>0.10</td>" in page(shown)


def test_a_measurement_may_depend_on_an_uncertain_zero(chapter, shown):
    bounds = publish(chapter, bound=lambda v: 1 + 10 * v.offset, kind="measurement", vintages=("today",))
    assert bounds["today"].error == pytest.approx(20e-3)
    assert "<td>0.020</td>" in page(shown)


def test_an_interval_reacts_with_its_width(chapter, shown):
    ends = {"kind": "interval", "parameter": "x", "vintages": ("today",)}
    bound = publish(chapter, bound=lambda v: (-root(v), 3 * root(v)), **ends)["today"]
    assert (bound.lower, bound.upper) == pytest.approx((-0.5e-3, 1.5e-3))
    assert {row["name"]: row["elasticity"] for row in bound.inputs} == pytest.approx({"spread": 0.5, "stiffness": -0.5})
    assert "< x <" in bound.value_text()


def region(v):
    return {"x": np.array([1.0, 2.0]), "lower": [root(v), 2 * root(v)], "upper": [np.inf, 1.0]}


def test_a_region_becomes_a_curve_in_each_vintage(chapter, shown):
    common = {"title": "a region", "parameter": "ε", "cl": 0.95}
    bounds = chapter.publish_region("plane", region, units=("keV", "1"), **common)
    assert list(bounds) == ["recomputed", "today"]
    assert bounds["recomputed"].curve["lower"] == pytest.approx([1e-3, 2e-3])
    assert bounds["today"].curve == {
        "x": [1.0, 2.0],
        "lower": pytest.approx([0.5e-3, 1e-3]),
        "upper": [None, 1.0],
        "units": {"x": "keV", "y": "1"},
    }
    assert [row["name"] for row in bounds["today"].inputs] == ["spread", "stiffness"]
    cell = {"id": "cell", "outputs": [{"data": json.loads(json.dumps(data, allow_nan=False))} for data, _ in shown]}
    records.validate(records.bounds_json(records.collect([("chapters/a", {"cells": [cell]})])), "bounds")


def test_the_printed_bound_may_have_been_made_in_another_way(chapter, shown, made_up_claims):
    bounds = publish(chapter, claim="made-up/power", cl_method="sensitivity", printed={"cl_method": "from data"})
    assert bounds["published"].cl_method == "from data"
    assert bounds["recomputed"].cl_method == bounds["today"].cl_method == "sensitivity"


def test_a_region_may_follow_another_argument_in_each_vintage(chapter, shown):
    twice = {"recomputed": region, "today": lambda v: {**region(v), "lower": [3.0, 4.0]}}
    bounds = chapter.publish_region("plane", twice, title="a", parameter="ε", units=("keV", "1"))
    assert bounds["recomputed"].curve["lower"] == pytest.approx([1e-3, 2e-3])
    assert bounds["today"].curve["lower"] == [3.0, 4.0]


def test_where_own_inputs_exclude_nothing_the_card_says_so_and_no_region_is_stored(open_chapter, shown):
    def nothing_above_a_thousandth(v):
        seen = np.array([root(v), 2 * root(v)]) < 1.5e-3
        masses = np.array([1.0, 2.0])[seen]
        return {"x": masses, "lower": np.full(masses.size, root(v)), "upper": np.ones(masses.size)}

    common = {"title": "a region", "parameter": "ε", "units": ("keV", "1")}
    bounds = open_chapter(spread=1.0).publish_region("plane", nothing_above_a_thousandth, **common)
    assert [len(bounds[vintage].curve["x"]) for vintage in ("recomputed", "today")] == [1, 0]
    assert [record["id"] for record in bounds_in(shown)] == ["plane/recomputed"]
    assert "ε: nothing is excluded with your inputs" in page(shown)


def test_an_empty_region_of_the_published_book_is_refused(chapter, shown):
    empty = {"x": [], "lower": [], "upper": []}
    with pytest.raises(NuemError, match="bound plane/recomputed: the region is empty; its lower edge must be below"):
        chapter.publish_region("plane", lambda v: empty, title="a", parameter="ε", units=("eV", "1"))
    assert bounds_in(shown) == []


def test_a_number_that_is_none_is_refused_with_its_key(chapter, shown):
    with pytest.raises(NuemError, match=r"the number 'slope' \(slope of the edge\) is undefined with these inputs"):
        chapter.number("slope", float("nan"), "slope of the edge")
    assert shown == []


def test_a_region_with_unsorted_masses_is_refused(chapter, shown):
    with pytest.raises(NuemError, match="x is not sorted"):
        chapter.publish_region(
            "plane",
            lambda v: {"x": [2, 1], "lower": [1, 1], "upper": [1, 1]},
            title="a",
            parameter="ε",
            units=("eV", "1"),
        )
    assert bounds_in(shown) == []


def test_a_bound_that_is_not_a_number_is_refused(chapter, shown):
    with pytest.raises(NuemError, match=r"bound charge/.* needs finite numbers"):
        publish(chapter, bound=lambda v: float("nan") * v.spread)
    assert bounds_in(shown) == []


def test_a_bound_in_another_unit_than_its_claim_is_refused(chapter):
    with pytest.raises(NuemError, match="unit"):
        publish(chapter, bound=lambda v: 25 * v.spread / v.spread, claim="made-up/digits", unit="eV")


def test_a_bound_that_misses_its_claim_needs_an_explanation(chapter):
    with pytest.raises(NuemError, match="claim made-up/power comes out discrepant: give explanation="):
        publish(chapter, bound=lambda v: 1e6 * root(v), claim="made-up/power")


# -- verdicts --------------------------------------------------------------------------------------------------------

WRONG = {"explanation": "a lost factor", "severity": "minor"}
x = sp.Symbol("x")


def last_verdict(shown):
    return verdicts_in(shown)[-1]


def test_a_number_is_judged_against_the_printed_one(chapter, shown):
    assert chapter.settle_number("made-up/power", 4e-3, uncertainty=1e-4) == "order-of-magnitude"
    verdict = last_verdict(shown)
    assert (verdict["recomputed"], verdict["uncertainty"], verdict["factor"]) == (4e-3, 1e-4, pytest.approx(4))
    assert "&lt; 10⁻³" in page(shown) and "order-of-magnitude" in page(shown)


def test_a_numpy_number_becomes_plain_json(chapter, shown):
    chapter.settle_number("made-up/power", np.float64(1e-3))
    assert json.loads(json.dumps(last_verdict(shown)))["recomputed"] == 1e-3


def test_the_printed_relation_is_shown(chapter, shown):
    chapter.settle_number("made-up/digits", 25.4)
    assert "≤ 25 keV" in page(shown)


def test_an_unstated_input_is_named_in_the_verdict(chapter, shown):
    assert chapter.settle_number("made-up/pair#low", 2.5, unstated="the mass") == "order-of-magnitude"
    assert (last_verdict(shown)["unstated"], last_verdict(shown)["unstated_range"]) == ("the mass", None)
    assert "Unstated: the mass." in page(shown)


def test_a_range_of_an_unstated_input_is_stored_and_shown(chapter, shown):
    choices = {"unstated": "the mass", "unstated_range": (5.0, 1.9)}
    assert chapter.settle_number("made-up/pair#low", 5.0, **choices) == "order-of-magnitude"
    assert last_verdict(shown)["unstated_range"] == [1.9, 5.0]
    assert "Unstated: the mass; a sensible range of it gives 1.90 to 5.00 keV." in page(shown)


@pytest.mark.parametrize(
    "settle",
    [
        lambda chapter, **words: chapter.settle_number("made-up/pair#low", 9.0, **words),
        lambda chapter, **words: chapter.settle_quoted("made-up/pair#low", 9.0, **words),
        lambda chapter, **words: chapter.settle_quoted("made-up/statement", "the opposite", agrees=False, **words),
        lambda chapter, **words: chapter.settle_statement("made-up/statement", False, "it doesn't", **words),
        lambda chapter, **words: chapter.settle_formula("made-up/formula", x, x + 1, **words),
    ],
    ids=["number", "quoted number", "quoted statement", "statement", "formula"],
)
def test_a_claim_that_repeats_an_error_names_its_root(chapter, shown, settle):
    assert settle(chapter, **WRONG, root="made-up/digits") == "discrepant"
    assert last_verdict(shown)["root"] == "made-up/digits"
    assert "This repeats the error of" in page(shown) and 'href="#claim-made-up-digits"' in page(shown)


def test_a_statement_that_holds_for_some_choice_of_an_unstated_input_is_not_discrepant(chapter, shown):
    open_input = {"unstated": "the mixing angle", "explanation": "It holds for the smaller one."}
    assert chapter.settle_statement("made-up/statement", False, "it may", **open_input) == "order-of-magnitude"
    assert last_verdict(shown)["unstated"] == "the mixing angle"
    assert "Unstated: the mixing angle." in page(shown)
    assert chapter.settle_statement("made-up/formula", True, "it does", **open_input) == "reproduced"


def test_a_published_bound_may_repeat_an_error_and_leave_an_input_open(chapter, shown):
    publish(chapter, claim="made-up/power", unstated="the mass", unstated_range=(1e-3, 5e-3))
    assert last_verdict(shown)["unstated_range"] == [1e-3, 5e-3]
    with pytest.raises(NuemError, match=r"made-up/power comes out .*: drop root="):
        publish(chapter, claim="made-up/power", root="made-up/digits")


def test_a_bound_that_follows_from_the_papers_own_steps_is_judged_by_them(chapter, shown):
    bounds = publish(chapter, claim="made-up/power", from_print=1.5e-3)
    assert (last_verdict(shown)["recomputed"], last_verdict(shown)["verdict"]) == (1.5e-3, "reproduced")
    assert bounds["recomputed"].value != 1.5e-3
    card = page(shown).split("nuem-vintages")[-1].split("</table>")[0]
    (judged,) = (row for row in card.split("<tr>") if "nuem-badge" in row)
    assert "as printed" in judged


def test_a_reader_who_cures_a_repeated_error_gets_a_verdict_not_an_error(open_chapter, shown):
    cured = open_chapter(stiffness={"published": 1.0})
    assert cured.settle_number("made-up/pair#low", 2.0, **WRONG, root="made-up/digits") == "reproduced"
    assert last_verdict(shown)["root"] is None


def test_a_discrepant_number_needs_explanation_and_severity(chapter, shown):
    for missing in ({}, {"explanation": "why"}, {"severity": "minor"}):
        with pytest.raises(NuemError, match=r"made-up/pair#low comes out discrepant: give explanation=.*severity="):
            chapter.settle_number("made-up/pair#low", 3.0, **missing)
    assert shown == []
    assert chapter.settle_number("made-up/pair#low", 3.0, **WRONG) == "discrepant"
    assert "discrepant (minor)" in page(shown) and "a lost factor" in page(shown)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_verdict_is_shown_for_what_is_not_a_number(chapter, shown, value):
    with pytest.raises(NuemError, match="is not finite"):
        chapter.settle_number("made-up/power", value)
    assert shown == []


def test_an_uncertainty_that_is_not_a_number_never_enters_a_record(chapter, shown):
    with pytest.raises((NuemError, ValueError)):
        chapter.settle_number("made-up/power", 1e-3, uncertainty=float("nan"))
    assert shown == []


def test_a_quoted_number_is_compared_with_its_source(chapter, shown):
    assert chapter.settle_quoted("made-up/pair#high", 4.0, explanation="Zorn") == "quoted"
    assert "in the source" in page(shown)
    assert chapter.settle_quoted("made-up/pair#low", 9.0, **WRONG) == "discrepant"
    assert (last_verdict(shown)["factor"], last_verdict(shown)["checked"]) == (pytest.approx(4.5), "source")
    chapter.settle_quoted("made-up/pair#high", 4.0, explanation="Zorn", checked="secondhand")
    assert last_verdict(shown)["checked"] == "secondhand"
    chapter.settle_number("made-up/pair#high", 4.0)
    assert last_verdict(shown)["checked"] is None, "what we compute has no source to read"


def test_a_quoted_statement_says_what_its_source_says(chapter, shown):
    assert chapter.settle_quoted("made-up/statement", "the same", explanation="Zorn") == "quoted"
    assert last_verdict(shown)["recomputed"] == "the same"
    assert chapter.settle_quoted("made-up/statement", "the same", agrees=True, explanation="Zorn") == "quoted"
    assert chapter.settle_quoted("made-up/statement", "the opposite", agrees=False, **WRONG) == "discrepant"
    with pytest.raises(NuemError, match="made-up/statement comes out quoted: drop severity="):
        chapter.settle_quoted("made-up/statement", "the opposite", **WRONG)
    with pytest.raises(NuemError, match="made-up/power is a number: drop agrees="):
        chapter.settle_quoted("made-up/power", 2e-3, agrees=True, explanation="Zorn")


def test_a_source_that_could_not_be_opened_is_said_to_be_so(chapter, shown):
    assert chapter.settle_quoted("made-up/statement", None, explanation="Zorn") == "quoted"
    assert "not opened" in page(shown)
    assert last_verdict(shown)["checked"] == "none"


def test_a_quoted_statement_names_its_source(chapter):
    with pytest.raises(NuemError, match="made-up/statement is quoted: name its source"):
        chapter.settle_quoted("made-up/statement", None, explanation=" ")


def test_a_quoted_number_needs_the_number_of_its_source(chapter):
    with pytest.raises(NuemError, match="of kind number"):
        chapter.settle_quoted("made-up/power", None, explanation="Zorn")


def test_a_formula_in_another_form_is_the_same(chapter, shown):
    assert chapter.settle_formula("made-up/formula", x**2 + 2 * x + 1, (x + 1) ** 2) == "reproduced"
    assert r"\((x+1)^2\)" in page(shown)
    assert last_verdict(shown)["factor"] is None


@pytest.mark.parametrize("printed", [(x - 1) ** 2, 2 * (x + 1) ** 2, -((x + 1) ** 2)])
def test_a_wrong_formula_is_discrepant(chapter, printed):
    with pytest.raises(NuemError, match="made-up/formula comes out discrepant"):
        chapter.settle_formula("made-up/formula", (x + 1) ** 2, printed)
    assert chapter.settle_formula("made-up/formula", (x + 1) ** 2, printed, **WRONG) == "discrepant"


@pytest.mark.parametrize("holds", [True, np.True_, sp.true])
def test_a_statement_that_holds(chapter, shown, holds):
    assert chapter.settle_statement("made-up/statement", holds, "it does, $x > 0$") == "reproduced"
    assert r"it does, \(x &gt; 0\)" in page(shown)


def test_a_statement_that_fails_needs_an_explanation(chapter):
    with pytest.raises(NuemError, match="made-up/statement comes out discrepant"):
        chapter.settle_statement("made-up/statement", False, "it doesn't")
    assert chapter.settle_statement("made-up/statement", False, "it doesn't", **WRONG) == "discrepant"


def test_a_severity_belongs_to_discrepant_claims_only(chapter):
    with pytest.raises(NuemError, match="made-up/statement comes out reproduced: drop severity="):
        chapter.settle_statement("made-up/statement", True, "it does", severity="minor")


def test_a_number_is_not_settled_against_a_formula(chapter):
    with pytest.raises(NuemError, match=r"made-up/formula is of kind formula; settle it with another call"):
        chapter.settle_number("made-up/formula", 1.0)


@pytest.mark.parametrize("claim", ["made-up/power", "made-up/pair"])
def test_a_statement_settles_neither_a_number_nor_a_claim_with_parts(chapter, claim):
    with pytest.raises(NuemError, match=f"{claim} (is of kind |has parts)"):
        chapter.settle_statement(claim, True, "it does")


def test_an_unknown_claim_shows_nothing(chapter, shown):
    with pytest.raises(NuemError, match="no claim 'made-up/powre'; did you mean made-up/power"):
        chapter.settle_number("made-up/powre", 1.0)
    with pytest.raises(NuemError, match="made-up/pair has no part 'hihg'; did you mean high"):
        chapter.settle_number("made-up/pair#hihg", 1.0)
    assert shown == []


def test_a_reader_who_overrides_the_paper_gets_a_verdict_not_an_error(open_chapter, shown):
    chapter = open_chapter(spread={"published": 4e6})
    publish(chapter, claim="made-up/power")
    verdict = last_verdict(shown)
    assert (verdict["verdict"], verdict["severity"]) == ("discrepant", "editorial")
    assert "own inputs" in verdict["explanation"]


def test_a_reader_s_override_may_cure_a_discrepant_claim(open_chapter):
    cured = open_chapter(spread={"published": 4e-6})
    assert cured.settle_number("made-up/pair#low", 2.0, **WRONG) == "reproduced"


# -- live formula ----------------------------------------------------------------------------------------------------


def test_a_live_formula_is_shown_with_its_value(chapter, shown):
    chapter.live_formula(x**2, {x: Slider("x", 3.0, 1.0, 10.0)}, result="square =")
    assert re.search(r'data-python="9\.0">9\.0<', page(shown))
