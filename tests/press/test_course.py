"""The two editions of a small book: students have every exercise and no solution, lecturers both; notebooks run."""

import json
import re
import shutil

import nbclient
import nbformat
import pytest
from browser import PROGRAM, Browser
from class_book import CHAPTER, chapter_with_exercises
from nuem.press import commands, course, fingerprint
from nuem.press.book import Book
from test_book import SYNTHESIS, write_book


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A built book with exercises, a page for lecturers, and its two editions."""
    root = tmp_path_factory.mktemp("course") / "a small book"
    root.mkdir()
    write_book(root)
    chapter_with_exercises(root)
    (root / "course" / "lecturer").mkdir(parents=True)
    (root / "course" / "plan.md").write_text("# Plan\n\nTwelve weeks, then [the exam](lecturer/exam.md).\n")
    (root / "course" / "lecturer" / "exam.md").write_text("# Exam\n\nSECRETEXAM\n")
    with (root / "_toc.yml").open("a") as toc:
        toc.write("  - file: course/plan\n  - file: course/lecturer/exam\n")
    with (root / "_config.yml").open("a") as settings:
        settings.write("\nrepository:\n  url: https://github.com/some/SECRETREPOSITORY\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for command in ("build", "course"):
            fingerprint.forget()
            assert commands.main([command, "--jobs", "2"]) == 0
    return Book(root, root / "_build")


@pytest.fixture
def editions(book):
    return book.build / "course"


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def with_secrets(folder):
    return sorted({str(path.relative_to(folder)) for path in files(folder) if b"SECRET" in path.read_bytes()})


def test_no_solution_leaks(editions):
    """Not its text, code, outputs, numbers or remarks on mistakes; the marked words are in the lecturer's edition."""
    assert with_secrets(editions / "students") == []
    lecturers = with_secrets(editions / "lecturer")
    for place in (
        f"html/{CHAPTER}.html",
        f"html/_sources/{CHAPTER}.ipynb",
        f"html/_static/notebooks/{CHAPTER}.ipynb",
        "html/_static/search-index.js",
        "html/course/lecturer/exam.html",
        f"notebooks/{CHAPTER}.ipynb",
    ):
        assert place in lecturers, "the test has lost its marks"
    value = re.compile(r"3\.2(00000000)?0?(×| × |e-12)")  # the answer as programs and people write it
    assert value.search((editions / "lecturer" / "html" / f"{CHAPTER}.html").read_text("utf-8"))
    for path in files(editions / "students"):
        if path.suffix in (".html", ".ipynb", ".json") or path.name == "search-index.js":
            assert not value.search(path.read_text("utf-8")), path


def test_students_have_every_exercise_with_its_number_and_its_field(editions):
    page = (editions / "students" / "html" / f"{CHAPTER}.html").read_text("utf-8")
    assert "Exercise 1.1 (A charge in disguise)" in page and "Exercise 1.2 (A formula)" in page
    assert page.count('class="nuem-check"') == 3 and "Solution to" not in page
    same = re.compile(r'<form class="nuem-check".*?</form>', re.S)
    assert same.findall(page) == same.findall((editions / "lecturer" / "html" / f"{CHAPTER}.html").read_text("utf-8"))


def test_pages_of_the_lecturer_are_named_but_not_linked(editions):
    plan = (editions / "students" / "html" / "course" / "plan.html").read_text("utf-8")
    assert "then the exam." in plan and "exam.html" not in plan
    assert "exam.html" in (editions / "lecturer" / "html" / "course" / "plan.html").read_text("utf-8")


def test_nothing_of_the_book_ran_a_second_time(book):
    executed = json.loads(book.copy_of(CHAPTER).read_text("utf-8"))
    cut = json.loads(course.students_book(book).copy_of(CHAPTER).read_text("utf-8"))
    for one in ("papermill",):
        assert cut["metadata"][one] == executed["metadata"][one]


def solved(notebook, folder, **answers):
    """What the checks say once the dots are replaced; the kernel is a fresh one, elsewhere."""
    for cell in notebook.cells:
        for name, answer in answers.items():
            cell.source = cell.source.replace(f"{name} = ...", f"{name} = {answer}")
    client = nbclient.NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    said = [output["data"]["text/plain"] for output in outputs if "text/plain" in output.get("data", {})]
    return [words for words in said if words.startswith("exercise")]


@pytest.fixture
def notebook(editions):
    return nbformat.read(editions / "students" / "notebooks" / f"{CHAPTER}.ipynb", as_version=4)


def test_a_students_notebook_runs_from_top_to_bottom_elsewhere(notebook, tmp_path):
    said = solved(notebook, tmp_path)
    assert len(said) == 3 and all("No answer yet: it waits for" in words for words in said)


def test_a_student_finds_right_and_wrong_answers(notebook, tmp_path):
    right = {"answer_1_1": "3.3e-12", "answer_1_2_1": "x", "answer_1_2_2": "'a'"}
    number, formula, choice = solved(notebook, tmp_path, **right | {"answer_1_2_1": "nuem"})
    assert number == "exercise 1.1: Right."
    assert "This exercise wants a formula of sympy in m_e, x" in formula and choice.endswith("No, not this one.")


def test_the_dots_of_a_mistake_get_its_own_words(notebook, tmp_path):
    (number, *_) = solved(notebook, tmp_path, answer_1_1="'9.6e-12 e'")
    assert number == "exercise 1.1: Not yet: SECRETMISTAKE with a 3."


# -- on a page ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(PROGRAM is None, reason="no browser on this machine; its tests were left out")
def test_fields_answer_from_a_file_by_keyboard_alone(editions):
    page_file = editions / "students" / "html" / f"{CHAPTER}.html"
    with Browser() as browser, browser.page(page_file) as page:
        assert page.evaluate("location.protocol") == "file:"
        page.evaluate("document.getElementById('answer-small-number').focus()")
        for typed, words in (
            ("3.1e-12", "Right."),
            ("6.4e-12", "Not yet. A factor of 2 would explain it."),
            ("9.6e-12", "Not yet: SECRETMISTAKE with a 3."),
            ("three", "This can’t be read: three is no number."),
        ):
            page.evaluate("document.activeElement.select()")
            page.type(typed)
            assert page.evaluate("document.activeElement.form.querySelector('output').textContent") == ""
            page.press("Enter")
            assert page.evaluate("document.activeElement.form.querySelector('output').textContent") == words
        page.evaluate("document.getElementById('answer-small-formula-f').focus()")
        page.type("m_e^2 sqrt(x)/pi")
        page.press("Enter")
        assert page.evaluate("document.activeElement.form.querySelector('output').textContent") == "Right."
        page.press("Tab", times=2)  # over the button, to the choices
        page.press(" ")
        page.press("ArrowRight")
        page.press("Enter")
        assert page.evaluate("document.activeElement.value") == "b"
        assert page.evaluate("document.activeElement.form.querySelector('output').textContent") == "Right."
        assert page.complaints() == []


@pytest.mark.skipif(PROGRAM is None, reason="no browser on this machine; its tests were left out")
def test_without_scripts_and_on_paper_no_field_promises_anything_and_the_guess_opens(editions):
    page_file = editions / "students" / "html" / f"{CHAPTER}.html"
    with Browser() as browser, browser.page(page_file, scripts=False) as page:
        page.send("Emulation.setScriptExecutionDisabled", value=False)
        assert page.evaluate("[...document.querySelectorAll('.nuem-check')].every(form => form.offsetHeight === 0)")
        page.tap(".nuem-choice summary")
        assert page.evaluate("document.querySelector('.nuem-choice').open")


# -- sources and chapters ----------------------------------------------------------------------------------------------


def test_no_copy_of_a_student_replaces_the_source(book, editions, capsys, monkeypatch):
    monkeypatch.chdir(book.root)
    place = editions / "students" / "notebooks" / f"{CHAPTER}.ipynb"
    assert commands.main(["source", str(place)]) == 1
    assert "no reader's copy" in capsys.readouterr().err
    assert "SECRET" in (book.root / f"{CHAPTER}.ipynb").read_text("utf-8")


def test_some_chapters_only_and_a_wrong_name(book, monkeypatch, capsys):
    monkeypatch.chdir(book.root)
    fingerprint.forget()
    assert commands.main(["course", "1"]) == 0
    said = capsys.readouterr().out
    assert "building the website" not in said, "an unchanged site is made again"
    notebooks = book.build / "course" / "students" / "notebooks"
    assert (notebooks / f"{CHAPTER}.ipynb").is_file() and not (notebooks / f"{SYNTHESIS}.ipynb").exists()
    assert commands.main(["course", "smal"]) == 1
    assert "CHAPTERS: the book has no chapter 'smal'; did you mean small?" in capsys.readouterr().err


def test_a_site_that_is_not_current_is_refused(book, tmp_path, monkeypatch, capsys):
    elsewhere = tmp_path / "copy"
    shutil.copytree(book.root, elsewhere, ignore=shutil.ignore_patterns("course.part"))
    (elsewhere / "index.md").write_text("# Another\n")
    monkeypatch.chdir(elsewhere)
    fingerprint.forget()
    assert commands.main(["course"]) == 1
    assert "run `make book` first" in capsys.readouterr().err
