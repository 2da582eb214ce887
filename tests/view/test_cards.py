"""Cards and tables: each fact of a record stands on the card, once, as text that no markup can break."""

import dataclasses
import json
import re

import pytest
from bs4 import BeautifulSoup
from nuem import typeset
from nuem.review import records
from nuem.review.bounds import of_kind
from nuem.review.inputs import Inputs
from nuem.review.records import Verdict
from nuem.view import cards


class Page(cards.Links):
    """Links of a page that can be told from those of a notebook."""

    def source(self, key):
        return f'<a href="bibliography#{key}">{key.title()}</a>'

    def claim(self, identifier):
        return f"claims?a&b#{identifier}"

    def bound(self, name):
        return f"bounds#{name}"

    def input(self, name):
        return f"inputs#{name}"

    def describe(self, name):
        return f"the {name}"

    def page(self, address):
        return f"site/{address}" if address else ""

    def title(self, address):
        return f"Title of {address}"

    def formula(self, name):
        return f"\\({name}\\)"

    def cite(self, bound):
        return f"<i>cite {bound.name}</i>"

    def behind(self, key):
        return {"limit": ("the-<cell>", ("age", "width")), "constant": ("other", ())}.get(key)


PAGE, NOTEBOOK = Page(), cards.Links()


def render(kind, links=PAGE, **content):
    """The HTML of a view that went through an executed notebook."""
    return cards.render(json.loads(json.dumps({"kind": kind, **content})), links)


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


def test_the_head_of_the_module_names_every_kind_of_view():
    missing = [kind for kind in cards._KINDS if f'"{kind}" (' not in cards.__doc__]
    assert not missing, f"say in the docstring of view/cards.py what a view of kind {missing[0]} holds"


def test_mathematics_gets_the_delimiters_and_other_text_is_escaped():
    assert cards.prose("a & b <i> $x < y$ and $z$") == r"a &amp; b &lt;i&gt; \(x &lt; y\) and \(z\)"


def test_a_single_dollar_is_money():
    assert cards.prose("it costs $5") == "it costs $5"


def test_a_table_has_one_head_and_a_row_for_each_row():
    html = cards.table(["a", "b"], [["1", "<i>2</i>"], ["3", "4"]], "nuem-x")
    assert table_of(html) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert soup(html).table["class"] == ["nuem-x", "stacks"] and soup(html).i.string == "2"
    assert len(soup(html).thead.find_all("tr")) == 1


def test_an_explanation_is_folded_and_none_leaves_nothing():
    assert text_of(cards.folded("a < b")) == "why a < b"
    assert soup(cards.folded("a < b")).details is not None
    assert cards.folded("") == ""


def test_a_chapter_s_table_has_links_lines_and_small_print():
    cells = ["$x$ < 1", {"source": "doe"}, [{"text": "a & b", "bound": "muon"}, {"text": "fine", "small": True}]]
    html = render(
        "table",
        title="Sizes <all>",
        head=["a", "$b$", "c"],
        rows=[cells, ["1 mm", "2", {"text": "3 m", "whole": True}]],
    )
    assert table_of(html) == [["a", r"\(b\)", "c"], [r"\(x\) < 1", "Doe", "a & b fine"], ["1 mm", "2", "3 m"]]
    found = soup(html)
    assert found.h3.string == "Sizes <all>"
    assert [link["href"] for link in found.find_all("a")] == ["bibliography#doe", "bounds#muon"]
    assert found.small.string == "fine" and len(found.find_all("br")) == 1
    assert found.select_one("span.nuem-nowrap").string == "3 m"
    assert soup(render("table", title="", head=["a"], rows=[])).h3 is None


def test_a_text_in_a_table_may_lead_to_a_page_and_several_stand_together():
    cells = [
        {"text": "sure", "page": "stars.html#doubts", "strong": True},
        {"page": "stars.html"},
        {"together": [{"source": "doe"}, {"text": "x_y"}, {"input": "age"}], "small": True},
    ]
    found = soup(render("table", title="", head=["a", "b", "c"], rows=[cells]))
    assert table_of(str(found))[1] == ["sure", "Title of stars.html", "Doe ; x y ; the age"]
    assert [link["href"] for link in found.find_all("a")] == [
        "site/stars.html#doubts",
        "site/stars.html",
        "bibliography#doe",
        "inputs#age",
    ]
    assert found.strong.string == "sure" and found.small.sub.string == "y"


@pytest.mark.parametrize(
    "text, html",
    [
        ("|μ_ij| < 1 μ_B", "|μ<sub>ij</sub>| &lt; 1 μ<sub>B</sub>"),
        ("ν̄_e, ⟨r²⟩_e, sin²θ_W", "ν̄<sub>e</sub>, ⟨r²⟩<sub>e</sub>, sin²θ<sub>W</sub>"),
        ("q_ν² and L_μ−L_τ", "q<sub>ν</sub>² and L<sub>μ</sub>−L<sub>τ</sub>"),
        ("muon_mass, x_1_2 and hbar_c", "muon_mass, x_1_2 and hbar_c"),
    ],
)
def test_what_stands_below_the_line_is_set_there_and_names_of_code_are_left_alone(text, html):
    assert typeset.in_html(text) == html


# -- numbers ---------------------------------------------------------------------------------------------------------


def number(key, links=PAGE):
    return soup(render("number", links, key=key, label="limit on $x$ <b>", text="< 3 × 10⁻⁹")).p


def test_the_line_of_a_number_shows_label_and_number_as_text():
    line = number("unknown")
    assert line.get_text() == r"limit on \(x\) <b>: < 3 × 10⁻⁹"
    assert line.strong.string == "< 3 × 10⁻⁹" and line.b is None
    assert line.small is None and "id" not in line.attrs


def test_the_line_of_a_number_says_which_cell_and_inputs_made_it():
    line = number("limit")
    assert line["id"] == "number-limit"
    assert line.small.get_text() == "made by the cell “the <cell>” from: the age; the width"
    assert [link["href"] for link in line.find_all("a")] == ["inputs#age", "inputs#width"]
    assert number("constant").small.get_text() == "made by the cell “other”"


def test_inputs_without_a_page_are_no_links():
    page = Page()
    page.input = lambda name: ""
    line = number("limit", page)
    assert line.a is None and "the age; the width" in line.get_text()


def test_a_recalled_number_is_no_second_anchor():
    line = soup(render("recalled", label="limit", text="3")).p
    assert line.get_text() == "limit: 3" and "id" not in line.attrs and line.small is None


def test_in_a_notebook_the_numbers_of_the_text_have_their_indices_below_the_line():
    text, shown = "|q_ν| < 1 μ_B", "q<sub>ν</sub>"
    assert shown in cards.prose_number("limit", text) and "|" not in cards.prose_number("limit", text)
    view = {"kind": "recalled", "label": "limit", "text": text}
    followed = cards.in_notebook(view, PAGE, "", {"limit": text}, {"limit": text})
    assert followed.count("1 μ\\u003csub>B") == 2 and "μ_B" not in followed


def test_in_a_notebook_only_the_outputs_of_a_solution_fold_after_a_run():
    shown = {
        "answer": {"kind": "answer", "type": "choice", "part": "", "shown": "(c)"},
        "recalled": {"kind": "recalled", "label": "limit", "text": "3"},
    }
    folds = {name: "jp-OutputCollapser" in cards.in_notebook(view, PAGE, "", {}, {}) for name, view in shown.items()}
    assert folds == {"answer": True, "recalled": False}


def test_a_notebook_by_itself_names_sources_and_leads_nowhere():
    view = {"rows": [["a", {"source": "a<b"}, {"text": "c", "bound": "muon"}]], "head": ["", "", ""], "title": ""}
    found = soup(render("table", NOTEBOOK, **view))
    assert found.get_text() == "aa<bc" and [link["href"] for link in found.find_all("a")] == ["#bound-muon"]
    assert number("limit", NOTEBOOK).small is None


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


def shown_inputs(entries):
    return render("inputs", inputs=[dataclasses.asdict(entry) for entry in entries])


def test_inputs_keep_the_digits_of_their_source_and_name_it(entries):
    head, width, age = table_of(shown_inputs(entries()))
    assert head == ["input", "as published", "today"]
    assert width[0] == r"width of <it> \(\Gamma\) width"
    assert width[1].startswith("0.50 keV") and width[1].endswith(r"First-1990 , table \(1\)")
    assert width[2].startswith("0.4312 ± 0.0021 keV") and width[2].endswith("Second-2020 , abstract")
    assert age[1] == "—"
    assert age[2].startswith("2 × 10¹⁰ Second-2020")


def test_inputs_have_anchors_only_where_asked_for(entries):
    with_anchors, without = (soup(cards.input_table(entries(), PAGE, anchors=anchors)) for anchors in (True, False))
    assert [tag["id"] for tag in with_anchors.select("[id]")] == ["input-width", "input-age"]
    assert without.select("[id]") == []


def test_an_input_of_the_reader_says_so_and_names_no_source(entries):
    _, width, _ = table_of(shown_inputs(entries(width="0.7")))
    assert width[2] == "0.7 keV set by the reader"
    assert "First-1990" in width[1]


def test_what_an_input_of_the_reader_makes_has_no_source_either(entries):
    value = entries(width="0.7")[0].values["today"]
    shown = soup(render("table", title="", head=["who"], rows=[[{"together": [{"source": value.source}]}]]))
    assert table_of(str(shown))[1] == ["set by the reader"] and shown.a is None


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


def card(bounds, verdict, *, details=True):
    view = {
        "bounds": [records.to_json(bound) for bound in bounds.values()],
        "verdict": verdict and records.to_json(verdict),
    }
    return soup(render("bound", **view) if details else cards.bound_card(view, PAGE, details=False))


@pytest.fixture
def bounds():
    return {
        "published": bound("published", origin="printed", value=1e-6, claim="made-up/power"),
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
    found = card(bounds, GOOD)
    lines = [" ".join(line.stripped_strings) for line in found.select("table.nuem-vintages tr")]
    assert len(lines) == 3
    assert lines[0].startswith("as printed") and bounds["published"].value_text() in lines[0] and "eq. (1)" in lines[0]
    assert lines[1].startswith("recomputed, inputs of the time") and lines[1].endswith("reproduced")
    assert bounds["recomputed"].value_text() in lines[1] and bounds["recomputed"].cl_text() in lines[1]
    assert lines[2].startswith("today") and "reproduced" not in lines[2]
    title = found.select_one(".nuem-card-title")
    assert title.contents[0] == "a < b" and title.a["href"] == "#bound-made-up" and title.a.string == "¶"


def test_only_the_card_with_details_carries_the_anchor_and_the_elasticities(made_up_claims, bounds):
    full, short = (card(bounds, GOOD, details=details) for details in (True, False))
    assert [tag["id"] for tag in full.select("[id]")] == ["bound-made-up"]
    assert short.select("[id]") == [] and short.details is None
    assert [link["class"] for link in short.find_all("a")] == [["nuem-rule"]]  # the badge leads to the rule
    assert full.i.string == "cite made-up" and short.i is None
    assert table_of(str(full.details.table)) == [
        ["input", "recomputed", "today"],
        ["the width", "+0.50", "−1.2 × 10⁶"],
        ["the age", "—", "—"],
    ]
    assert full.details.table.a["href"] == "inputs#width"


def test_a_measurement_shows_where_its_uncertainty_comes_from():
    measured = {"today": bound("today", kind="measurement", error=1e-7, inputs=(row("width", 0.5, 3e-8),))}
    details = card(measured, None).details
    assert details.summary.string == "Where the uncertainty comes from"
    assert table_of(str(details.table))[1] == ["the width", "3.0 × 10⁻⁸"]


def test_a_region_has_no_elasticities():
    curve = {"x": [1.0], "lower": [1e-3], "upper": [None], "units": {"x": "keV", "y": "1"}}
    region = {"today": bound("today", kind="region", value=None, curve=curve, inputs=(row("width", None),))}
    assert card(region, None).details is None


# -- verdicts --------------------------------------------------------------------------------------------------------


def parts(verdict):
    found = soup(render("verdict", verdict=records.to_json(verdict)))
    facts = dict(zip(("printed", "found"), (" ".join(dd.stripped_strings) for dd in found.find_all("dd")), strict=True))
    return found, facts


def test_a_verdict_shows_print_result_ratio_and_reason(made_up_claims):
    card, facts = parts(BAD)
    assert card.div["id"] == "claim-made-up-digits"
    badge = card.select_one(".nuem-badge")
    assert badge.string == "discrepant (minor)" and "nuem-bad" in badge["class"]
    assert facts["printed"] == "≤ 25 keV"
    assert facts["found"] == "50.0 keV (recomputed ÷ printed = 2.0)"
    assert card.select_one(".nuem-explanation").get_text() == r"twice <too> large: \(2\)"
    assert [link["href"] for link in card.find_all("a")] == [
        "site/chapters/synthesis/errata.html#the-rule",  # the badge leads to the rule that gave it
        "bibliography#made-up",
        "#claim-made-up-digits",
    ]


def test_a_verdict_without_reason_has_no_empty_line(made_up_claims):
    card, facts = parts(GOOD)
    assert card.select_one(".nuem-explanation") is None
    assert facts["printed"] == "< 10⁻³"
    assert card.select_one(".nuem-badge").string == "reproduced"


def test_a_quoted_number_is_compared_with_its_source(made_up_claims):
    card, facts = parts(
        Verdict(claim="made-up/digits", verdict="quoted", recomputed=25.0, factor=1.0, checked="source")
    )
    assert [dt.string for dt in card.find_all("dt")] == ["printed", "in the source"]
    assert "source ÷ printed = 1.0" in facts["found"]


def test_a_formula_is_set_as_mathematics_on_both_sides(made_up_claims):
    _, facts = parts(Verdict(claim="made-up/formula", verdict="reproduced", recomputed="$x^2 + 2 x + 1$"))
    assert facts == {"printed": r"\((x+1)^2\)", "found": r"\(x^2 + 2 x + 1\)"}


@pytest.mark.parametrize("uncertainty, expected", [(None, "25.4"), (0.0, "25.4"), (0.31, "25.40 ± 0.31")])
def test_a_result_has_one_digit_more_than_the_print_or_its_own_uncertainty(made_up_claims, uncertainty, expected):
    assert cards.found_number(made_up_claims["made-up/digits"], 25.4, uncertainty) == expected


def test_a_repeated_error_leads_to_the_one_that_makes_it(made_up_claims):
    verdict = Verdict(
        claim="made-up/power",
        verdict="discrepant",
        recomputed=1.0,
        factor=1e3,
        severity="minor",
        explanation="why",
        root="made-up/digits",
    )
    found, _ = parts(verdict)
    reason = found.select_one(".nuem-explanation")
    assert reason.get_text() == "why This repeats the error of Made-Up, eq. (2), and is counted with it."
    assert reason.find_all("a")[1]["href"] == "claims?a&b#made-up/digits"


def test_what_is_unstated_stands_with_its_reach(made_up_claims):
    choices = {"unstated": "the mass", "unstated_range": (20.0, 31.0)}
    found, _ = parts(
        Verdict(claim="made-up/digits", verdict="order-of-magnitude", recomputed=30.0, factor=1.2, **choices)
    )
    reason = found.select_one(".nuem-explanation").string
    assert reason == "Unstated: the mass; a sensible range of it gives 20.0 to 31.0 keV."


def test_listed_claims_lead_to_their_verdicts_and_open_their_reasons(made_up_claims):
    row = {**records.to_json(BAD), "id": "made-up/digits", "paper": "doe", "where": "eq. (2)", "claim": "a < $b$"}
    html = cards.claims_table([row, {**row, "factor": None, "explanation": ""}], PAGE)
    head, first, second = table_of(html)
    assert head == ["paper", "claim", "found ÷ printed"]
    assert first == ["Doe eq. (2)", r"a < \(b\) why twice <too> large: \(2\)", "2.0"]
    assert second == ["Doe eq. (2)", r"a < \(b\)", "—"]
    assert soup(html).find_all("a")[1]["href"] == "claims?a&b#made-up/digits"


def test_mathematics_stands_where_the_site_typesets_it(made_up_claims, bounds):
    views = (
        str(number("a")),
        str(card(bounds, None, details=False)),
        render("verdict", verdict=records.to_json(GOOD)),
        shown_inputs([]),
        cards.claims_table([], PAGE),
        render("table", title="", head=["$x$"], rows=[]),
    )
    for html in views:
        assert re.search(r'class="[^"]*\btex2jax_process\b', html)
