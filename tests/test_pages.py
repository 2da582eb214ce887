"""The pages as readers use them, in a browser: for everybody, on a phone, by keyboard, in the dark, on paper."""

import importlib.util
import re
from pathlib import Path

import pytest
from browser import PROGRAM, Browser
from conftest import ROOT
from nuem.press.book import Book
from scipy import constants

BOOK = Book(ROOT, ROOT / "_build")
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="no browser on this machine; the pages were not tried as readers use them"
)

PAGES = (
    "index",
    "chapters/laboratory/muon-g-2",
    "chapters/synthesis/mass-charge-plane",
    "chapters/synthesis/errata",
    "reference/inputs",
    "reference/bibliography",
    "course/syllabus",
    "course/play",
)
MUON, PLANE = PAGES[1], PAGES[2]


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


def place(page):
    return BOOK.html / f"{page}.html"


@pytest.fixture(scope="module")
def axe():
    package = importlib.util.find_spec("axe_core_python")
    return (Path(package.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


# -- for everybody ---------------------------------------------------------------------------------------------------


# Rows of a long list are made alike, and so are formulas that don't scroll; `make check-site` looks at all of them.
THIN_OUT = """
document.querySelectorAll('.nuem-ledger > li, .nuem-inputs tbody > tr, .citation').forEach(
    (row, number) => number % 8 && row.remove());
document.querySelectorAll('math:not(.wide)').forEach((formula, number) => number % 8 && formula.replaceChildren())"""


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_keeps_a_reader_out(browser, axe, name, width):
    with browser.page(place(name), width=width) as page:
        page.evaluate(THIN_OUT)
        assert page.accessibility(axe) + page.accessibility(axe, "target-size") == []
        page.evaluate("document.documentElement.dataset.theme = 'dark'")  # which changes colours alone
        assert page.accessibility(axe, "color-contrast") == []


def test_what_keeps_a_reader_out_would_be_seen(browser, axe, tmp_path):
    (tmp_path / "bad.html").write_text('<html lang="en"><title>x</title><main><h1>x</h1><img src="x.png">')
    with browser.page(tmp_path / "bad.html") as page:
        assert [problem.split()[0] for problem in page.accessibility(axe)] == ["image-alt"]


@pytest.mark.parametrize("width", [375, 1440])
def test_every_page_fits_its_window_and_complains_of_nothing(browser, width):
    for name in BOOK.pages():
        with browser.page(place(name), width=width) as page:
            assert page.complaints() == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_the_text_is_reached_within_five_stops(browser, name, width):
    with browser.page(place(name), width=width) as page:
        stops = 0
        while not page.evaluate("!!document.activeElement.closest('main, nav')"):
            page.press("Tab")
            stops += 1
            assert stops <= 6
        page.evaluate("document.activeElement.blur()")


def test_the_first_stop_leads_to_the_text(browser):
    with browser.page(place(MUON)) as page:
        page.press("Tab")
        page.press("Enter")
        assert page.evaluate("location.hash") == "#the-text"
        page.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('article')")


# -- light and dark --------------------------------------------------------------------------------------------------


def test_the_page_follows_the_system_until_the_reader_chooses(browser):
    mode = "document.documentElement.dataset.theme"
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    with browser.page(place("index"), dark=True) as page:
        assert page.evaluate(mode) == "dark"
        night = page.evaluate(paper)
        page.tap(".switch-theme")
        assert page.evaluate(mode) == "light" and page.evaluate(paper) != night
        page.open(place(MUON))
        assert page.evaluate(mode) == "light"
        page.evaluate("localStorage.removeItem('theme')")


# -- formulas --------------------------------------------------------------------------------------------------------


def test_whoever_copies_a_formula_gets_its_tex(browser):
    with browser.page(place(MUON)) as page:
        copied = page.evaluate(
            """(() => {
                const text = [...document.querySelectorAll('article p')].find(p => p.querySelector('math'));
                getSelection().selectAllChildren(text);
                const clipboardData = new DataTransfer();
                document.dispatchEvent(new ClipboardEvent('copy', {clipboardData, cancelable: true, bubbles: true}));
                return [clipboardData.getData('text/plain'), text.querySelector('math').dataset.tex];
            })()"""
        )
    assert f"${copied[1]}$" in copied[0]


def test_formulas_are_drawn_with_their_font(browser):
    with browser.page(place(MUON)) as page:
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
        assert page.evaluate("document.querySelector('math msub').getBoundingClientRect().height") > 5


def test_no_line_begins_with_the_punctuation_behind_a_formula(browser):
    below = """(() => {
        const found = [];
        for (const formula of document.querySelectorAll('article p math:not(.wide)')) {
            const text = formula.nextSibling;
            if (text?.nodeType !== Node.TEXT_NODE || !/^[,.;:!?)]/.test(text.data)) continue;
            const mark = document.createRange();
            mark.setStart(text, 0);
            mark.setEnd(text, 1);
            const [box, place] = [formula, mark].map(thing => thing.getBoundingClientRect());
            found.push(place.width > 0 && place.top > box.bottom);
        }
        return [found.length, found.filter(Boolean).length];
    })()"""
    for width in (320, 375, 414):
        with browser.page(place(MUON), width=width) as page:
            looked, fallen = page.evaluate(below)
            assert looked > 10 and fallen == 0, width


# -- on a phone ------------------------------------------------------------------------------------------------------


def test_figures_are_drawn_for_the_phone(browser):
    shown = "[...document.querySelectorAll('svg.nuem-figure')].filter(s => s.getBoundingClientRect().width)"
    ratio = f"{shown}.map(s => s.getBoundingClientRect().width / (parseFloat(s.getAttribute('width')) * 96 / 72))"
    with browser.page(place(MUON), width=375) as page:
        scales = page.evaluate(ratio)
        assert scales and min(scales) > 0.98  # what is drawn with 11 pixels has 11 pixels
    with browser.page(place(MUON)) as page:
        assert page.evaluate(f"{shown}.length") == len(scales)


def test_the_rows_of_a_table_are_stacked_on_a_phone(browser):
    cell = "document.querySelector('.nuem-inputs tbody td:nth-child(2)')"
    with browser.page(place("reference/inputs"), width=375) as page:
        assert page.evaluate(f"getComputedStyle({cell}).display") == "block"
        assert "as published" in page.evaluate(f"getComputedStyle({cell}, '::before').content")
    with browser.page(place("reference/inputs")) as page:
        assert page.evaluate(f"getComputedStyle({cell}).display") == "table-cell"


def test_the_contents_open_and_close_on_a_phone(browser):
    with browser.page(place(MUON), width=375) as page:
        shown = (
            "getComputedStyle(document.getElementById('book')).display !== 'none' && book.classList.contains('open')"
        )
        assert not page.evaluate(shown)
        page.tap(".open-book")
        assert page.evaluate(shown) and page.evaluate("document.activeElement.closest('.current') !== null")
        page.press("Escape")
        assert not page.evaluate(shown) and page.evaluate("document.activeElement.className") == "open-book"


# -- the plane -------------------------------------------------------------------------------------------------------

PANEL = "document.querySelector('.nuem-panel').innerText"
MARKS = "[...document.querySelectorAll('.nuem-wide .nuem-tip')]"


def test_the_plane_by_keyboard(browser):
    with browser.page(place(PLANE)) as page:
        assert page.evaluate(f"{MARKS}.filter(m => m.getAttribute('tabindex') === '0').length") == 1
        page.evaluate("document.querySelector('.nuem-controls input:last-of-type').focus()")
        for _ in range(12):
            page.press("Tab")
            if page.evaluate("document.activeElement.matches('.nuem-tip')"):
                break
        first = page.evaluate(PANEL)
        page.press("ArrowRight")
        second = page.evaluate(PANEL)
        assert first != second
        assert all(word in second for word in ("smallest charge", "confidence level", "sources"))
        page.press("ArrowLeft")
        assert page.evaluate(PANEL) == first
        page.press("Enter")
        page.browser.wait_for("Page.loadEventFired", page.session)
        assert "#bound-" in page.evaluate("location.href")


def test_a_tap_tells_of_the_areas_under_it_and_stays(browser):
    with browser.page(place(PLANE), width=375) as page:
        page.evaluate(
            "document.querySelector('.nuem-narrow .nuem-tip:not([style*=none])').setAttribute('id', 'tapped')"
        )
        page.tap("#tapped")
        assert "smallest charge" in page.evaluate(PANEL)
        assert page.evaluate("location.pathname").endswith("mass-charge-plane.html")
        assert page.evaluate("document.querySelectorAll('.nuem-panel a[href*=bound-]').length") >= 1


def test_todays_areas_show_first_and_a_box_brings_the_others(browser):
    seen = f"{MARKS}.filter(m => m.style.display !== 'none').length"
    with browser.page(place(PLANE)) as page:
        before = page.evaluate(seen)
        labels = "[...document.querySelectorAll('.nuem-controls label')]"
        boxes = page.evaluate(f"{labels}.map(label => [label.innerText.trim(), label.firstChild.checked])")
        assert ["today", True] in boxes and ["inputs of the time", False] in boxes
        assert [name for name, _ in boxes][:4] == ["laboratory", "stars", "cosmology", "quoted"]
        page.evaluate("document.querySelectorAll('.nuem-controls label')[4].firstChild.click()")
        page.evaluate("document.querySelectorAll('.nuem-controls label')[5].firstChild.click()")
        assert page.evaluate(seen) != before


# -- on paper --------------------------------------------------------------------------------------------------------


def test_on_paper_a_chapter_is_lecture_notes(browser):
    with browser.page(place(MUON)) as page:
        page.send("Emulation.setEmulatedMedia", media="print")
        hidden = "[...document.querySelectorAll('.bar, .book, .contents, .cell_input, .nuem-live input, .turn')]"
        assert page.evaluate(f"{hidden}.filter(e => e.getBoundingClientRect().height > 0).length") == 0
        assert (
            page.evaluate("getComputedStyle(document.querySelector('article section section')).contentVisibility")
            == "visible"
        )
        pages = len(re.findall(rb"/Type\s*/Page\b", page.print()))
    assert 5 < pages < 25


@pytest.mark.parametrize("name", ["chapters/synthesis/errata", "reference/api"])
def test_what_waits_on_a_screen_is_on_paper(browser, name):
    waiting = "[...document.querySelectorAll('article *')].filter(e => getComputedStyle(e).contentVisibility == 'auto')"
    with browser.page(place(name)) as page:
        assert page.evaluate(f"{waiting}.length") > 100
        page.send("Emulation.setEmulatedMedia", media="print")
        assert page.evaluate(f"{waiting}.length") == 0


def test_on_paper_a_live_formula_says_what_it_starts_from(browser):
    with browser.page(place("course/play")) as page:
        page.send("Emulation.setEmulatedMedia", media="print")
        heights = "(what => [...document.querySelectorAll(what)].map(e => e.getBoundingClientRect().height))"
        shown = page.evaluate(f"{heights}('.nuem-live-formula, .nuem-slider, .nuem-live-result')")
        assert len(shown) > 60 and min(shown) > 10
        assert max(page.evaluate(f"{heights}('.nuem-live input, .nuem-live button, .nuem-setting')")) == 0


def test_units_are_converted_by_keyboard(browser):
    """One magneton in e cm is half the reduced Compton wavelength of the electron."""
    with browser.page(place("reference/conventions")) as page:
        page.evaluate("document.querySelector('fieldset.nuem-live input').select()")
        page.type("1")
        page.press("Tab")
        assert page.evaluate("document.activeElement.labels[0].textContent") == "e cm"
        length = 100 * constants.physical_constants["reduced Compton wavelength"][0] / 2
        assert float(page.evaluate("document.activeElement.value")) == pytest.approx(length, rel=1e-5)
