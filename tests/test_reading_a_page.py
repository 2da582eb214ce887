"""The built book as a reader meets it: answers first, code folded, a ledger and a search that lead on."""

import json
import math
import re

import pytest
import quickjs
from browser import PROGRAM, Browser
from conftest import ROOT
from house_rules import Site
from nuem.press.book import Book, is_synthesis

BOOK = Book(ROOT, ROOT / "_build")
SOME = (
    "chapters/laboratory/muon-g-2",
    "chapters/cosmology/nucleosynthesis",
    "chapters/theory/charge-radius",
    "chapters/stars/white-dwarfs",
)
LEDGER = BOOK.html / "chapters" / "synthesis" / "errata.html"
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no browser on this machine; its tests were left out")


@pytest.fixture(scope="module")
def site():
    return Site(BOOK.html)


@pytest.fixture(scope="module")
def browser():
    with Browser() as program:
        yield program


def of_data(name):
    return json.loads((BOOK.html / "data" / f"{name}.json").read_text("utf-8"))


# -- what a page says ------------------------------------------------------------------------------------------------


def test_mathematics_is_nowhere_shown_as_it_is_typed(site):
    # the page of the package is about code
    assert [found for found in site.raw_mathematics() if not found.startswith("reference/api.html")] == []


def test_no_id_and_no_key_of_the_bibliography_is_a_word_for_readers(site):
    keys = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text("utf-8"), re.M))
    bounds = {row["id"].partition("/")[0] for row in of_data("bounds")["bounds"]}
    inputs = {row["name"] for bound in of_data("bounds")["bounds"] for row in bound["inputs"]}
    found = site.identifiers(keys | {name for name in bounds | inputs if "-" in name or "_" in name})
    for_programs = ("reference/api.html", "reference/examples.html")  # where these names are what one types
    assert [words for words in found if not words.startswith(for_programs)] == []


def test_the_index_opens_with_six_answers_that_say_level_source_and_how_sure(site):
    page = site.pages["index.html"]
    table = page.find("table")
    rows = [[cell for cell in row.find_all("td")] for row in table.tbody.find_all("tr")]
    assert len(rows) == 6 and page.find("h1").find_next("table") is table
    assert table.sourceline < page.find("h2").sourceline
    for what, direct, best in rows:
        for cell in (direct,) if best.find("a") is None else (direct, best):
            assert cell.strong.find_parent("a")["href"].count("#bound-") == 1, what
            assert cell.select("a.nuem-source"), f"{what.get_text()}: no source"
            assert re.search(r"% CL|one standard deviation|adopted|recast|criterion", cell.get_text()), what


def test_the_answers_are_the_numbers_of_the_public_file(site):
    values = {row["id"].partition("/")[0]: row for row in of_data("bounds")["bounds"] if row["vintage"] == "today"}
    table = site.pages["index.html"].find("table")
    for link in table.select("strong"):
        row = values[link.find_parent("a")["href"].partition("#bound-")[2]]
        text = link.get_text().translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-"))
        mantissa, exponent = re.search(r"([\d.]+) × 10(-?\d+)", text).groups()
        scale = 1e9 if row["unit"] == "GeV" and " eV" in text else 1.0
        assert float(f"{mantissa}e{exponent}") == pytest.approx(row["value"] * scale, rel=0.06)


def test_the_same_table_heads_the_page_of_bounds(site):
    index, bounds = (
        site.pages[name].find("table") for name in ("index.html", "chapters/synthesis/bounds-then-and-now.html")
    )
    assert index.get_text() == bounds.get_text()


def test_every_page_says_how_to_object_how_to_cite_and_which_version_it_is(site):
    for name, page in site.pages.items():
        foot = page.select_one(".nuem-foot")
        assert foot is not None, name
        assert "Something wrong?" in foot.get_text() and "@misc{nuem," in foot.pre.get_text(), name
        assert re.search(r"Version \d+\.\d+\.\d+, revision", foot.get_text()), name
        for fold in page.select(".nuem-cite pre"):
            assert re.search(r"year = \{\d{4}\}|revision unknown", fold.get_text()), name


def test_every_bound_can_be_cited(site):
    cards = [card for page in site.pages.values() for card in page.select(".nuem-bound[id]")]
    assert len(cards) > 50 and all(card.select_one(".nuem-cite") for card in cards)


def test_each_chapter_can_be_run_and_shows_its_live_formula_first(site):
    for chapter in BOOK.chapters():
        if not chapter.startswith("chapters/"):
            continue
        page = site.pages[f"{chapter}.html"]
        panel = page.select_one(".nuem-run")
        assert "make lab" in panel.get_text() and panel.find("a")["href"].endswith(f"{chapter}.ipynb"), chapter
        if not is_synthesis(chapter):
            first = page.select_one("article section section")
            assert first.select_one(".nuem-live"), (
                f"{chapter}: its first section is {first.find(['h2', 'h3']).get_text()}"
            )


def test_code_and_numbers_stand_in_folds(site):
    for chapter in BOOK.chapters():
        page = site.pages[f"{chapter}.html"]
        for part in page.select(".cell_input, .nuem-number"):
            assert part.find_parent("details", class_="nuem-code"), f"{chapter}: {part.get_text()[:60]}"


# -- the search ------------------------------------------------------------------------------------------------------

# what a reader types, and the place that answers
EXPECTED = {
    "charge radius": r"theory/charge-radius\.html#charge-radius-how-big",
    "best limit magnetic moment": r"bounds-then-and-now\.html#answer-magnetic-moment",
    "GEMMA": r"reactor-(millicharge|magnetic-moment)\.html#[a-z-]*gemma",
    "eq. (13)": r"neutrino-electron-scattering\.html#claim-babu-volkas-1992-",
    "Debye": r"supernova-dipole\.html#step-3-the-plasma",
    "μ_ν": r"bounds-then-and-now\.html#answer-magnetic-moment",
    "10^-12": r"reactor|solar|answer",  # where the limits have this size
}


@pytest.fixture(scope="module")
def rank():
    context = quickjs.Context()
    context.set_memory_limit(512 * 2**20)
    context.eval((BOOK.html / "_static" / "search-index.js").read_text("utf-8"))
    context.eval((BOOK.html / "_static" / "search.js").read_text("utf-8"))
    found = context.eval("(query) => JSON.stringify(nuemSearch.rank(query, nuemSections).slice(0, 20))")
    return lambda query: json.loads(found(query))


@pytest.mark.parametrize("query, place", EXPECTED.items(), ids=EXPECTED)
def test_a_search_leads_first_to_the_right_place(rank, query, place):
    first, *_ = rank(query)
    assert re.search(place, f"{first['p']}.html#{first['a']}"), f"{first['p']}#{first['a']}: {first['h']}"
    if query.startswith("10"):
        assert "10⁻¹²" in first["t"]


def test_what_a_search_finds_is_there(rank, site):
    for query in EXPECTED:
        for entry in rank(query):
            assert entry["a"] in site.anchors[f"{entry['p']}.html"], entry
            assert "import nuem" not in entry["t"] and "chapter.number" not in entry["t"]


RESULTS = """new Promise((done) => {
  const look = () => {
    const found = document.querySelectorAll('.nuem-results a').length;
    found ? done(found) : setTimeout(look, 50);
  };
  look();
})"""  # the sections of the book come after the page


@needs_browser
def test_the_search_works_from_a_local_file(browser):
    with browser.page(f"{(BOOK.html / 'search.html').as_uri()}?q=charge%20radius") as page:
        assert page.evaluate(RESULTS) > 5
        assert not re.search(r"\\|[^\W\d_]_[a-zν]", page.evaluate("document.querySelector('article').innerText"))
        page.evaluate("document.querySelector('.nuem-search input').focus()")
        page.type(" GEMMA boojum")
        assert "boojum" in page.evaluate("decodeURIComponent(location.search)")


# -- reading ---------------------------------------------------------------------------------------------------------

FOLDED = """(() => {
  const whole = document.querySelector('article').getBoundingClientRect().height;
  const folds = [...document.querySelectorAll('details.nuem-code')];
  return folds.reduce((sum, fold) => sum + fold.getBoundingClientRect().height, 0) / whole;
})()"""
OPEN = "document.querySelectorAll('details.nuem-code[open]').length"


@needs_browser
@pytest.mark.parametrize("chapter", SOME)
def test_folded_code_takes_a_tenth_of_a_chapter_at_most(browser, chapter):
    with browser.page(BOOK.html / f"{chapter}.html") as page:
        assert page.evaluate("document.querySelectorAll('details.nuem-code').length") > 5
        assert page.evaluate(FOLDED) <= 0.1
        lines = "[...document.querySelectorAll('.nuem-number')].filter(line => line.checkVisibility()).length"
        assert page.evaluate(lines) == 0


DERIVING = [name for name in BOOK.chapters() if name.startswith("chapters/") and not is_synthesis(name)]


@pytest.mark.parametrize("chapter", DERIVING)
def test_no_verdict_card_stands_in_the_layer_of_the_physics(site, chapter):
    page = site.pages[f"{chapter}.html"]
    assert [card["id"] for card in page.select(".nuem-verdict") if not card.find_parent("details", "nuem-papers")] == []
    layer = page.select("details.nuem-papers")
    assert all(fold.summary.get_text().startswith("The papers here: ") for fold in layer)
    assert not page.select("details.nuem-papers details.nuem-papers")


def test_every_chapter_that_judges_a_paper_has_the_second_layer(site):
    judging = {row["url"].partition("#")[0] for row in of_data("ledger")["claims"] if row["verdict"]}
    assert len(judging) > 10
    for url in judging - {"chapters/synthesis/comparisons.html"}:
        assert site.pages[url].select("details.nuem-papers .nuem-badge"), url


@needs_browser
def test_the_second_layer_has_a_switch_of_its_own_and_stands_at_the_end_on_paper(browser):
    opened = "document.querySelectorAll('details.nuem-papers[open]').length"
    all_of_it = "document.querySelectorAll('details.nuem-papers').length"
    with browser.page(BOOK.html / f"{SOME[3]}.html") as page:
        assert page.evaluate(opened) == 0
        page.tap('.nuem-switch[data-layer="nuem-papers"]')
        assert page.evaluate(opened) == page.evaluate(all_of_it) > 3
        page.open(BOOK.html / f"{SOME[0]}.html")
        assert page.evaluate(opened) == page.evaluate(all_of_it) > 1
        page.tap('.nuem-switch[data-layer="nuem-papers"]')
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        at_the_end = (
            "document.querySelector('article').lastElementChild.querySelectorAll('details.nuem-papers[open]').length"
        )
        assert page.evaluate(at_the_end) == page.evaluate(all_of_it)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(opened) == 0 and page.evaluate("document.querySelector('.nuem-papers-end')") is None


@needs_browser
def test_one_switch_shows_the_code_of_the_whole_book_and_is_remembered(browser):
    with browser.page(BOOK.html / f"{SOME[0]}.html") as page:
        assert page.evaluate(OPEN) == 0
        page.tap('.nuem-switch[data-layer="nuem-code"]')
        assert page.evaluate(OPEN) == page.evaluate("document.querySelectorAll('details.nuem-code').length") > 5
        page.open(BOOK.html / f"{SOME[1]}.html")
        assert page.evaluate(OPEN) > 5
        page.tap('.nuem-switch[data-layer="nuem-code"]')
        page.open(BOOK.html / f"{SOME[0]}.html")
        assert page.evaluate(OPEN) == 0


@needs_browser
def test_a_number_in_the_text_leads_to_its_line_in_the_fold(browser):
    with browser.page(BOOK.html / f"{SOME[0]}.html") as page:
        target = page.evaluate("document.querySelector('a.nuem-traced[href^=\"#number-\"]').hash")
        page.evaluate(f"location.hash = {target!r}")
        page.evaluate("new Promise(done => setTimeout(done, 200))")
        assert page.evaluate(f"document.querySelector({target!r}).checkVisibility()")
        assert page.evaluate(OPEN) == 1


# -- the ledger ------------------------------------------------------------------------------------------------------

SHOWN = "[...document.querySelectorAll('.nuem-ledger > li')].filter(row => !row.hidden).map(row => row.dataset.id)"


def choose(page, name, value):
    code = f"(f => {{ f.value = {value!r}; f.dispatchEvent(new Event('input', {{bubbles: true}})) }})"
    page.evaluate(f"{code}(document.querySelector('.nuem-controls [name={name}]'))")


@needs_browser
def test_the_choice_of_claims_stands_in_the_address_and_back_brings_it_again(browser):
    ledger = of_data("ledger")["claims"]
    wrong = [row["id"] for row in ledger if row["verdict"] == "discrepant"]
    with browser.page(LEDGER) as page:
        assert page.evaluate(SHOWN) == [row["id"] for row in ledger]
        choose(page, "verdict", "discrepant")
        assert page.evaluate(SHOWN) == wrong
        choose(page, "paper", "studenikin-2014")
        few = page.evaluate(SHOWN)
        assert few == [name for name in wrong if name.startswith("studenikin-2014/")] and few
        address = page.evaluate("location.href")
        assert "paper=studenikin-2014" in address and "verdict=discrepant" in address
        page.evaluate("history.back()")
        page.evaluate("new Promise(done => setTimeout(done, 300))")
        assert page.evaluate(SHOWN) == wrong
        page.open(address)
        assert page.evaluate(SHOWN) == few
        assert page.evaluate("document.querySelector('.nuem-controls [name=paper]').value") == "studenikin-2014"


@needs_browser
def test_a_name_on_the_index_leads_to_the_claims_of_that_paper(browser):
    with browser.page(BOOK.html / "index.html") as page:
        link = "document.querySelector('a[href*=\"errata.html?paper=babu-volkas-1992#\"]')"
        page.open(page.evaluate(f"{link}.href"))
        shown = page.evaluate(SHOWN)
        assert len(shown) == 62 and all(name.startswith("babu-volkas-1992/") for name in shown)


@needs_browser
def test_ratios_sort_by_the_worst_part_and_powers_are_found_however_they_are_typed(browser):
    ledger = {row["id"]: row for row in of_data("ledger")["claims"]}

    def off(name):
        factors = [part["factor"] for part in ledger[name]["parts"] or [ledger[name]] if part["factor"] is not None]
        return max((abs(math.log(factor)) if factor > 0 else 1e9 for factor in factors), default=-1)

    with browser.page(LEDGER) as page:
        choose(page, "order", "off")
        sorted_by_page = [off(name) for name in page.evaluate(SHOWN)]
        assert sorted_by_page == pytest.approx(sorted(sorted_by_page, reverse=True), rel=1e-5)
        choose(page, "order", "")
        found = []
        for typed in ("10^-14", "10⁻¹⁴", "1e-14", "10^{-14}"):
            choose(page, "words", typed)
            found.append(page.evaluate(SHOWN))
        assert found[0] and all(names == found[0] for names in found)
