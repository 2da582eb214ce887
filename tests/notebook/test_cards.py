"""Cards and tables: each fact of a record stands on the card, once, as text that no markup can break."""

import re

import pytest
from bs4 import BeautifulSoup
from nuem.notebook import cards
from nuem.review.bounds import of_kind
from nuem.review.inputs import Inputs
from nuem.review.records import Verdict


def soup(html):
    return BeautifulSoup(html, "html.parser")


def text_of(html):
    return " ".join(soup(html).get_text(" ").split())


def table_of(html):
    """The rows of an HTML table, each as the texts of its cells."""
    return [
        [" ".join(cell.stripped_strings) for cell in row.find_all(["th", "td"])] for row in soup(html).find_all("tr")
    ]


# -- text ------------------------------------------------------------------------------------------------------------


def test_mathematics_gets_the_delimiters_and_other_text_is_escaped():
    assert cards.prose("a & b <i> $x < y$ and $z$") == r"a &amp; b &lt;i&gt; \(x &lt; y\) and \(z\)"


def test_a_single_dollar_is_money():
    assert cards.prose("it costs $5") == "it costs $5"


def test_the_line_of_a_number_shows_label_and_number_as_text():
    line = soup(cards.number_line("limit on $x$ <b>", "< 3 × 10⁻⁹"))
    assert line.p.get_text() == r"limit on \(x\) <b>: < 3 × 10⁻⁹"
    assert line.strong.string == "< 3 × 10⁻⁹" and line.b is None


def test_a_table_has_one_head_and_a_row_for_each_row():
    html = cards.table(["a", "b"], [["1", "<i>2</i>"], ["3", "4"]], "nuem-x")
    assert table_of(html) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert soup(html).table["class"] == ["nuem-x"] and soup(html).i.string == "2"
    assert len(soup(html).thead.find_all("tr")) == 1


def test_an_explanation_is_folded_and_none_leaves_nothing():
    assert text_of(cards.folded("a < b")) == "why a < b"
    assert soup(cards.folded("a < b")).details is not None
    assert cards.folded("") == ""


def test_sources_are_found_again_and_replaced_whatever_their_key():
    keys = ["pdg-2026", 'a"b<c>&d']
    html = "first " + cards.source_link(keys[0]) + ", then " + cards.source_link(keys[1])
    linked = cards.link_sources(html, lambda key: f"[{key}]")
    assert soup(linked).get_text() == f"first [{keys[0]}], then [{keys[1]}]"
    assert soup(linked).a is None


# -- inputs ----------------------------------------------------------------------------------------------------------

INPUTS = """
width:
  describe: width of <it>
  symbol: '\\Gamma'
  unit: keV
  published: {value: "0.50", source: first-1990, where: "table $1$"}
  today: {value: "0.4312(21)", source: second-2020, where: abstract}
age:
  describe: age
  unit: "1"
  today: {value: "2e10", source: second-2020, where: section 3}
"""


@pytest.fixture
def entries(tmp_path):
    (tmp_path / "made-up.yml").write_text(INPUTS)

    def read(**overrides):
        inputs = Inputs(overrides, tmp_path)
        return [inputs.entry(name) for name in inputs]

    return read


def test_inputs_keep_the_digits_of_their_source_and_name_it(entries):
    head, width, age = table_of(cards.input_table(entries()))
    assert head == ["input", "as published", "today"]
    assert width[0] == r"width of <it> \(\Gamma\) width"
    assert width[1].startswith("0.50 keV") and width[1].endswith(r"first-1990 , table \(1\)")
    assert width[2].startswith("0.4312 ± 0.0021 keV") and width[2].endswith("second-2020 , abstract")
    assert age[1] == "—"
    assert age[2].startswith("2 × 10¹⁰ second-2020")


def test_inputs_have_anchors_only_where_asked_for(entries):
    with_anchors, without = (soup(cards.input_table(entries(), anchors=anchors)) for anchors in (True, False))
    assert [tag["id"] for tag in with_anchors.select("[id]")] == ["input-width", "input-age"]
    assert without.select("[id]") == []


def test_an_input_of_the_reader_says_so_and_names_no_source(entries):
    _, width, _ = table_of(cards.input_table(entries(width="0.7")))
    assert width[2] == "0.7 keV set by the reader"
    assert "first-1990" in width[1]


# -- bounds ----------------------------------------------------------------------------------------------------------


def row(name, elasticity, contribution=0.0):
    return {
        "name": name,
        "value": 1.0,
        "error": 0.1,
        "unit": "1",
        "source": "second-2020",
        "elasticity": elasticity,
        "contribution": contribution,
    }


def bound(vintage, kind="limit", **fields):
    fields = {"value": 2e-6, **fields}
    return of_kind(
        id=f"made-up/{vintage}", title="a < b", parameter="ε", kind=kind, unit="keV", vintage=vintage, **fields
    )


@pytest.fixture
def bounds():
    return {
        "published": bound("published", value=1e-6, claim="made-up/power"),
        "recomputed": bound("recomputed", inputs=(row("width", 0.5), row("age", None)), cl=0.9),
        "today": bound("today", value=1.5e-6, inputs=(row("width", -1234567.0),), cl=0.9),
    }


GOOD = Verdict(claim="made-up/power", verdict="reproduced", recomputed=2e-6, factor=2.0)
BAD = Verdict(
    claim="made-up/digits",
    verdict="discrepant",
    recomputed=50.0,
    factor=2.0,
    severity="minor",
    explanation="twice <too> large: $2$",
)


def test_a_card_has_a_line_for_each_vintage(made_up_claims, bounds):
    card = soup(cards.bound_card(bounds, GOOD, details=True))
    lines = [" ".join(line.stripped_strings) for line in card.select("table.nuem-vintages tr")]
    assert len(lines) == 3
    assert lines[0].startswith("as printed") and bounds["published"].value_text() in lines[0] and "eq. (1)" in lines[0]
    assert lines[1].startswith("recomputed, inputs of the time") and lines[1].endswith("reproduced")
    assert bounds["recomputed"].value_text() in lines[1] and bounds["recomputed"].cl_text() in lines[1]
    assert lines[2].startswith("today") and "reproduced" not in lines[2]
    assert card.select_one(".nuem-card-title").string == "a < b"


def test_only_the_card_with_details_carries_the_anchor_and_the_elasticities(made_up_claims, bounds):
    full, short = (soup(cards.bound_card(bounds, GOOD, details=details)) for details in (True, False))
    assert [tag["id"] for tag in full.select("[id]")] == ["bound-made-up"]
    assert short.select("[id]") == [] and short.details is None
    assert table_of(str(full.details.table)) == [
        ["input", "recomputed", "today"],
        ["width", "+0.50", "−1.2 × 10⁶"],
        ["age", "—", "—"],
    ]


def test_a_measurement_shows_where_its_uncertainty_comes_from():
    measured = {"today": bound("today", kind="measurement", error=1e-7, inputs=(row("width", 0.5, 3e-8),))}
    details = soup(cards.bound_card(measured, None, details=True)).details
    assert details.summary.string == "Where the uncertainty comes from"
    assert table_of(str(details.table))[1] == ["width", "3.0 × 10⁻⁸"]


def test_a_region_has_no_elasticities():
    curve = {"x": [1.0], "lower": [1e-3], "upper": [None], "units": {"x": "keV", "y": "1"}}
    region = {"today": bound("today", kind="region", value=None, curve=curve, inputs=(row("width", None),))}
    assert soup(cards.bound_card(region, None, details=True)).details is None


# -- verdicts --------------------------------------------------------------------------------------------------------


def parts(verdict):
    card = soup(cards.verdict_card(verdict))
    facts = dict(zip(("printed", "found"), (" ".join(dd.stripped_strings) for dd in card.find_all("dd")), strict=True))
    return card, facts


def test_a_verdict_shows_print_result_ratio_and_reason(made_up_claims):
    card, facts = parts(BAD)
    assert card.div["id"] == "claim-made-up-digits"
    badge = card.select_one(".nuem-badge")
    assert badge.string == "discrepant (minor)" and "nuem-discrepant" in badge["class"]
    assert facts["printed"] == "≤ 25 keV"
    assert facts["found"] == "50.0 keV (recomputed ÷ printed = 2.0)"
    assert card.select_one(".nuem-explanation").get_text() == r"twice <too> large: \(2\)"
    assert [tag["data-source"] for tag in card.select("a.nuem-source")] == ["made-up"]


def test_a_verdict_without_reason_has_no_empty_line(made_up_claims):
    card, facts = parts(GOOD)
    assert card.select_one(".nuem-explanation") is None
    assert facts["printed"] == "< 10⁻³"
    assert card.select_one(".nuem-badge").string == "reproduced"


def test_a_quoted_number_is_compared_with_its_source(made_up_claims):
    card, facts = parts(Verdict(claim="made-up/digits", verdict="quoted", recomputed=25.0, factor=1.0))
    assert [dt.string for dt in card.find_all("dt")] == ["printed", "in the source"]
    assert "source ÷ printed = 1.0" in facts["found"]


def test_a_formula_is_set_as_mathematics_on_both_sides(made_up_claims):
    _, facts = parts(Verdict(claim="made-up/formula", verdict="reproduced", recomputed="$x^2 + 2 x + 1$"))
    assert facts == {"printed": r"\((x+1)^2\)", "found": r"\(x^2 + 2 x + 1\)"}


@pytest.mark.parametrize("uncertainty, expected", [(None, "25.4"), (0.0, "25.4"), (0.31, "25.40 ± 0.31")])
def test_a_result_has_one_digit_more_than_the_print_or_its_own_uncertainty(made_up_claims, uncertainty, expected):
    assert cards.found_number(made_up_claims["made-up/digits"], 25.4, uncertainty) == expected


def test_mathematics_stands_where_the_site_typesets_it(made_up_claims, bounds):
    for html in (
        cards.number_line("a", "b"),
        cards.bound_card(bounds, None, details=False),
        cards.verdict_card(GOOD),
        cards.input_table([]),
    ):
        assert re.search(r'class="[^"]*\btex2jax_process\b', html)
