"""The build, on a small book of its own: what runs again, what stops it, and what it never loses."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nuem.errors import NuemError
from nuem.press import build, commands, downloads, execution, fingerprint
from nuem.press import site as website
from nuem.press.book import STAMP, Book
from nuem.review import records
from nuem.review.bounds import Limit
from nuem.review.inputs import VINTAGES, Inputs

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


def write_book(root):
    """A book with one chapter and one synthesis chapter, and the settings of the real one."""
    for name in ("_config.yml", "references.bib", "requirements.txt", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "assets", root / "assets")
    (root / "index.md").write_text("# A small book\n")
    (root / "reference").mkdir()
    (root / "reference" / "bibliography.md").write_text("# Bibliography\n\n```{bibliography}\n:all:\n```\n")
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n- caption: Parts\n  chapters:\n"
        f"  - file: {CHAPTER}\n  - file: {SYNTHESIS}\n  - file: reference/bibliography\n"
    )
    write_chapter(root, CHAPTER, GOOD)
    write_chapter(root, SYNTHESIS, "print('all of it')")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A small book, in a path with spaces."""
    root = tmp_path / "a small book"
    root.mkdir()
    write_book(root)
    monkeypatch.chdir(root)
    fingerprint.forget()
    return root


@pytest.fixture
def small(root):
    return Book(root, root / "_build")


def run(*arguments):
    fingerprint.forget()
    return commands.main(["build", "--jobs", "2", *arguments])


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

    # one chapter edited, its records stay as they are: it alone
    write_chapter(root, CHAPTER, GOOD, "print('more')")
    assert run() == 0
    second = executed_at(small)
    assert second[CHAPTER] != first[CHAPTER] and second[SYNTHESIS] == first[SYNTHESIS]

    # the synthesis edited: it alone
    write_chapter(root, SYNTHESIS, "print('all of it, again')")
    assert run() == 0
    third = executed_at(small)
    assert third[CHAPTER] == second[CHAPTER] and third[SYNTHESIS] != second[SYNTHESIS]

    # a chapter settles a claim: it and the synthesis
    write_chapter(root, CHAPTER, GOOD, VERDICT.format(id="babu-volkas-1992/amu-bound", value=1e-6, more=""))
    assert run() == 0
    fourth = executed_at(small)
    assert all(fourth[name] != third[name] for name in (CHAPTER, SYNTHESIS))

    # a second clean build gives the same site, to the byte
    (root / "index.md").write_text("# A small book\n")
    write_chapter(root, CHAPTER, GOOD)
    write_chapter(root, SYNTHESIS, "print('all of it')")
    assert run() == 0
    again = contents(small.html)
    skip = {Path(".buildinfo"), Path(STAMP)}
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
    assert message.startswith("error: ") and "Traceback" not in message
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


def test_what_got_lost_or_changed_in_the_site_is_built_again(root, small, capfd):
    assert run() == 0
    site = contents(small.html)
    first = executed_at(small)
    for name in (f"{CHAPTER}.html", "data/bounds.json", "data/ledger.schema.json", "_static/nuem.css"):
        (small.html / name).unlink()
    (small.html / "data" / "ledger.json").write_text("{}")
    assert run() == 0
    assert "nothing changed" not in capfd.readouterr().out
    assert {
        path for path in site if path.name not in (".buildinfo", STAMP) and site[path] != contents(small.html)[path]
    } == set()
    assert executed_at(small) == first
    (small.html / STAMP).write_text("damaged")
    assert not website.site_is_current(small)


def test_a_citation_without_entry_is_named_with_its_cell(root, good_site, capfd):
    path = root / f"{CHAPTER}.ipynb"
    path.write_text(path.read_text().replace("# small", "# small\\n\\n{cite}`nobody-1900`"))
    fails(capfd, f"{CHAPTER}.ipynb, cell title: WARNING", "nobody-1900")


BAD_SETTINGS = {
    "a tab": (b"format: jb-book\nroot: index\n\tparts: x\n", "not valid YAML", "mend that line"),
    "no UTF-8": (b"title: na\xefve\n", "not UTF-8", "save it in that encoding"),
    "a list": (b"- format\n- root\n", "not a mapping", "restore it"),
    "empty": (b"", "not a mapping", "restore it"),
}


@pytest.mark.parametrize("name", ["_toc.yml", "_config.yml"])
@pytest.mark.parametrize("content, what, remedy", BAD_SETTINGS.values(), ids=BAD_SETTINGS)
def test_settings_that_cannot_be_read_stop_the_build_first(root, good_site, capfd, name, content, what, remedy):
    (root / name).write_bytes(content)
    message = fails(capfd, f"error: {name}: {what}", remedy)
    assert len(message.splitlines()) == 1
    assert not (root / "_build" / "executed").exists()


def test_a_page_whose_name_is_no_text(root, good_site, capfd):
    (root / "_toc.yml").write_text((root / "_toc.yml").read_text().replace(SYNTHESIS, "2026"))
    fails(capfd, "_toc.yml: file: 2026 is not the name of a page")


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("root: index\n", "", "_toc.yml: 'root' key not found"),
        ("jb-book", "jb-buch", "_toc.yml: 'format' key value not recognised: 'jb-buch'"),
        ("- file: reference", "- fle: reference", "_toc.yml: entry does not contain one of"),
        (f"- file: {SYNTHESIS}", f"- file: {CHAPTER}", f"_toc.yml: document file used multiple times: '{CHAPTER}'"),
    ],
)
def test_a_table_of_contents_that_sphinx_would_stumble_over(root, good_site, capfd, old, new, words):
    (root / "_toc.yml").write_text((root / "_toc.yml").read_text().replace(old, new))
    message = fails(capfd, f"error: {words}")
    assert len(message.splitlines()) == 1
    assert not (root / "_build" / "executed").exists()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"@article{x,\n title={na\xefve}}\n", "references.bib, line 2: not UTF-8; save it in that encoding"),
        (b"@article{x,\n title={naive\n", "references.bib: syntax error in line 2: premature end of file"),
        (b"@book{x, title={a}}\n@book{x, title={b}}\n", "references.bib: repeated bibliography entry: x"),
        (None, "there is no references.bib in "),
    ],
)
def test_a_bibliography_that_cannot_be_read(root, small, capfd, content, words):
    (root / "references.bib").unlink() if content is None else (root / "references.bib").write_bytes(content)
    with pytest.raises(NuemError, match=re.escape(words)):
        website.build_site(small, "", None, 1)
    assert not small.html.exists()


@pytest.mark.parametrize("source", ["%matplotlib inline", "x = 1\n!ls", "%%time\nx = 1", "chapter?", "x = = 1"])
def test_a_cell_that_is_not_python_stops_the_build_before_anything_runs(root, small, good_site, capfd, source):
    write_chapter(root, CHAPTER, GOOD, source)
    fails(capfd, f"{CHAPTER}.ipynb, cell cell-1, line", "not Python", "write Python in place of commands")
    assert not small.executed.exists()


def test_two_cells_with_one_id(root, good_site, capfd):
    path = root / f"{CHAPTER}.ipynb"
    path.write_text(path.read_text().replace('"cell-0"', '"title"'))
    fails(capfd, f"{CHAPTER}.ipynb: 2 cells have the id title; keep one of them")


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1.5"])
def test_a_build_runs_at_least_one_chapter_at_a_time(root, capfd, jobs):
    with pytest.raises(SystemExit):
        commands.main(["build", "--jobs", jobs])
    assert "is not a number of chapters at a time; give 1 or more" in capfd.readouterr().err


def test_a_folder_without_a_book(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    fails(capfd, "error: there is no _config.yml in", "run `make` in the folder of the book")


def without_ids(path):
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        del cell["id"]
    path.write_text(json.dumps({**notebook, "nbformat_minor": 4}))


def test_a_failing_cell_without_an_id_is_named_by_its_number(root, good_site, capfd):
    write_chapter(root, CHAPTER, GOOD, "1 / 0")
    without_ids(root / f"{CHAPTER}.ipynb")
    fails(capfd, f"{CHAPTER}.ipynb, cell cell-4 failed at `1 / 0`: ZeroDivisionError")


def test_a_notebook_without_cell_ids_is_executed_the_same_each_time(root, small):
    without_ids(root / f"{CHAPTER}.ipynb")
    copies = []
    for _ in range(2):
        execution.run_chapter(small, CHAPTER)
        copies.append([cell["id"] for cell in small.executed_copy(CHAPTER)["cells"]])
    assert copies == [["cell-1", "cell-2", "cell-3"]] * 2


def test_two_builds_at_once_wait_for_each_other(root, small):
    command = [sys.executable, "-m", "nuem", "build", "--jobs", "1"]
    builds = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [build.communicate(timeout=300)[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    first, second = sorted(said, key=lambda text: "waiting for it to end" in text)
    assert "executing chapters: 1" in first and "executing chapters that compare others: 1" in first
    assert "waiting" not in first
    assert second.startswith(f"another build is at work in {small.build}") and "nothing changed" in second


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return not state.startswith("Z")


def test_a_killed_build_leaves_no_worker_and_no_kernel(root):
    pids = root / "pids"
    code = f"import os, time; open({str(pids)!r}, 'w').write(f'{{os.getppid()}} {{os.getpid()}} '); time.sleep(300)"
    write_chapter(root, CHAPTER, code)
    build = subprocess.Popen([sys.executable, "-m", "nuem", "build", "--jobs", "1"])
    deadline = time.monotonic() + 120
    while not (pids.is_file() and pids.read_text().endswith(" ")):
        assert time.monotonic() < deadline, "the chapter never ran"
        time.sleep(0.1)
    worker, kernel = map(int, pids.read_text().split())
    assert is_running(worker) and is_running(kernel)
    build.send_signal(signal.SIGKILL)
    build.wait()
    deadline = time.monotonic() + 30
    while is_running(worker) or is_running(kernel):
        assert time.monotonic() < deadline, "they outlived the build"
        time.sleep(0.1)


def test_a_worker_that_is_killed(root, good_site, capfd):
    write_chapter(root, CHAPTER, "import multiprocessing, os; os.kill(multiprocessing.parent_process().pid, 9)")
    fails(capfd, f"{CHAPTER}.ipynb: its process was ended by SIGKILL")


def test_a_fault_of_the_build_itself_is_shown(small, monkeypatch):
    said = []
    monkeypatch.setattr(execution.signal, "signal", lambda *_: None)
    monkeypatch.setattr(execution, "run_chapter", lambda *_: {}["missing"])
    execution._run_chapter(small, CHAPTER, None, SimpleNamespace(send=said.append))
    [(problem, line)] = said
    assert problem.startswith(f"{CHAPTER}.ipynb: the build failed:") and "KeyError: 'missing'" in problem
    assert line == ""


def test_an_interrupted_build(root, good_site, capfd, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "build", interrupt)
    assert run() == 130
    assert "the last good site stays" in capfd.readouterr().err


def test_a_kernel_that_dies(root, good_site, capfd):
    write_chapter(root, CHAPTER, "import os; os._exit(9)")
    fails(capfd, f"{CHAPTER}.ipynb: the kernel died")


def test_a_cell_that_takes_too_long(root, small, monkeypatch):
    monkeypatch.setattr(execution, "CELL_TIMEOUT", 1)
    write_chapter(root, CHAPTER, "import time; time.sleep(30)")
    with pytest.raises(NuemError, match=f"{CHAPTER}.ipynb: a cell took more than 1 s; make it faster"):
        execution.run_chapter(small, CHAPTER)
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
        ("a: 1\nmuon_anomaly_error: 1\na: 2", "INPUTS=mine.yml, line 3: a stands twice, first in line 1; keep one"),
        ("# mine\nmuon_anomaly_error: 010", "INPUTS=mine.yml, line 2: YAML doesn't read 010 as it looks"),
        ("muon_anomaly_error: 1:30", "INPUTS=mine.yml, line 1: YAML doesn't read 1:30 as it looks"),
        ("muon_anomaly_error: yes", "INPUTS=mine.yml, line 1: YAML reads yes as a boolean; write a number"),
        ("1: 2", "INPUTS=mine.yml, line 1: the key 1 isn't text"),
        ("# größer\nmuon_anomaly_error: 1", "INPUTS=mine.yml: not UTF-8"),
        ("muon_anomaly_error: (1.5(3))e-10", "write '1.5(3)e-10'"),
        ("muon_anomaly_error: 1e999999999999", "not a number"),
        ("muon_anomaly: 0.00116592", "override of muon_anomaly: inputs/muon-g-2.yml, muon_anomaly_error, today is its"),
        ("amaldi: 1", "no input 'amaldi' for this override; none of the "),
    ],
)
def test_bad_input_files(root, good_site, capfd, content, words):
    (root / "mine.yml").write_text(content, "latin-1")
    fails(capfd, words, arguments=("--inputs", "mine.yml"))
    assert not (root / "_build" / "custom").exists(), "nothing ran"


def test_every_override_that_would_change_nothing_is_refused():
    """An input that has only a published value, or only today's, says how to write its override."""
    inputs = Inputs()
    lacking = [name for name in inputs if len(inputs.entry(name).values) == 1]
    assert len(lacking) > 100
    for name in lacking:
        (vintage,) = inputs.entry(name).values
        value = inputs.entry(name).values[vintage].nominal
        (other,) = set(VINTAGES) - {vintage}
        with pytest.raises(NuemError, match=f"override of {name}: .*write {name}: {{{vintage}: "):
            Inputs({name: {other: value}})


def test_a_build_with_own_inputs_ends_with_what_they_moved(root, small, capfd):
    write_chapter(root, CHAPTER, PUBLISH.format(overrides="overrides"))
    (root / "mine.yml").write_text("muon_anomaly_error: 1e-10\n")
    (root / "other.yml").write_text("cmb_temperature: 3.0\n")
    assert run("--inputs", "mine.yml") == 0
    assert "there is no published book to compare with; run `make book` without INPUTS" in capfd.readouterr().out
    assert run() == 0
    assert "your inputs" not in capfd.readouterr().out
    assert run("--inputs", "mine.yml") == 0
    words = capfd.readouterr().out
    assert "your inputs against the published book: numbers and verdicts that moved: 1\n" in words
    assert "  sigma/today value  " in words and "→ 1.00000 × 10⁻¹⁰" in words
    assert run("--inputs", "other.yml") == 0
    assert "that moved: 0; no bound is among them" in capfd.readouterr().out
    (root / "index.md").write_text("# A changed book\n")  # the finished book is of older sources: no comparison
    assert run("--inputs", "mine.yml") == 0
    assert "there is no published book to compare with" in capfd.readouterr().out


@pytest.mark.parametrize(
    "cell",
    [
        'overrides = {"muon_anomaly_error": 1e-10}',
        'overrides = {}\noverrides["muon_anomaly_error"] = 1e-10',
        "overrides = {",
        "",
    ],
)
def test_own_inputs_saved_in_a_notebook_stop_the_build_before_anything_runs(root, small, good_site, capfd, cell):
    path = root / f"{CHAPTER}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][1]["source"] = cell
    path.write_text(json.dumps(notebook))
    fails(
        capfd, f"{CHAPTER}.ipynb, cell parameters: own inputs", "leave exactly `overrides = {}`", "INPUTS=my-inputs.yml"
    )
    assert not small.executed.exists()


def test_a_comment_in_the_parameters_cell_is_fine(root, small):
    notebook = small.notebook(CHAPTER)
    notebook["cells"][1]["source"] = ["# Your own inputs go here\n", "overrides = {}"]
    build.refuse_saved_inputs(CHAPTER, notebook)


@pytest.mark.parametrize("tags, count", [([], 0), (["parameters"], 2)])
def test_a_notebook_has_one_parameters_cell(root, good_site, capfd, tags, count):
    path = root / f"{CHAPTER}.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"][1:]:
        cell["metadata"]["tags"] = tags
    path.write_text(json.dumps(notebook))
    fails(capfd, f"{CHAPTER}.ipynb: {count} cells are tagged parameters")


PUBLISH = """
import nuem
nuem.Chapter({overrides}).publish(
    "sigma", lambda v: v.muon_anomaly_error, title="t", parameter="σ", vintages=("today",)
)
"""


def test_own_inputs_in_another_cell_do_not_become_the_published_book(root, good_site, capfd):
    write_chapter(root, CHAPTER, PUBLISH.format(overrides='{"muon_anomaly_error": 1e-10}'))
    fails(capfd, f"{CHAPTER}.ipynb, cell cell-0: the bound sigma/today uses own inputs", "INPUTS=my-inputs.yml")


@pytest.mark.parametrize("file, key", [("_toc.yml", "root: index\n"), ("_config.yml", "title: Another\n")])
def test_equal_keys_in_the_settings(root, good_site, capfd, file, key):
    with (root / file).open("a") as settings:
        settings.write(key)
    fails(capfd, f"{file}, line", "stands twice", "keep one of them")


def test_a_missing_input_file(root, good_site, capfd):
    fails(capfd, "nowhere.yml", "give the path", arguments=("--inputs", "nowhere.yml"))


def test_a_file_in_the_way_is_named_and_space_is_not_blamed(root, small, good_site, capfd):
    small.executed.mkdir(parents=True)
    (small.executed / "chapters").write_text("a file in the place of a folder")
    message = fails(capfd, f"error: {CHAPTER}.ipynb: {small.executed / 'chapters'}")
    assert "space" not in message.replace(str(root), "")


def test_a_damaged_handover_is_written_again(root, small):
    small.build.mkdir()
    small.handover.write_text("{")
    build.hand_over_pdg_values(small)
    assert {"root", "lock", "pdg"} <= json.loads(small.handover.read_text()).keys()


def test_a_warning_of_sphinx_stops_the_build(root, small, good_site, capfd):
    (root / "index.md").write_text("# A small book\n\n[nowhere](missing.md)\n")
    fails(capfd, "the website has warnings or errors", "missing.md", "the last good site stays")


RECORD = """
from IPython.display import display
from nuem.review import records
from nuem.review.bounds import Limit
bound = Limit(id="{id}/today", title="t", parameter="ε", unit="1", vintage="today", value=1.0)
view = {{"kind": "bound", "bounds": [records.to_json(bound)], "verdict": None}}
display({{records.VIEW_MIME: view, "text/plain": "x"}}, raw=True)
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
    write_chapter(root, CHAPTER, 'import nuem\nnuem.Chapter().table(["source"], [[{"source": "nobody-1900"}]])')
    fails(capfd, "nobody-1900", "not in references.bib")


def cell(**changes):
    """A notebook of one cell, as bytes."""
    content = {"cell_type": "code", "metadata": {}, "source": "1", **changes}
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": [content]}).encode()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"{", "not a valid notebook"),
        (b"\xff{}", "not a valid notebook"),
        (b"[]", "not a notebook of format 4"),
        (b'{"nbformat": 3, "metadata": {}, "worksheets": []}', "not a notebook of format 4"),
        (b'{"nbformat": 4, "metadata": {}, "cells": [{"source": "1"}]}', "not a notebook of format 4"),
        (cell(source=5), "not a notebook of format 4"),
        (cell(source=[1]), "not a notebook of format 4"),
        (cell(metadata={"tags": None}), "not a notebook of format 4"),
        (cell(cell_type="strange"), "not a notebook of format 4"),
        (cell(id=1), "not a notebook of format 4"),
        (cell(outputs=None), "not a notebook of format 4"),
    ],
)
def test_a_damaged_notebook(root, good_site, capfd, content, words):
    (root / f"{CHAPTER}.ipynb").write_bytes(content)
    message = fails(capfd, f"error: {CHAPTER}.ipynb: {words}")
    assert len(message.splitlines()) == 1


# -- executed copies that don't count --------------------------------------------------------------------------------


@pytest.fixture
def executed(root, small, monkeypatch):
    execution.run_chapter(small, CHAPTER)
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
        (lambda book: book.copy_of(CHAPTER).write_text("[]"), "damaged"),
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
    from nuem.press import extension
    from sphinx.errors import ExtensionError

    environment = SimpleNamespace(doc2path=lambda name: f"{name}.ipynb", note_dependency=lambda _: None)
    app = SimpleNamespace(srcdir=str(root), env=environment)
    with pytest.raises(ExtensionError, match="run `make book` first"):
        extension.source_read(app, CHAPTER, [""])


def test_a_record_outside_its_schema_is_not_exported(tmp_path):
    common = {"id": "x/today", "parameter": "ε", "unit": "1", "vintage": "today", "value": 1.0}
    bound = Limit(title="", chapter=CHAPTER, cell="cell", **common)
    with pytest.raises(NuemError, match=r"bounds\.json, record x/today, field title: '' "):
        downloads.export(records.Book(bounds=[bound]), ROOT, tmp_path)
    assert not (tmp_path / "bounds.json").exists()
