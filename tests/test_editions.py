"""The course as it is built: the students' edition stands without the solutions of the chapters, and leaks none."""

import json
import re
from collections.abc import Iterator
from html import unescape

import house_rules
import pytest
from conftest import ROOT
from nuem.press import commands, exercises, reading, students
from nuem.press.book import Book

BOOK = Book(ROOT, ROOT / "_build")
LONG = 8  # words in a row that nobody writes twice by chance


@pytest.mark.parametrize("chapter", BOOK.chapters())
def test_nothing_leans_on_a_solution(chapter):
    assert students.leaning(BOOK.notebook(chapter)) == []


SHEET = re.findall(r"^([\w/-]+) \| [^|\n]+ \| (.+)$", (ROOT / "course" / "formula-sheet.md").read_text("utf-8"), re.M)


@pytest.mark.parametrize(("page", "names"), SHEET)
def test_the_formula_sheet_gives_no_solution_away(page, names):
    chapter = page if page in BOOK.chapters() else f"chapters/{page}"
    shown = reading.displayed_formulas(students.without_solutions(BOOK.notebook(chapter)))
    assert set(names.split(", ")) <= set(shown)


@pytest.mark.parametrize("chapter", exercises.lectures(BOOK))
def test_each_chapter_has_four_exercises_that_say_what_they_are_and_one_planted_error(chapter):
    assert house_rules.exercise_faults(of(chapter)) == []


# -- what is built -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editions():
    """Both editions; a `make course` that finds the site unchanged takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        assert commands.main(["course"]) == 0
    return BOOK.build / "course"


def rows(text):
    """All rows of so many words of a text."""
    words = re.findall(r"\w+", text)
    return {tuple(words[place : place + LONG]) for place in range(len(words) - LONG + 1)}


def says_something(row):
    """Whether a row of words is part of a sentence or of code; the letters of a formula are neither."""
    return sum(word.isalpha() and len(word) > 2 for word in row) >= LONG // 2


def texts_in(content) -> Iterator[str]:
    """All texts of parsed JSON; the lines of a cell are one."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list) and content and all(isinstance(one, str) for one in content):
        yield "".join(content)
    elif isinstance(content, list | dict):
        for one in content.values() if isinstance(content, dict) else content:
            yield from texts_in(one)


def words_of_file(path):
    """All that a file of the editions says, without its markup."""
    text = path.read_text("utf-8")
    if path.suffix in (".ipynb", ".json"):
        return rows("\n".join(texts_in(json.loads(text))))
    if path.name == "search-index.js":
        return rows("\n".join(texts_in(json.loads(text.partition("=")[2].strip().rstrip(";")))))
    if path.suffix == ".html":
        return rows(unescape(re.sub(r"<[^>]*>", "", text))) | rows(unescape(re.sub(r"<[^>]*>", " ", text)))
    return rows(text)


@pytest.fixture(scope="module")
def secrets():
    """Rows of words that stand in solutions, text and code, and nowhere else: in no page, nor in the package."""
    inside, outside = set(), set()
    for path in (ROOT / "lib" / "nuem").rglob("*"):
        if path.suffix in (".py", ".yml"):
            outside |= rows(path.read_text("utf-8"))
    for page in BOOK.pages():
        if page not in BOOK.chapters():
            outside |= rows((ROOT / f"{page}.md").read_text("utf-8"))
            continue
        kept = students.without_solutions(BOOK.notebook(page))["cells"]
        outside |= rows("\n".join("".join(cell["source"]) for cell in kept))
        whole = "\n".join("".join(cell["source"]) for cell in BOOK.notebook(page)["cells"])
        inside |= rows(students.GATE.sub("\n", whole))
    return set(filter(says_something, inside - outside))


def leaks(folder, secrets):
    kinds = (".html", ".ipynb", ".json", ".js", ".txt", ".md", ".bib", ".csv", ".xml")
    for path in folder.rglob("*"):
        readable = path.is_file() and path.suffix in kinds and "_modules" not in path.parts
        if readable and (found := words_of_file(path) & secrets):
            yield f"{path.relative_to(folder)}: {' '.join(min(found))}"


def test_no_sentence_and_no_line_of_a_solution_is_in_the_students_edition(editions, secrets):
    assert len(secrets) > 1000
    assert list(leaks(editions / "students", secrets)) == []
    found = list(leaks(editions / "lecturer" / "notebooks", secrets))
    assert len(found) >= len(exercises.lectures(BOOK)), "none is found"


def test_no_solution_is_named_in_the_students_edition(editions):
    names = {f"{one.label}-solution" for chapter in BOOK.chapters() for one in of(chapter)} | {"Solution to Exercise"}
    for edition, expected in (("students", 0), ("lecturer", len(names) - 1)):
        pages = (editions / edition).rglob("*.html")
        found = [path for path in pages for name in solutions_named_in(path.read_text("utf-8")) if name in names]
        assert len(found) >= expected and bool(found) == bool(expected), found[:3]


def solutions_named_in(text):
    """What stands before each `-solution`; a search for whole names would look at each letter of a long page."""
    yield from ["Solution to Exercise"] * text.count("Solution to Exercise")
    for before in text.split("-solution")[:-1]:
        yield re.search(r"[\w-]*\Z", before[-80:])[0] + "-solution"


def of(chapter):
    return exercises.of_chapter(BOOK, chapter, BOOK.notebook(chapter))


def test_each_exercise_has_its_place_for_an_answer(editions):
    for chapter in BOOK.chapters():
        notebook = json.loads((editions / "students" / "notebooks" / f"{chapter}.ipynb").read_text("utf-8"))
        cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
        answers = exercises.answers_of(BOOK, chapter, BOOK.executed_copy(chapter))
        for one in of(chapter):
            assert cells[f"answer-{one.label}"].startswith(f"{f'# Exercise {one.number}'.rstrip()}: "), one
            parts = answers.get(one.label, {"parts": ()})["parts"]
            assert cells[f"answer-{one.label}"].count("chapter.check(") == len(parts), one
        assert not [cell for cell in notebook["cells"] if "solution" in cell["metadata"].get("tags", ())]
