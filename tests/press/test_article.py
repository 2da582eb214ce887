"""What is cut out of a built page."""

import pytest
from nuem.errors import NuemError
from nuem.press import article, exercises
from nuem.press.book import Book
from nuem.press.site import built

PAGE = """<!DOCTYPE html><html><body><nav id="book"></nav><article><section id="one"><h1>A <math><mi>Q</mi></math>
title<a class="headerlink" href="#one">¶</a></h1>
<p>See <a href="#one">here</a>, <a href="../b/other.html#two">there</a>, <a href="../b/strange.html">elsewhere</a>,
<a href="https://example.org">outside</a>.</p>
<svg><a href="../b/other.html"><use href="#mark"/></a></svg></section></article></body></html>"""


@pytest.fixture
def html(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.html").write_text(PAGE)
    return tmp_path


def test_links_lead_to_what_stands_beside_and_nowhere_else(html):
    found = article.read(html, "a/page", {"a/page", "b/other"})
    assert found.title == "A Q title"
    links = {link.get_text(): link.get("href") for link in found.tree.find_all("a")}
    assert links["here"] == "#a-page--one" and found.tree.find("section")["id"] == "a-page--one"
    assert links["there"] == "#b-other--two" and links["outside"] == "https://example.org"
    assert links["elsewhere"] is None
    assert '<a href="#b-other"><use href="#mark"/></a>' in found.html(found.tree)


def test_what_was_held_back_comes_back(html):
    found = article.read(html, "a/page")
    assert "<math>" not in str(found.tree) and "<math><mi>Q</mi></math>" in found.html(found.tree)
    assert found.shows(found.tree, "<svg") and not found.shows(found.tree.h1, "<svg")


def test_a_page_that_is_not_built_is_named(html):
    with pytest.raises(NuemError, match=r"other\.html is missing; run `make book` first"):
        article.read(html, "b/other")


def test_chapters_are_named_whole_or_by_their_last_word(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: index\nchapters: [{file: chapters/stars/sun}]\n")
    (tmp_path / "index.md").touch()
    (tmp_path / "chapters" / "stars").mkdir(parents=True)
    (tmp_path / "chapters" / "stars" / "sun.ipynb").touch()
    book = Book(tmp_path, tmp_path / "_build")
    assert article.named(book, ["sun", "chapters/stars/sun.ipynb", "1"]) == ["chapters/stars/sun"] * 3
    assert exercises.lectures(book) == ["chapters/stars/sun"]
    with pytest.raises(NuemError, match="there is no chapter moon; there are sun"):
        article.named(book, ["moon"])
    with pytest.raises(NuemError, match="run `make book` first"):
        built(book)
