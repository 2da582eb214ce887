"""The search: what a page gives to it, and which place comes first; the page's own script ranks, without a browser."""

import json

import pytest
import quickjs
from conftest import ROOT
from docutils import nodes
from docutils.utils import new_document
from nuem.press import search

SCRIPT = (ROOT / "assets" / "search.js").read_text("utf-8")


def ranked(query, sections):
    context = quickjs.Context()
    context.eval(SCRIPT)
    rank = context.eval("(query, sections) => JSON.stringify(nuemSearch.rank(query, JSON.parse(sections)))")
    return [entry["a"] for entry in json.loads(rank(query, json.dumps(sections)))]


def words(text):
    context = quickjs.Context()
    context.eval(SCRIPT)
    return json.loads(context.eval("(text) => JSON.stringify(nuemSearch.words(text))")(text))


@pytest.mark.parametrize(
    "one, other",
    [
        ("10^-12", "10⁻¹²"),
        ("10^{-12}", "10⁻¹²"),
        ("1e-12", "10⁻¹²"),
        ("μ_ν", "mu_nu"),
        ("ν_e", "nu_e"),
        ("eq. (13)", "Eqs. (13)"),
        ("g-2", "g−2"),
        ("upper limits", "upper bound"),
        ("Magnetic Moments", "magnetic moment"),
    ],
)
def test_what_means_the_same_is_the_same(one, other):
    assert words(one) == words(other) and words(one)


def test_numbers_of_equations_are_told_from_other_numbers():
    assert words("eqs. (2), (13) and (20)") == ["eq2", "eq13", "and", "eq20"]
    assert words("thirteen (13)") == ["thirteen", "13"]


def entry(anchor, heading, text="", page="A page"):
    return {"p": "page", "n": page, "a": anchor, "h": heading, "t": text}


SECTIONS = [
    entry("aside", "Units", "the charge of a thing, and far below the radius of another"),
    entry("radius", "Charge radius", "how large it is"),
    entry("moment", "Magnetic moment", "a limit of 3 × 10⁻¹² μ_B"),
    entry("best", "Magnetic moment of the neutrino: the best limits today", "< 6 × 10⁻¹² μ_B"),
    entry("printed", "Doe 1990, eq. (13), 1st term: a factor", "found 2"),
    entry("text", "Step 2", "as eq. (13) says, and eq. (14) as well"),
    entry("claim-snark", "reproduced Doe 1990: the snark", "a snark"),
    entry("snark", "What a snark is", "a snark"),
    entry("section", "The boojum", "a boojum"),
    entry("chapter", "Boojum: how large is it?", "a boojum", page="Boojum: how large is it?"),
]


@pytest.mark.parametrize(
    "query, first",
    [
        ("charge radius", "radius"),
        ("best limit magnetic moment", "best"),
        ("magnetic moment", "moment"),
        ("eq. (13)", "printed"),
        ("EQ. (14)", "text"),
        ("radi", "radius"),
        ("boojum", "chapter"),
        ("snark", "snark"),  # a section rather than a verdict
    ],
)
def test_the_best_place_comes_first(query, first):
    assert ranked(query, SECTIONS)[0] == first


def test_places_with_all_words_come_before_those_with_one():
    found = ranked("moment 10^-12", SECTIONS)
    assert set(found[:2]) == {"moment", "best"} and "radius" not in found


def test_nothing_is_found_for_nothing():
    assert ranked("", SECTIONS) == ranked("bandersnatch", SECTIONS) == []


def document(*content):
    page = new_document("page")
    title = nodes.title("", "", nodes.Text("Size, "), nodes.math(r"\mu_\nu", r"\mu_\nu"))
    page += nodes.section("", title, *content, ids=["size"])
    return page


def test_prose_and_names_of_formulas_are_indexed_code_and_tables_are_not():
    text = nodes.paragraph(
        "", "", nodes.Text("It is "), nodes.math("", r"3\times10^{-12}\,\mu_{\rm B}"), nodes.Text(".")
    )
    cells = nodes.table("", nodes.paragraph("", "cell of a table"))
    code = nodes.literal_block("code", "code")
    named = nodes.math_block("x^2", "x^2", label="light-vertex")
    raw = nodes.raw("", "<p>html</p>", format="html")
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "deeper"), ids=["inner"])
    found = list(search.entries(document(text, cells, code, named, raw, inner)))
    assert found == [
        {"a": "size", "h": "Size, μ_ν", "t": "It is 3×10⁻¹² μ_B. light vertex"},
        {"a": "inner", "h": "Inner", "t": "deeper"},
    ]


def test_an_exercise_and_its_solution_have_names_around_their_sections():
    def inside(text):
        return nodes.section("", nodes.paragraph("", text))

    exercise = nodes.container("", nodes.title("", "A scalar"), inside("Repeat it"), ids=["scalar"])
    solution = nodes.container("", inside("It is"), ids=["scalar-solution"], title="Solution to Exercise")
    _, *found = search.entries(document(exercise, solution))
    assert found == [
        {"a": "scalar", "h": "A scalar", "t": "Repeat it"},
        {"a": "scalar-solution", "h": "Solution to Exercise", "t": "It is"},
    ]


def test_a_card_has_an_entry_of_its_own():
    card = (
        '<div class="nuem-card nuem-verdict tex2jax_process" id="claim-x"><p><span>discrepant</span> '
        '<a href="#">Doe</a>, '
        '<strong>eq. (13)</strong>: the mass \\(m_\\nu\\)<a class="nuem-permalink" href="#claim-x">¶</a></p>'
        "<dl><dt>printed</dt><dd>3 μ<sub>B</sub></dd></dl></div>"
    )
    _, verdict = search.entries(document(nodes.raw("", card, format="html")))
    assert verdict == {"a": "claim-x", "h": "discrepant Doe, eq. (13)", "t": "the mass m_ν printed 3 μ_B"}


@pytest.mark.parametrize(
    "tex, text",
    [
        (r"\langle r^2\rangle", "⟨r²⟩"),
        (r"\bar\nu_e", "ν̄_e"),
        (r"\Delta N_{\rm eff}", "ΔN_eff"),
        (r"10^{-14}", "10⁻¹⁴"),
    ],
)
def test_short_tex_is_indexed_as_one_types_it(tex, text):
    assert search.tex_as_text(tex) == text
