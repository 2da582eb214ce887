"""What the chapters owe to the students' edition: it must stand without their solutions."""

import pytest
from conftest import ROOT
from nuem.press import exercises, students
from nuem.press.book import Book

BOOK = Book(ROOT, ROOT / "_build")


@pytest.mark.parametrize("chapter", BOOK.chapters())
def test_nothing_leans_on_a_solution(chapter):
    assert students.leaning(BOOK.notebook(chapter)) == []


@pytest.mark.parametrize("chapter", BOOK.chapters())
def test_exercises_are_well_formed(chapter):
    exercises.of_chapter(BOOK, chapter, BOOK.notebook(chapter))
