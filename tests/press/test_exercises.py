"""Exercises read off their source: their numbers, and one sentence for each way of writing one wrongly."""

import re

import pytest
import sympy as sp
from class_book import CHAPTER, END, EXERCISES, FORMULA, NEXT, SOLUTION, chapter_with_exercises
from nuem.errors import NuemError
from nuem.notebook import solutions
from nuem.press import exercises
from nuem.press.book import Book
from nuem.review.records import VIEW_MIME
from test_book import write_book


@pytest.fixture
def book(tmp_path):
    write_book(tmp_path)
    return Book(tmp_path, tmp_path / "_build")


def read(book, **changed):
    chapter_with_exercises(book.root, **changed)
    return exercises.of_chapter(book, CHAPTER, book.notebook(CHAPTER))


def test_exercises_have_the_number_of_their_chapter_and_say_what_they_are(book):
    one, two = read(book)
    assert (one.number, two.number) == ("1.1", "1.2")
    assert (one.facts, two.facts) == ("paper · level 2 · 20 minutes", "judgement · level 1 · 5 minutes")
    assert (one.hint, two.hint, one.planted, two.planted) == (True, False, False, True)
    assert (one.title, one.choices, two.choices) == ("A charge in disguise", (), ("a", "b"))


def test_the_number_follows_the_table_of_contents(book):
    toc = book.root / "_toc.yml"
    lines = toc.read_text().splitlines()
    first = next(line for line in lines if CHAPTER in line)
    lines.remove(first)
    toc.write_text("\n".join([*lines, first]) + "\n")
    assert [one.number for one in read(book)] == ["2.1", "2.2"]
    assert exercises.number_of_chapter(book, "reference/bibliography") is None


def test_an_exercise_without_kind_is_one_as_well(book):
    one, _ = read(book, exercises=re.sub(r":(kind|level|minutes): .*\n", "", EXERCISES))
    assert one.facts == "" and one.number == "1.1"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            ("paper", "essay"),
            r"exercise small-number: :kind: essay is none; Allowed are: computation, judgement, paper",
        ),
        (("level: 2", "level: 4"), r"exercise small-number: :level: 4 is none; give 1"),
        (("minutes: 20", "minutes: long"), r":minutes: long is no time; give a number such as 20"),
        (("minutes: 20", "minutes: 0"), r":minutes: 0 is no time"),
        ((":minutes: 20\n", ""), r":minutes: is missing; say kind, level and minutes, or none of them"),
        ((":minutes: 20\n", ":minutes: 20\n:planted:\n"), r"a planted error makes it of the kind computation or judge"),
        ((":label: small-number\n", ""), r"exercise 'A charge in disguise': it has no name; give it one with :label:"),
        ((":label: small-number\n", ":label: small-formula\n"), r"small-formula: another exercise has this label"),
        (
            ("start} small-number", "start} small-numbr"),
            r"a solution is one of 'small-numbr', and no exercise has this",
        ),
        (("start} small-number", "start} small-formula"), r"exercise small-formula: it has 2 solutions; keep one"),
        (("{solution-start}", "{note}"), r"exercise small-number: it has no solution; write one behind it"),
    ],
)
def test_what_is_written_wrongly_is_named_with_its_chapter(book, changed, words):
    with pytest.raises(NuemError, match=rf"^{CHAPTER}\.ipynb.*{words}"):
        read(book, exercises=EXERCISES.replace(*changed, 1))


def test_an_exercise_about_levels_is_one_about_sides(book):
    level = EXERCISES.replace("Which charge has", "At 90 % confidence, which charge has")
    assert level != EXERCISES and [one.sides for one in read(book)] == [False, False]
    found = read(book, exercises=level)
    assert [one.sides for one in found] == [True, False]
    views = [solutions.answer("small-number", 3.0), solutions.answer("small-formula", 2.0)]
    answers = exercises.answers(found, executed(*views), CHAPTER)
    assert ["sides" in answers[label]["parts"][""] for label in ("small-number", "small-formula")] == [True, False]


def executed(*views):
    cells = [{"id": f"cell-{k}", "outputs": [{"data": {VIEW_MIME: view}}]} for k, view in enumerate(views)]
    return {"cells": cells}


def test_answers_are_kept_sealed_by_exercise_and_part(book):
    views = [
        solutions.answer("small-number", 3.217e-12, unit="e0"),
        solutions.answer("small-formula", 2.0, part="f"),
        solutions.choice("small-formula", "b", "which"),
    ]
    found = exercises.answers(read(book), executed(*views), CHAPTER)
    assert {label: (one["number"], list(one["parts"])) for label, one in found.items()} == {
        "small-number": ("1.1", [""]),
        "small-formula": ("1.2", ["f", "which"]),
    }
    assert "3.2" not in str(found)


@pytest.mark.parametrize(
    ("views", "words"),
    [
        (
            [solutions.answer("small", 3.0)],
            r"cell cell-0: an answer of 'small', and no exercise has this label; did you",
        ),
        (
            [solutions.answer("small-number", 3.0)] * 2,
            r"cell cell-1: a second answer for the only part of the exercise",
        ),
        ([solutions.answer("small-number", 3.0, part="a")] * 2, r"a second answer for the part 'a' of the exercise"),
        (
            [solutions.answer("small-formula", sp.Symbol("x'", positive=True))],
            r"cell cell-0: nobody can type the symbol x' of exercise",
        ),
        (
            [solutions.choice("small-formula", "c")],
            r"the choice is \(c\), but exercise small-formula lists no `\* \(c\)",
        ),
    ],
)
def test_an_answer_that_fits_no_exercise_stops_the_build(book, views, words):
    with pytest.raises(NuemError, match=rf"^{CHAPTER}\.ipynb, {words}" if "cell-" in words else words):
        exercises.answers(read(book), executed(*views), CHAPTER)


def test_the_class_of_the_tests_has_what_they_look_for():
    texts = "".join([EXERCISES, SOLUTION, NEXT, FORMULA, END])
    assert texts.count("{exercise}") == texts.count("{solution-start}") == texts.count("{solution-end}") == 2
