"""Slides: what is cut out of a page, and decks as a lecturer opens them."""

import re

import pytest
from browser import PROGRAM, Browser
from bs4 import BeautifulSoup
from conftest import ROOT
from nuem.press import article, exercises, marks, slides
from nuem.press.book import Book

BOOK = Book(ROOT, ROOT / "_build")
LECTURES = exercises.lectures(BOOK)
FORMULA = '<div class="formula"><math><mi>{}</mi></math></div>'
PAGE = """<article><section id="t"><h1>A title</h1>
<p>First.
Second.
Third.</p>
<div class="output"><div class="nuem-card nuem-bound">the bound</div></div>
<ul><li><p>It is small.
It was large.</p></li></ul>
<section id="before"><h2>Before you start</h2><div class="nuem-guess"><p><strong>Guess first. </strong>Two or three?</p>
<details class="nuem-choice"><summary>Two</summary><p>Too few.</p></details>
<details class="nuem-choice"><summary>Three</summary><p>Just so.</p></details></div>
<p><em>What you will be able to do.</em>
Count; doubt.</p></section>
<section id="derivation"><h2>Derivation</h2>
<section id="s1"><h3>Step 1: a loop</h3>
<p>A first sentence that is long enough to stand alone.
With the propagator in its usual gauge, the whole loop then adds</p>
{first}<p>and so on, which is a sentence of its own here.</p>{second}
</section>
<section id="s2"><h3>Step 2: for the page only</h3><!-- nuem-slides no-slide section --><p>Not on a slide.</p></section>
</section>
<section id="more"><h2>More</h2><!-- nuem-slides notes --><p>Only said, and long enough for a slide.</p>
<!-- nuem-slides-end --><!-- nuem-slides slide --><p>One sentence that is shown.
Another that is shown.</p><!-- nuem-slides-end -->
<details class="nuem-papers"><p>A verdict.</p></details>
<details class="nuem-code"><pre>code = 1</pre></details></section>
<section id="checks"><h2>Checks</h2><p>A check.</p></section>
<section id="ex"><h2>Exercises</h2><div class="exercise"><p class="admonition-title">Exercise 1.1 (A loop)</p>
<section><p>Compute it.</p></section></div><details class="solution"><p>The secret.</p></details></section>
</section></article>"""


@pytest.fixture
def deck(tmp_path):
    (tmp_path / "page.html").write_text(PAGE.format(first=FORMULA.format("a"), second=FORMULA.format("b")))
    return slides.cut(article.read(tmp_path, "page"))


def shown(slide):
    return BeautifulSoup("".join(slide.shown), "html.parser").get_text(" ", strip=True)


def test_headings_begin_slides_and_the_answer_comes_first(deck):
    titles = ["", "Guess first", "The answer", "What it means", "What you will be able to do", "Step 1: a loop", "More"]
    assert [slide.title for slide in deck] == [*titles, "Exercises"]
    assert shown(deck[0]) == "A title First. Second." and "Third." in "".join(deck[0].said)
    assert shown(deck[2]) == "the bound"
    assert shown(deck[4]) == "Count Doubt"


def test_a_guess_stands_before_the_answer_and_its_reasons_in_the_notes(deck):
    assert shown(deck[1]) == "Two or three? Two Three"
    assert "Too few." in "".join(deck[1].said) and "Too few." not in shown(deck[1])


def test_a_slide_shows_the_sentence_that_leads_to_a_formula_and_says_all(deck):
    step = deck[5]
    assert shown(step).startswith("With the propagator") and "A first sentence" not in shown(step)
    assert "A first sentence" in "".join(step.said)
    assert '<div class="fragment"><div class="formula"' not in step.shown[1] and "fragment" in step.shown[3]


def test_tags_say_what_a_slide_shows(deck):
    whole = "".join(slide.html() for slide in deck)
    assert "Not on a slide." not in whole and "Step 2" not in whole
    assert "Only said" in "".join(deck[6].said) and "Only said" not in shown(deck[6])
    assert shown(deck[6]) == "One sentence that is shown. Another that is shown."


def test_slides_hold_no_verdicts_code_checks_or_solutions(deck):
    whole = "".join(slide.html() for slide in deck)
    assert not re.search(r"A verdict|code = 1|A check|Compute it|The secret", whole)
    assert shown(deck[-1]) == "Exercise 1.1 (A loop)"


@pytest.mark.parametrize(("tag", "source", "line"), [
    ("notes", "Words.", "% nuem-slides notes"),
    ("no-slide", "## Words\n\nMore.", "% nuem-slides no-slide section"),
    ("no-slide", "Words.", "% nuem-slides no-slide"),
])  # fmt: skip
def test_a_tag_becomes_a_comment_behind_the_heading(tag, source, line):
    cell = {"cell_type": "markdown", "source": source, "metadata": {"tags": [tag]}}
    marks.mark(cell)
    assert line in cell["source"].split("\n")
    assert cell["source"].startswith("## Words\n") == source.startswith("#")


@pytest.mark.parametrize("page", LECTURES)
def test_every_chapter_is_a_lecture(page):
    found = article.read(BOOK.html, page)
    deck = slides.cut(found)
    assert 8 <= slides.minutes(deck) <= 55
    assert sum(bool(slide.said) for slide in deck) > len(deck) / 2  # a slide of cards alone needs no words
    whole = "".join(slide.html() for slide in deck)
    assert "{glue" not in whole and "{cite" not in whole and "<details" not in whole


@pytest.mark.skipif(PROGRAM is None, reason="no browser on this machine; the slides were not opened")
def test_every_slide_fits_and_needs_no_network(tmp_path):
    book = Book(ROOT, tmp_path)
    (tmp_path / "html").symlink_to(BOOK.html)
    (deck,) = slides.decks(book, ["chapters/laboratory/muon-g-2"])
    assert set(re.findall(r'(?:src|href)="(\w+:)', deck.read_text("utf-8"))) <= {"https:"}
    assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="\w+:', deck.read_text("utf-8"))
    with Browser() as browser, browser.page(deck, width=1280, height=720) as page:
        assert page.complaints() == []
        count = page.evaluate("Reveal.getTotalSlides()")
        assert 20 < count < 60
        assert page.evaluate("document.querySelector('.slides').getBoundingClientRect().width") > 1000
        seen = set()
        for _ in range(4 * count):
            seen.add(page.evaluate("Reveal.getIndices().h"))
            scale, left = page.evaluate(
                "(slide => [+slide.dataset.scale, Reveal.isLastSlide() && !Reveal.availableFragments().next])"
                "(Reveal.getCurrentSlide())"
            )
            assert scale > 0.6, page.evaluate("Reveal.getCurrentSlide().textContent")
            if left:
                break
            page.press(" ")
        assert len(seen) == count
        assert page.evaluate("Reveal.getSlideNotes().length > 0 || Reveal.isLastSlide()")
        assert page.complaints() == []
