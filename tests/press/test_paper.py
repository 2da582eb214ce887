"""Handouts and the printed book: what stands on paper, page numbers and bookmarks."""

import re
import time

import pytest
from browser import PROGRAM
from conftest import ROOT
from nuem.errors import NuemError
from nuem.press import article, exercises, paper
from nuem.press.book import Book
from pypdf import PdfReader

BOOK = Book(ROOT, ROOT / "_build")
MUON = "chapters/laboratory/muon-g-2"
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no browser on this machine; nothing was printed")


def on_paper(edition):
    everything = edition == "lecturer"
    return paper.for_paper(article.read(BOOK.html, MUON), code=everything, solutions=everything)


def test_a_students_handout_has_neither_code_nor_solutions():
    tree = on_paper("students").tree
    assert tree.select(".exercise") and tree.select(".formula") and tree.select(".nuem-bound")
    assert not tree.select(".solution, .tag_solution, .cell_input, details.nuem-code, .nuem-live, button, input")
    assert "Solution to" not in tree.get_text()


def test_the_lecturers_handout_has_both_open():
    tree = on_paper("lecturer").tree
    assert tree.select("details.solution .cell_input") and tree.select(".cell > details.nuem-code")
    assert all(fold.has_attr("open") for fold in tree.find_all("details"))


def test_what_judges_the_papers_stands_at_the_end_under_the_names_of_its_sections():
    tree = on_paper("students").tree
    end = tree.find("section").find_all("section", recursive=False)[-1]
    assert end.h2.get_text() == "What judges the papers"
    assert len(end.select("details.nuem-papers")) == len(tree.select("details.nuem-papers")) > 1
    assert len({heading.get_text() for heading in end.find_all("h3")}) == len(end.find_all("h3"))


def test_live_formulas_are_printed_with_what_they_start_from():
    tree = paper.for_paper(article.read(BOOK.html, "course/play"), code=False, solutions=False).tree
    cards = tree.select(".nuem-play .nuem-live")
    assert len(cards) > 20 and all(card.select(".nuem-slider output") for card in cards)
    assert not tree.select("input, button, .nuem-setting")
    units = paper.for_paper(article.read(BOOK.html, "reference/conventions"), code=False, solutions=False).tree
    assert not units.select("fieldset")  # what converts by typing has nothing to say on paper


@pytest.mark.parametrize("page", [*exercises.lectures(BOOK), "course/exam"])
def test_no_solution_is_on_a_students_handout(page):
    tree = paper.for_paper(article.read(BOOK.html, page), code=False, solutions=False).tree
    assert tree.select(".exercise, .nuem-guess")
    assert not tree.select(".solution, .tag_solution, details.nuem-choice > p")
    assert "Solution to" not in tree.get_text()


def test_without_a_browser_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(paper.shutil, "which", lambda name: None)
    with pytest.raises(NuemError, match=r"needs Chromium or Google Chrome.*install it.*or print the pages"):
        paper.browser()


@needs_browser
def test_handouts_of_a_chapter(tmp_path):
    book = Book(ROOT, tmp_path)
    (tmp_path / "html").symlink_to(BOOK.html)
    started = time.perf_counter()
    students, lecturer = paper.handouts(book, [MUON])
    seconds = time.perf_counter() - started
    texts = ["".join(page.extract_text() for page in PdfReader(place).pages) for place in (students, lecturer)]
    assert "Exercise" in texts[0] and "Solution" not in texts[0] and "sp.symbols" not in texts[0]
    assert "Solution" in texts[1] and "sp.symbols" in texts[1]
    marks = [mark.title for mark in PdfReader(students).outline if not isinstance(mark, list)]
    assert marks[0].startswith("Muon g−2")
    assert 5 < len(PdfReader(students).pages) < len(PdfReader(lecturer).pages) < 60
    assert seconds < 60  # ten on an idle machine


TOC = """root: index
parts:
  - caption: Two planets
    chapters: [{file: chapters/mars}, {file: chapters/venus}]
"""
CITATION = "title: Planets\nversion: '1'\nauthors: [{name: An Author}]\n"


@pytest.fixture
def small(tmp_path):
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "_config.yml").write_text("title: Planets\n")
    (tmp_path / "CITATION.cff").write_text(CITATION)
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    book = Book(tmp_path, tmp_path / "_build")
    (book.html / "_static").mkdir(parents=True)
    (book.html / "_static" / "book.css").write_bytes((BOOK.html / "_static" / "book.css").read_bytes())
    (book.html / "chapters").mkdir()
    lines = {"index": 10, "chapters/mars": 150, "chapters/venus": 150}
    for name, count in lines.items():
        (tmp_path / f"{name}.md").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.md").touch()
        text = "".join(f"<p>Line {number} of {name}.</p>" for number in range(count))
        body = f'<section id="a"><h1>On {name}</h1><section id="b"><h2>Part of {name}</h2>{text}</section></section>'
        (book.html / f"{name}.html").write_text(f"<article>{body}</article>")
    return book


@needs_browser
def test_contents_and_bookmarks_of_the_printed_book_name_the_pages_where_things_stand(small):
    reader = PdfReader(paper.whole_book(small))
    texts = [page.extract_text() for page in reader.pages]
    labels = reader.page_labels
    assert texts[0].startswith("Planets\n") and "An Author" in texts[0]
    contents = next(text for text in texts if "Contents" in text)
    for name in ("index", "chapters/mars", "chapters/venus"):
        printed = re.search(rf"On {name}\s+(\d+)", contents)[1]
        place = next(number for number, text in enumerate(texts) if f"Line 0 of {name}." in text)
        assert labels[place] == printed
        assert f"\n{printed}\n" in texts[place]  # on the page itself

    def marks(items):
        for item in items:
            if isinstance(item, list):
                yield from marks(item)
            else:
                yield item.title, reader.get_destination_page_number(item)

    places = dict(marks(reader.outline))
    assert "Line 0 of chapters/venus." in texts[places["Part of chapters/venus"]]
    assert places["Two planets"] == places["On chapters/mars"]
    assert reader.metadata.title == "Planets"
    assert "within.invalid" not in repr([page.get("/Annots", []) for page in reader.pages[:2]])
    assert max(places.values()) < len(texts) and "Line 149 of chapters/venus." in texts[-1]  # no page of marks is left
