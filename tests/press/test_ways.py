"""What chapters need, the order that follows, the times they take, and the picture of all that."""

import pytest
from conftest import ROOT
from nuem.errors import NuemError
from nuem.press import ways
from nuem.press.book import Book

NEEDED = {"c/one": [], "c/two": ["c/one", "reference/x"], "c/three": ["c/two"], "c/four": ["c/one"]}
TITLES = {page: page.title() for page in NEEDED}
TIMES = "**Time:** forty minutes to read, two hours and a half with pencil and paper, an hour for the exercises; a few "


def text(markdown):
    return {"cell_type": "markdown", "source": markdown}


def test_a_chapter_needs_what_it_links_to_in_one_paragraph():
    cells = [
        text("# T\n\n[not this](../x/no.ipynb)"),
        text("*What you need.*\nA [b](../x/b.ipynb) and\n[c](c), [b](../x/b.ipynb) again.\n\n([d](d) not.)"),
    ]
    assert ways.needs("chapters/y/a", cells) == ["chapters/x/b", "chapters/y/c"]
    assert ways.needs("chapters/y/a", [text("nothing")]) == []


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("half an hour", 30),
        ("three quarters of an hour", 45),
        ("forty minutes", 40),
        ("forty-five minutes", 45),
        ("an hour", 60),
        ("one hour and a half", 90),
        ("one and a half hours", 90),
        ("two hours and a half", 150),
        ("four hours", 240),
    ],
)
def test_times_in_words_are_minutes(words, minutes):
    assert ways.minutes(words) == minutes


@pytest.mark.parametrize("words", ["a while", "40 minutes", "eleventy hours", "two"])
def test_other_words_are_refused(words):
    with pytest.raises(NuemError, match="is none that is known; write for instance"):
        ways.minutes(words)


def test_a_chapter_tells_reading_pencil_and_exercises_apart():
    assert ways.times("x", [text(TIMES + "seconds to run.")]) == (40, 150, 60)
    with pytest.raises(NuemError, match="x: no line of times; write"):
        ways.times("x", [text("**Time:** forty minutes to read, a few seconds to run.")])


def test_each_page_comes_after_those_that_it_needs_and_otherwise_where_it_stood():
    assert ways.order(["c/three", "c/two", "c/four", "c/one"], NEEDED) == ["c/one", "c/two", "c/three", "c/four"]


def test_a_circle_is_refused_by_name():
    with pytest.raises(NuemError, match=r"in a circle: a, b; unlink one"):
        ways.order(["a", "b"], {"a": ["b"], "b": ["a"]})


def test_a_way_holds_what_its_ends_need_among_the_chapters():
    assert ways.closure(["c/three"], NEEDED) == {"c/one", "c/two", "c/three"}


def test_an_arc_joins_a_chapter_with_each_that_needs_it_and_dots_mark_the_way():
    course = ["c/one", "c/two", "c/three", "c/four"]
    (axes,) = ways.draw(course, NEEDED, TITLES, {"week": {"c/one", "c/two"}}).axes
    arcs = [
        sorted((round(y[0], 9), round(y[-1], 9))) for y in (curve.get_ydata() for curve in axes.lines) if len(y) > 1
    ]
    assert sorted(arcs) == sorted([[-1, 0], [-2, -1], [-3, 0]])
    assert [words.get_text() for words in axes.texts] == ["week", "1  C/One", "2  C/Two", "3  C/Three", "4  C/Four"]
    dots = [curve for curve in axes.lines if curve.get_markersize() == 5]
    assert sorted(curve.get_ydata()[0] for curve in dots) == [-1, 0]


def test_a_way_is_told_with_its_hours():
    hours = {page: (30, 120, 60) for page in NEEDED}
    assert ways.told("Week", ["c/one", "c/two"], TITLES, hours) == (
        "* **Week**: [C/One](c/one.ipynb), [C/Two](c/two.ipynb); 1 h to read, 4 h with pencil and paper, "
        "2 h for the exercises."
    )


def test_every_chapter_of_the_book_has_its_place_its_times_and_a_title_of_its_own():
    course, needed, titles, hours = ways.survey(Book(ROOT, ROOT / "_build"))
    assert len(set(titles.values())) == len(course) == len(hours) > 10
    for place, page in enumerate(course):
        assert not set(needed[page]) & set(course[place:]), page
