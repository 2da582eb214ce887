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


def cut(tmp_path, inside):
    """The slides of a page with a title and this."""
    page = f'<article><section id="t"><h1>A title</h1><p>First.</p>{inside}</section></article>'
    (tmp_path / "page.html").write_text(page)
    return slides.cut(article.read(tmp_path, "page"))


def test_aims_may_stand_in_one_line_with_their_name(tmp_path):
    aims = "<p><em>What you will be able to do.</em> Count to three; and doubt.</p>"
    deck = cut(tmp_path, f'<section id="b"><h2>Before you start</h2>{aims}</section>')
    assert [shown(slide) for slide in deck[1:]] == ["Count to three Doubt"]


def test_the_answer_may_be_a_table(tmp_path):
    deck = cut(
        tmp_path, '<div class="nuem-table"><table><tr><td>a bound</td></tr></table></div><ul><li>Small.</li></ul>'
    )
    assert [(slide.title, shown(slide)) for slide in deck[1:]] == [
        ("The answer", "a bound"),
        ("What it means", "Small."),
    ]


def test_a_count_of_sentences_is_not_begun_with_its_third(tmp_path):
    third = "Third, a last one that is said at some length, with"
    count = f"Three tools that are introduced in a sentence of some length.\nFirst, one.\nSecond, two.\n{third}"
    (slide,) = cut(tmp_path, f'<section id="s"><h2>Tools</h2><p>{count}</p>{FORMULA.format("a")}</section>')[1:]
    assert shown(slide) == f"First, one. Second, two. {third} a"


def test_a_sentence_that_ends_with_a_colon_leads_to_a_formula(tmp_path):
    last = "Insert it, and the integral over all angles is a number:"
    words = f"A first sentence that is long enough to stand on a slide alone.\n{last}"
    (slide,) = cut(tmp_path, f'<section id="s"><h2>Sum</h2><p>{words}</p>{FORMULA.format("a")}</section>')[1:]
    assert shown(slide) == f"{last} a"


def test_a_sentence_and_its_formula_stand_on_one_slide(tmp_path):
    rows = "<mtable>" + "<mtr><mtd><mi>a</mi></mtd></mtr>" * 4 + "</mtable>"
    part = f"<p>A sentence that is long enough to stand alone, and leads to</p>{FORMULA.replace('<mi>{}</mi>', rows)}"
    deck = cut(tmp_path, f'<section id="s"><h2>Rows</h2>{part * 2}</section>')[1:]
    assert [slide.formulas for slide in deck] == [1, 1]
    assert all(slide.shown[0].startswith("<p>") for slide in deck)


def test_a_paragraph_that_is_alone_on_its_slide_is_shown_whole(tmp_path):
    words = "A first sentence that is long enough to stand alone.\nA second one.\nThe cell computes it.\nIt takes long."
    (slide,) = cut(tmp_path, f'<section id="s"><h2>Words</h2><p>{words}</p></section>')[1:]
    assert shown(slide) == "A first sentence that is long enough to stand alone. A second one."
    assert "The cell computes it." in "".join(slide.said)  # slides have no cells


def test_words_behind_a_figure_are_its_caption_unless_they_lead_to_the_next(tmp_path):
    figure = '<div class="cell"><div class="output"><svg></svg></div></div>'
    words = "<p>What the picture shows in a sentence of some length.</p>"
    (slide,) = cut(tmp_path, f'<section id="s"><h2>Drawn</h2>{figure}{words}</section>')[1:]
    assert slide.shown[1].startswith('<p class="caption">')
    one, other = cut(tmp_path, f'<section id="s"><h2>Drawn</h2>{figure}{words}{figure}</section>')[1:]
    assert len(one.shown) == 1 and other.kind == "figure with-lead"


def test_a_verdict_that_the_page_is_about_is_a_line_of_its_slide(tmp_path):
    card = (
        '<div class="cell"><div class="output"><div class="nuem-card nuem-verdict"><p>'
        '<span class="nuem-badge">well</span> <a class="nuem-source" href="x.html">A paper</a>, '
        "<strong>eq. (3)</strong>: <em>x</em>: small</p><p>Why.</p></div></div></div>"
    )
    (slide,) = cut(tmp_path, f'<section id="s"><h2>Judged</h2>{card * 2}</section>')[1:]
    assert shown(slide) == " ".join(["well A paper: x : small"] * 2)
    assert "Why." in "".join(slide.said) and slide.shown[0].count("<li>") == 2


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
    steps = [int(number) for slide in deck for number in re.findall(r"^Step (\d+)", slide.title)]
    assert list(dict.fromkeys(steps)) == list(range(1, max(steps, default=0) + 1))
    assert [slide.title for slide in deck if not (shown(slide) or "<svg" in "".join(slide.shown))] == []
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
        page.evaluate("document.querySelector('.slides p').append(document.createElement('sub'))")
        style = "getComputedStyle(document.querySelector('.slides {}')).{}"  # reveal.js would take them away
        assert page.evaluate(style.format("li strong", "fontWeight")) == "650"
        assert page.evaluate(style.format("p em", "fontStyle")) == "italic"
        assert page.evaluate(style.format("sub", "verticalAlign")) != "baseline"
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
