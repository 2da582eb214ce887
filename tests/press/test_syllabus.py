"""Plans of a course, its goals, and the list of its exercises."""

import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nuem.press import exercises, syllabus
from nuem.press.book import Book
from nuem.press.exercises import Exercise

BOOK = Book(ROOT, ROOT / "_build")
NEEDED = {"chapters/a/one": [], "chapters/a/two": ["chapters/a/one", "reference/x"], "chapters/a/three": []}
KNOWN = [*NEEDED, "chapters/a/last"]


def test_a_week_has_a_theme_and_lectures():
    (first, second) = syllabus.weeks(["Begin | a/one, a/two", "", "End | a/last"], NEEDED, KNOWN)
    assert first.theme == "Begin" and first.lectures == ("chapters/a/one", "chapters/a/two")
    assert second.lectures == ("chapters/a/last",)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["Begin a/one"], "no week; write"),
        (["Begin | a/strange"], "no chapter a/strange"),
        (["Begin | a/one", "Again | a/one"], "a/one is taught twice"),
        (["Begin | a/two, a/one"], "a/two needs a/one, which no lecture before it teaches"),
    ],
)
def test_a_plan_that_cannot_be_taught_is_refused(lines, words):
    with pytest.raises(ValueError, match=words):
        syllabus.weeks(lines, NEEDED, KNOWN)


def exercise(number, level, minutes, kind="paper"):
    return Exercise(
        "chapters/a/one", number, f"label-{number}", "A title", kind, level, minutes, False, True, (), False
    )


def test_a_class_is_filled_with_what_is_simple_and_not_overfilled():
    found = [exercise("1.1", "3", "40"), exercise("1.2", "1", "30"), exercise("1.3", "1", "30"),
             exercise("1.4", "2", "60"), exercise("1.5", "1", "10", "project")]  # fmt: skip
    together, home = syllabus.for_class(found)
    assert [one.number for one in together] == ["1.2", "1.3"]
    assert [one.number for one in home] == ["1.1", "1.4", "1.5"]
    assert sum(int(one.minutes) for one in together) <= 90


def test_a_goal_is_what_the_chapter_says():
    text = "*What you will be able to do.*\nDerive [it](../x/y.ipynb);\ndoubt it.\n\n*Units.* None."
    assert syllabus.goal_of([{"cell_type": "markdown", "source": text}]) == "Derive it; doubt it."


def page(name):
    return BeautifulSoup((BOOK.html / f"course/{name}.html").read_text("utf-8"), "html.parser").article


def test_the_list_names_every_exercise_of_every_chapter_once():
    all_of_them = [
        (one.chapter, one.label, one.number)
        for chapter in BOOK.chapters()
        if chapter.startswith("chapters/")
        for one in exercises.of_chapter(BOOK, chapter, BOOK.notebook(chapter))
    ]
    listed = [
        (*re.fullmatch(r"\.\./(.+)\.html#(.+)", link["href"]).groups(), link.get_text())
        for link in page("exercises").select('a[href*="#"]')
        if re.fullmatch(r"\d+\.\d+", link.get_text())
    ]
    assert sorted(listed) == sorted(all_of_them) and len(listed) > 60


def test_the_long_plan_has_every_chapter_that_derives_something():
    tables = page("syllabus").find_all("table")
    rows = [len(table.select("tbody tr")) for table in tables]
    assert rows == [12, 6, 4]
    lectures = {link["href"] for link in tables[0].select("td:nth-child(2) a")}
    assert len(lectures) == 24
    assert {f"../{name}.html" for name in syllabus.ways.survey(BOOK)[0]} <= lectures


@pytest.mark.parametrize("name", ["syllabus", "exercises", "play"])
def test_no_two_chapters_have_one_name(name):
    links = page(name).select('a[href^="../chapters/"]')
    names = {(link["href"], link.get_text()) for link in links if "#" not in link["href"]}
    assert len(names) > 20
    assert len({words for _, words in names}) == len({target for target, _ in names}) == len(names)


def test_numbers_of_a_plan_lead_to_exercises_that_are_there():
    for link in page("syllabus").select('a[href*="#"]'):
        target, _, name = link["href"].partition("#")
        if re.fullmatch(r"\d+\.\d+", link.get_text()):
            text = (BOOK.html / "course" / target).resolve().read_text("utf-8")
            assert f'id="{name}"' in text
