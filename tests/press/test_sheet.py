"""The formula sheet, the glossary and the page of live formulas."""

import re

import pytest
from browser import PROGRAM, Browser
from bs4 import BeautifulSoup
from conftest import ROOT
from nuem.press import paper, reading, sheet
from nuem.press.book import Book
from pypdf import PdfReader

BOOK = Book(ROOT, ROOT / "_build")
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no browser on this machine")


def page(name):
    return BeautifulSoup((BOOK.html / f"course/{name}.html").read_text("utf-8"), "html.parser").article


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1. A *word* means this,", "A *word* means this."),
        ("**word** isn't it.\nA *word* is.", "A *word* is."),
        ("A *word* has {glue:text}`n` letters.\nA *word* is.", "A *word* is."),
        ("A *word* by {cite}`x`.", None),
        ("no such thing", None),
    ],
)
def test_a_word_is_explained_by_a_sentence_that_stands_alone(text, sentence):
    assert sheet.definition("word", [{"cell_type": "markdown", "source": text}]) == sentence


def test_the_sheet_has_the_formulas_of_the_chapters():
    shown = {formula["data-tex"] for formula in page("formula-sheet").select(".nuem-sheet .formula math")}
    assert len(shown) > 35
    derived = {
        " ".join(tex.split()).rstrip(" .,;:")
        for chapter in BOOK.chapters()
        for tex in reading.displayed_formulas(BOOK.notebook(chapter)).values()
    }
    assert {" ".join(tex.split()) for tex in shown} <= derived


def test_the_glossary_is_in_order_and_leads_to_chapters():
    entries = page("glossary").select("dl > dt")
    words = [entry.get_text().lower() for entry in entries]
    assert words == sorted(words) and len(words) > 20
    assert all(entry.find_next_sibling("dd").find("a", href=True) for entry in entries)


def test_no_word_is_explained_by_a_sentence_that_leans_on_the_one_before():
    said = [entry.get_text() for entry in page("glossary").select("dl > dd")]
    assert [text for text in said if re.match(r"(It|Its|This|That|These|Here|Both|Then|So|But|How)\b", text)] == []


def test_every_live_formula_is_there():
    chapters = {
        chapter.rpartition("/")[2]
        for chapter in BOOK.chapters()
        if chapter.startswith("chapters/") and sheet._live(BOOK.executed_copy(chapter))
    }
    cards = page("play").select(".nuem-play")
    assert {card["data-play"] for card in cards} == chapters and len(chapters) > 15
    assert all(card.select_one(".nuem-live input[type=range]") for card in cards)


@needs_browser
def test_a_link_restores_a_setting_from_a_file():
    place = BOOK.html / "course" / "play.html"
    card = "document.querySelector('[data-play=\"muon-g-2\"]')"
    with Browser() as browser:
        with browser.page(place) as opened:
            before = opened.evaluate(f"{card}.querySelector('.nuem-result').textContent")
            opened.evaluate(f"(s => {{ s.value = s.max; s.dispatchEvent(new Event('input', {{bubbles: true}})) }})"
                            f"({card}.querySelector('input'))")  # fmt: skip
            moved = opened.evaluate(f"{card}.querySelector('.nuem-result').textContent")
            link = opened.evaluate(f"{card}.querySelector('.nuem-setting').href")
            assert moved != before and "#muon-g-2=" in link
        with browser.page(link) as opened:
            assert opened.evaluate(f"{card}.querySelector('.nuem-result').textContent") == moved
            assert opened.complaints() == []
        with browser.page(f"{place.as_uri()}#muon-g-2=x,,-3&strange") as opened:
            assert opened.evaluate(f"{card}.querySelector('.nuem-result').textContent") == before
            assert opened.complaints() == []


@needs_browser
def test_on_paper_the_sheet_has_two_pages(tmp_path):
    book = Book(ROOT, tmp_path)
    (tmp_path / "html").symlink_to(BOOK.html)
    students, _ = paper.handouts(book, ["course/formula-sheet"])
    assert len(PdfReader(students).pages) == 2
