"""The build, on a small book of its own: what runs again, what stops it, and what it never loses."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nuem import book as building
from nuem import records
from nuem.book import Book
from nuem.errors import NuemError

CHAPTER = "chapters/laboratory/small"
SYNTHESIS = "chapters/synthesis/summary"
GOOD = "import nuem\nchapter = nuem.Chapter(overrides)\nprint(chapter.today.muon_anomaly_error)"


def write_chapter(root, name, *sources):
    cells = [
        new_markdown_cell(f"# {Path(name).name}", id="title"),
        new_code_cell("overrides = {}", id="parameters", metadata={"tags": ["parameters"]}),
    ]
    cells += [new_code_cell(source, id=f"cell-{index}") for index, source in enumerate(sources)]
    path = root / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A book with one chapter and one synthesis chapter, and the settings of the real one."""
    for name in ("_config.yml", "references.bib", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "assets", tmp_path / "assets")
    (tmp_path / "index.md").write_text("# A small book\n")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "bibliography.md").write_text("# Bibliography\n\n```{bibliography}\n:all:\n```\n")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n- caption: Parts\n  chapters:\n"
        f"  - file: {CHAPTER}\n  - file: {SYNTHESIS}\n  - file: reference/bibliography\n"
    )
    write_chapter(tmp_path, CHAPTER, GOOD)
    write_chapter(tmp_path, SYNTHESIS, "print('all of it')")
    monkeypatch.chdir(tmp_path)
    building._package_digest.cache_clear()
    return tmp_path


@pytest.fixture
def small(root):
    return Book(root, root / "_build")


def run(*arguments):
    building._package_digest.cache_clear()
    return building.main(["build", "--jobs", "2", *arguments])


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def executed_at(book):
    return {name: book.copy_of(name).stat().st_mtime_ns for name in book.chapters()}


# -- what runs, and what runs again ----------------------------------------------------------------------------------


def test_a_build_and_what_changes_redo(root, small, capfd):
    assert run() == 0
    out = capfd.readouterr().out
    assert "[1/1]" in out and CHAPTER in out
    assert out.strip().splitlines()[-1].endswith(f"open {small.html / 'index.html'}")
    first, site = executed_at(small), contents(small.html)
    assert json.loads((small.html / "data" / "ledger.json").read_text())["claims"]

    # nothing changed: nothing runs
    assert run() == 0
    assert "nothing changed" in capfd.readouterr().out
    assert executed_at(small) == first

    # a page changed: the site alone
    (root / "index.md").write_text("# A small book, again\n")
    (root / "README.md").write_text("not a page")
    assert run() == 0
    assert executed_at(small) == first
    assert "again" in (small.html / "index.html").read_text()

    # an output saved by JupyterLab isn't a change of the source
    path = root / f"{CHAPTER}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    path.write_text(json.dumps(notebook))
    assert small.is_current(CHAPTER)

    # one chapter edited: it and the synthesis
    write_chapter(root, CHAPTER, GOOD, "print('more')")
    assert run() == 0
    second = executed_at(small)
    assert all(second[name] != first[name] for name in (CHAPTER, SYNTHESIS))

    # the synthesis edited: it alone
    write_chapter(root, SYNTHESIS, "print('all of it, again')")
    assert run() == 0
    third = executed_at(small)
    assert third[CHAPTER] == second[CHAPTER] and third[SYNTHESIS] != second[SYNTHESIS]

    # a second clean build gives the same site, to the byte
    (root / "index.md").write_text("# A small book\n")
    write_chapter(root, CHAPTER, GOOD)
    write_chapter(root, SYNTHESIS, "print('all of it')")
    assert run() == 0
    again = contents(small.html)
    skip = {Path(".buildinfo")}
    assert {path for path in site if path not in skip and site[path] != again.get(path)} == set()


def test_a_custom_build_stays_apart(root, small, capfd):
    assert run() == 0
    site = contents(small.html)
    (root / "mine.yml").write_text("muon_anomaly_error: 1e-10\n")
    assert run("--inputs", "mine.yml") == 0
    custom = Book(root, root / "_build" / "custom", {"muon_anomaly_error": "1e-10"})
    assert "1e-10" in (root / "_build/custom/executed" / f"{CHAPTER}.ipynb").read_text()
    page = (custom.html / f"{CHAPTER}.html").read_text()
    assert "1e-10" in page and "own inputs for muon_anomaly_error" in page
    assert contents(small.html) == site
    assert small.is_current(CHAPTER)


def test_fingerprint_follows_package_lock_and_overrides(root, small):
    first = small.fingerprint(CHAPTER)
    assert Book(root, small.build, {"muon_anomaly_error": 1}).fingerprint(CHAPTER) != first
    (root / "requirements.txt").write_text("other==1\n")
    building._package_digest.cache_clear()
    assert small.fingerprint(CHAPTER) != first


# -- what stops it ---------------------------------------------------------------------------------------------------


@pytest.fixture
def good_site(small):
    """A site that stands already, and that no failure may touch."""
    small.html.mkdir(parents=True)
    (small.html / "index.html").write_text("the last good site")
    yield small.html
    assert (small.html / "index.html").read_text() == "the last good site"


def fails(capfd, *expected, arguments=()):
    """The build ends with a non-zero code and one message that holds all the expected words."""
    assert run(*arguments) == 1
    message = capfd.readouterr().err
    assert "error: " in message and 'Traceback (most recent call last):\n  File "/' not in message.split("\n")[0]
    for words in expected:
        assert words in message
    return message


def test_a_chapter_that_raises(root, good_site, capfd):
    write_chapter(root, CHAPTER, "1 / 0")
    fails(capfd, f"{CHAPTER}.ipynb, cell cell-0 failed at `1 / 0`: ZeroDivisionError", "make lab")
    assert not Book(root, root / "_build").copy_of(CHAPTER).exists()


def test_a_failed_chapter_keeps_its_last_copy_but_it_does_not_count(root, small, capfd):
    assert run() == 0
    write_chapter(root, CHAPTER, "1 / 0")
    before = small.copy_of(CHAPTER).read_bytes()
    fails(capfd, "ZeroDivisionError")
    assert small.copy_of(CHAPTER).read_bytes() == before
    assert not small.is_current(CHAPTER)


def test_a_page_that_the_table_of_contents_names_in_vain(root, good_site, capfd):
    (root / "_toc.yml").write_text((root / "_toc.yml").read_text().replace("/small", "/smal"))
    fails(capfd, "_toc.yml names chapters/laboratory/smal", "mend the line")


def test_a_notebook_that_the_table_of_contents_forgot_is_mentioned(root, small, capfd):
    write_chapter(root, "chapters/laboratory/forgotten", "1 / 0")
    assert run() == 0
    assert "note: chapters/laboratory/forgotten.ipynb is not in _toc.yml" in capfd.readouterr().out


def test_a_page_that_got_lost_is_built_again(root, small):
    assert run() == 0
    (small.html / f"{CHAPTER}.html").unlink()
    assert run() == 0
    assert (small.html / f"{CHAPTER}.html").is_file()


def test_a_citation_without_entry_is_named_with_its_cell(root, good_site, capfd):
    path = root / f"{CHAPTER}.ipynb"
    path.write_text(path.read_text().replace("# small", "# small\\n\\n{cite}`nobody-1900`"))
    fails(capfd, f"{CHAPTER}.ipynb, cell title: WARNING", "nobody-1900")


def test_an_interrupted_build(root, good_site, capfd, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "build", interrupt)
    assert run() == 130
    assert "the last good site stays" in capfd.readouterr().err


def test_a_kernel_that_dies(root, good_site, capfd):
    write_chapter(root, CHAPTER, "import os; os._exit(9)")
    fails(capfd, f"{CHAPTER}.ipynb: the kernel died")


def test_a_cell_that_takes_too_long(root, small, monkeypatch):
    monkeypatch.setattr(building, "CELL_TIMEOUT", 1)
    write_chapter(root, CHAPTER, "import time; time.sleep(30)")
    with pytest.raises(NuemError, match=f"{CHAPTER}.ipynb: a cell took more than 1 s; make it faster"):
        building.run_chapter(small, CHAPTER)
    assert not small.copy_of(CHAPTER).exists()


def test_a_misspelt_override_in_a_file(root, good_site, capfd):
    (root / "mine.yml").write_text("muon_anomaly_eror: 1e-10\n")
    fails(capfd, "muon_anomaly_eror", "did you mean muon_anomaly_error", arguments=("--inputs", "mine.yml"))


def test_a_misspelt_override_in_a_chapter(root, good_site, capfd):
    write_chapter(root, CHAPTER, GOOD.replace("overrides", '{"muon_anomaly_eror": 1}'))
    fails(capfd, f"{CHAPTER}.ipynb, cell", "did you mean muon_anomaly_error")


@pytest.mark.parametrize(
    "content, words",
    [
        ("muon_anomaly_error: nine", "not a number"),
        ("muon_anomaly_error: {value: 1, unit: kg}", "unit 'kg' given"),
        ("muon_anomaly_error: '1e-9+/--1e-9'", "non-negative uncertainty"),
        ("muon_anomaly_error: -1", "must be larger than zero"),
        ("", "no overrides in it"),
        ("a: [", "not valid YAML"),
    ],
)
def test_bad_input_files(root, good_site, capfd, content, words):
    (root / "mine.yml").write_text(content)
    fails(capfd, words, arguments=("--inputs", "mine.yml"))


def test_a_missing_input_file(root, good_site, capfd):
    fails(capfd, "nowhere.yml", "give the path", arguments=("--inputs", "nowhere.yml"))


def test_a_full_disk(root, small, good_site, capfd):
    part = small.copy_of(CHAPTER).with_name("small.ipynb.part")
    part.parent.mkdir(parents=True)
    part.symlink_to("/dev/full")
    fails(capfd, f"{CHAPTER}.ipynb: the executed copy can't be written", "No space left", "free some space")
    assert not small.copy_of(CHAPTER).exists()


def test_a_warning_of_sphinx_stops_the_build(root, small, good_site, capfd):
    (root / "index.md").write_text("# A small book\n\n[nowhere](missing.md)\n")
    fails(capfd, "the website has warnings or errors", "missing.md", "the last good site stays")


RECORD = """
from IPython.display import display
from nuem import records
bound = records.Bound(id="{id}/today", title="t", parameter="ε", kind="limit", unit="1", vintage="today", value=1.0)
display({{records.BOUND_MIME: [records.to_json(bound)], "text/plain": "x"}}, raw=True)
"""
VERDICT = """
import nuem
nuem.Chapter(overrides).settle_number("{id}", {value}{more})
"""


def test_two_records_with_one_id(root, good_site, capfd):
    write_chapter(root, CHAPTER, RECORD.format(id="twin"))
    write_chapter(root, SYNTHESIS, RECORD.format(id="twin"))
    fails(capfd, "the record id twin/today", "laboratory/small", "synthesis/summary", "rename one")


def test_a_claim_settled_twice(root, good_site, capfd):
    settle = VERDICT.format(id="babu-volkas-1992/amu-bound", value=1e-6, more="")
    write_chapter(root, CHAPTER, settle)
    write_chapter(root, SYNTHESIS, settle)
    fails(capfd, "the claim babu-volkas-1992/amu-bound", "settle it once")


def test_a_claim_that_does_not_exist(root, good_site, capfd):
    write_chapter(root, CHAPTER, VERDICT.format(id="babu-volkas-1992/amu-bond", value=1e-6, more=""))
    fails(capfd, "amu-bond", "did you mean babu-volkas-1992/amu-bound")


def test_a_discrepant_claim_without_explanation(root, good_site, capfd):
    write_chapter(root, CHAPTER, VERDICT.format(id="babu-volkas-1992/amu-bound", value=1.0, more=""))
    fails(capfd, "comes out discrepant", "explanation")


def test_a_confidence_level_outside_its_range(root, good_site, capfd):
    write_chapter(root, CHAPTER, RECORD.format(id="level").replace("value=1.0", "value=1.0, cl=1.5"))
    fails(capfd, "bound level/today", "between 0 and 1")


def test_a_source_without_bibliography_entry(root, good_site, capfd):
    html = '<a class="nuem-source" data-source="nobody-1900" href="#">x</a>'
    write_chapter(root, CHAPTER, f"from IPython.display import HTML\nHTML({html!r})")
    fails(capfd, "nobody-1900", "not in references.bib")


def test_a_damaged_notebook(root, good_site, capfd):
    (root / f"{CHAPTER}.ipynb").write_text("{")
    fails(capfd, f"{CHAPTER}.ipynb: not a valid notebook")


# -- executed copies that don't count --------------------------------------------------------------------------------


@pytest.fixture
def executed(root, small, monkeypatch):
    building.run_chapter(small, CHAPTER)
    return small


def rewrite(book, change):
    path = book.copy_of(CHAPTER)
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))


def test_an_executed_copy_counts(executed):
    stamp = executed.executed_copy(CHAPTER)["metadata"]["nuem"]
    assert 0 < stamp["compute_seconds"] <= stamp["seconds"]
    assert 20 < stamp["megabytes"] < 1000


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda book: book.copy_of(CHAPTER).unlink(), "no executed copy; run `make book`"),
        (lambda book: book.copy_of(CHAPTER).write_text("{"), "damaged"),
        (
            lambda book: rewrite(book, lambda nb: nb["metadata"]["papermill"].update(exception=True)),
            "holds an error",
        ),
        (lambda book: rewrite(book, lambda nb: nb["metadata"]["nuem"].update(fingerprint="old")), "stale"),
        (lambda book: write_chapter(book.root, CHAPTER, "print(2)"), "stale"),
    ],
)
def test_missing_failed_and_stale_copies_are_refused(executed, spoil, words):
    spoil(executed)
    with pytest.raises(NuemError, match=words) as error:
        executed.executed_copy(CHAPTER)
    assert CHAPTER in str(error.value)


def test_sphinx_refuses_what_the_book_refuses(root, small, capfd):
    """The website can't be built around the build: a stale copy stops Sphinx, too."""
    from types import SimpleNamespace

    from nuem import site
    from sphinx.errors import ExtensionError

    environment = SimpleNamespace(doc2path=lambda name: f"{name}.ipynb")
    app = SimpleNamespace(srcdir=str(root), env=environment)
    with pytest.raises(ExtensionError, match="run `make book` first"):
        site.source_read(app, CHAPTER, [""])


def test_a_record_outside_its_schema_is_not_exported(tmp_path):
    located = records.Located({"id": "x/today"}, CHAPTER, "cell")
    with pytest.raises((NuemError, TypeError, KeyError)):
        building.export(records.Book(bounds=[located]), tmp_path)
    assert not (tmp_path / "bounds.json").exists()
