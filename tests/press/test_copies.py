"""Reader's copies of the notebooks: they read as the pages do, and can be turned back into the sources."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nuem.errors import NuemError
from nuem.press import copies
from nuem.press.book import Book

ROOT = Path(__file__).parents[2]
BOOK = Book(ROOT, ROOT / "_build")
CHAPTERS = BOOK.chapters()


def of_site(chapter):
    return json.loads((BOOK.html / copies.address(chapter)).read_text("utf-8"))


def text_of(copy, kind):
    return "\n\n".join("".join(cell["source"]) for cell in copy["cells"] if cell["cell_type"] == kind)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_site_offers_a_valid_copy_without_raw_markup(chapter):
    copy = of_site(chapter)
    nbformat.validate(nbformat.from_dict(copy))
    text = text_of(copy, "markdown")
    assert re.findall(r"\{[\w:-]+\}`|^(?:`{3,}|:{3,})\{.*|\]\(\)|\[\]\(", text, re.M) == []
    assert "vnd.nuem" not in json.dumps(copy) and "papermill" not in json.dumps(copy)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_copy_turns_back_into_its_source_without_loss(chapter):
    back, source = copies.source_of_copy(of_site(chapter)), json.loads((ROOT / f"{chapter}.ipynb").read_text("utf-8"))
    for cell in source["cells"]:  # a text may stand in one piece
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    assert back == source and list(map(list, back["cells"])) == list(map(list, source["cells"]))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_links_lead_to_a_notebook_beside_or_a_page_of_the_site(chapter):
    place = BOOK.html / copies.address(chapter)
    formulas = re.compile(r"\$\$.*?\$\$|\$(?:[^$\\]|\\.)+\$", re.S)  # which have such brackets, too
    words = formulas.sub("", text_of(of_site(chapter), "markdown"))
    addresses = re.findall(r"(?<=\]\()[^()\s]+(?=\))|(?<=href=\")[^\"]+", words)
    inside = [address.partition("#")[0] for address in addresses if not re.match(r"[a-z]+:|#", address)]
    assert [address for address in inside if not (place.parent / address).is_file()] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_solutions_and_plumbing_are_folded(chapter):
    for cell in of_site(chapter)["cells"]:
        hidden = cell["metadata"].get("jupyter", {})
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and ("hide-input" in tags or cell["id"] == "plumbing"):
            assert hidden.get("source_hidden") is True
        if "solution" in tags:
            assert hidden == {"source_hidden": True, "outputs_hidden": True}
            assert "".join(cell["source"]).startswith(copies.SOLUTION)  # and no first line gives it away


def test_the_first_code_says_how_to_get_the_package(monkeypatch):
    first = next(cell for cell in of_site("chapters/laboratory/muon-g-2")["cells"] if cell["cell_type"] == "code")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match=r"%pip install .* restart the kernel"):
        exec("".join(first["source"]), {})


# -- folders ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("copies")
    assert copies.write_copies(BOOK, place, BOOK.html) == []
    return place


def test_a_copy_that_a_reader_changed_stays_and_others_are_made_anew(folder):
    mine, run = (folder / "chapters/stars" / f"{name}.ipynb" for name in ("pulsars", "white-dwarfs"))
    before = run.read_text("utf-8")
    for place, change in ((mine, "source"), (run, "execution_count")):
        copy = json.loads(place.read_text("utf-8"))
        cell = next(cell for cell in copy["cells"] if cell["id"] == "parameters")
        cell[change] = {"source": 'overrides = {"a": 1}', "execution_count": 7}[change]
        place.write_text(json.dumps(copy))
    (said,) = copies.write_copies(BOOK, folder, BOOK.html)
    assert "pulsars.ipynb has changes of yours and stays" in said
    assert 'overrides = {\\"a\\": 1}' in mine.read_text("utf-8") and run.read_text("utf-8") == before


def test_the_start_leads_to_every_copy(folder):
    copies.write_start(BOOK, folder)
    text = text_of(json.loads((folder / "start.ipynb").read_text("utf-8")), "markdown")
    assert re.findall(r"\]\((\S+)\.ipynb\)", text) == CHAPTERS


@pytest.fixture
def own_book(tmp_path):
    (tmp_path / "chapters/a").mkdir(parents=True)
    (tmp_path / "chapters/a/b.ipynb").write_text("{}")
    return Book(tmp_path, tmp_path / "_build")


def written(tmp_path, **cell):
    pieces = [["<b>1.5</b>", "{glue:text}`x`"]]
    whole = {"cell_type": "markdown", "id": "a", "metadata": {"nuem": {"pieces": pieces}}, "source": "now <b>1.5</b>"}
    stamp = {"nuem": {"copy_of": "chapters/a/b"}}
    place = tmp_path / "copy.ipynb"
    place.write_text(json.dumps({"cells": [{**whole, **cell}], "metadata": stamp, "nbformat": 4}))
    return place


def test_a_reader_s_words_come_back_into_the_source(own_book, tmp_path):
    said = copies.give_back(own_book, written(tmp_path, source="today <b>1.5</b>"))
    (cell,) = json.loads((tmp_path / "chapters/a/b.ipynb").read_text())["cells"]
    assert cell["source"] == ["today {glue:text}`x`"] and cell["metadata"] == {} and "git diff" in said


@pytest.mark.parametrize(
    ("change", "message"),
    [({"source": "now 1.6"}, "cell a: '<b>1.5</b>' was changed"), (None, "no notebook there"), ("{}", "no notebook")],
)
def test_what_can_t_be_turned_back_says_so_and_changes_nothing(own_book, tmp_path, change, message):
    place = written(tmp_path, **change) if isinstance(change, dict) else tmp_path / "other.ipynb"
    if isinstance(change, str):
        place.write_text(change)
    with pytest.raises(NuemError, match=message):
        copies.give_back(own_book, place)
    assert (tmp_path / "chapters/a/b.ipynb").read_text() == "{}"


def test_a_notebook_that_is_no_copy_has_no_source():
    with pytest.raises(NuemError, match="no reader's copy"):
        copies.source_of_copy({"cells": [], "metadata": {}})
