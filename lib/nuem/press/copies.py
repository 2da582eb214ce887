"""Reader's copies of the notebooks: as good to read as the pages, in every front end, and made of nothing but the book.

A copy is made of the source and its executed copy: numbers stand in the text, sources as author and year, exercises as
text with folded solutions, cards at the head, outputs as the page has them. It carries the published run, so that a
reader's own is compared with it. `source_of_copy` makes the source of it again.

The site offers them at `address(chapter)`; `make lab` opens those in the folder `notebooks`.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import pprint
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from nuem.errors import NuemError
from nuem.notebook import figures
from nuem.notebook.comparison import value_of
from nuem.press import bibliography, exercises, fingerprint
from nuem.press.book import Book, read_json, settings, write_whole
from nuem.press.plain import Page, plain, source_of
from nuem.review import bounds, records
from nuem.view import cards, selfcheck

FOLDER = "_static/notebooks"  # of the site
OWN = "nuem"  # what the book says in the metadata of a copy and its cells
OPENING, OPENING_OF_COPY = "nuem.Chapter(overrides)", "nuem.Chapter(overrides, published_run)"
SOLUTION = "# The code of the solution.\n"  # of a folded cell one sees the first line
_NARROW = re.compile(rf"<svg{re.escape(figures.UNSEEN)}.*?</svg>", re.S)  # figures for a phone
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_PLUMBING = """\
# Folded on purpose: whether the book's package is here, and the published run that yours is compared with.
import importlib.util

if importlib.util.find_spec("nuem") is None:
    raise ModuleNotFoundError(
        "This kernel doesn't have the book's package nuem. Install it from a copy of the book, "
        '`%pip install "{origin}"` in a cell of its own, and restart the kernel; or open this notebook with the '
        "book's own environment: `make lab` in its folder."
    )

published_run = {run}
"""
_LAST_WORDS = """\
## What your run changes

The cell compares this run with the published one: what moved, by how much, and how strongly it follows your inputs.
Put your own inputs into the cell `overrides` near the top, then run the notebook from top to bottom."""


_START = """\
# Start here

Each notebook is a chapter of the book: it can be read as it stands, and run from top to bottom in seconds.
Double-click a link's notebook in the list on the left, or follow the link.

* **Try other inputs.** Write them into the cell `overrides` near the top, for instance
  `overrides = {"muon_anomaly_theory_error": "6e-9"}`, then choose *Run → Run All Cells*.
  The last cell lists what moved.
* **These are reader's copies.** Change what you like: a copy that you changed stays as it is, and the book doesn't
  change with it. Remove a copy, and the next `make lab` makes it anew.
* **The sources** are in `chapters` and `reference`; `make source COPY=…` turns a copy back into its source.

"""


def address(chapter: str) -> str:
    """Where the site has the reader's copy of a chapter, relative to its root."""
    return f"{FOLDER}/{chapter}.ipynb"


@dataclass
class Shelf:
    """What the copies of a book have in common.

    Attributes:
        site: the way from the folder of the copies to the root of the site.
        chapters: those whose copies stand in the folder; all unless given.
    """

    book: Book
    site: str
    chapters: Sequence[str] | None = None

    @cached_property
    def here(self) -> frozenset[str]:
        """Pages that have a copy in the folder."""
        return frozenset(self.book.chapters() if self.chapters is None else self.chapters)

    @cached_property
    def sources(self) -> Mapping[str, bibliography.Source]:
        """The bibliography."""
        return bibliography.sources(self.book.root / "references.bib")

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The Markdown of every page."""
        return {page: _markdown(self.book, page) for page in self.book.pages()}

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """The page of every named place."""
        return {name: page for page, text in self.texts.items() for name in re.findall(r"^\(([\w-]+)\)=$", text, re.M)}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The chapter of every card, by its anchor, as the public files have it."""
        files = {name: read_json(self.book.data / f"{name}.json") or {} for name in ("bounds", "ledger")}
        rows = [*files["bounds"].get("bounds", ()), *files["ledger"].get("claims", ())]
        rows += [part for row in rows for part in row.get("parts", ())]
        return {row["url"].partition("#")[2]: row["chapter"] for row in rows if row["url"]}

    def title(self, page: str) -> str:
        """The title of a page."""
        heading = re.search(r"^# (.+)$", self.texts[page], re.M)
        return heading[1] if heading else page

    def way(self, chapter: str, page: str) -> str:
        """From the copy of a chapter to another page: to its notebook, or to the site's page if it has none."""
        folder = posixpath.dirname(chapter)
        if page in self.here:
            return posixpath.relpath(f"{page}.ipynb", folder)
        return self.to_site(chapter, f"{page}.html")

    def to_site(self, chapter: str, place: str) -> str:
        """From the copy of a chapter to a place of the site."""
        return posixpath.normpath(posixpath.join(*[".."] * chapter.count("/"), self.site, place))

    def link(self, chapter: str, target: str) -> tuple[str, str] | None:
        """Title and address behind an address in the source of a chapter; None for one that isn't the book's."""
        if re.match(r"[a-z]+:|#", target):
            return None
        place, hash_, anchor = target.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(chapter), re.sub(r"\.(ipynb|md)$", "", place)))
        page = self.targets.get(target, page)
        if page in self.texts:
            return self.title(page), self.way(chapter, page) + hash_ + anchor
        return place, self.to_site(chapter, posixpath.normpath(posixpath.join(posixpath.dirname(chapter), place)))


def _markdown(book: Book, page: str) -> str:
    path = book.root / f"{page}.md"
    if path.is_file():
        return path.read_text("utf-8")
    cells = book.notebook(page)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@dataclass
class _Links(cards.Links):
    """Links of a copy's cards, which remember what they were asked for."""

    shelf: Shelf
    chapter: str
    sources: dict[str, bibliography.Source] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def source(self, key: str) -> str:
        self.sources[key] = self.shelf.sources.get(key, bibliography.Source(key, ""))
        return cards.outside(*self.sources[key])

    def claim(self, identifier: str) -> str:
        return self._place(super().claim(identifier))

    def bound(self, name: str) -> str:
        return self._place(super().bound(name))

    def _place(self, address: str) -> str:
        chapter = self.shelf.places.get(address.removeprefix("#"), self.chapter)
        if chapter == self.chapter:
            return address
        self.places[address] = self.shelf.way(self.chapter, chapter)
        return self.places[address] + address


def copy_of(shelf: Shelf, chapter: str) -> dict[str, Any]:
    """The reader's copy of a chapter.

    Raises:
        NuemError: the executed copy of the chapter is missing, failed or stale.
    """
    executed = shelf.book.executed_copy(chapter)
    links = _Links(shelf, chapter)
    page = _page(shelf, chapter, executed)
    students = executed["metadata"].get("nuem", {}).get("students", False)
    asked = exercises.of_chapter(shelf.book, chapter, executed) if students else []
    sealed = exercises.answers_of(shelf.book, chapter, executed) if students else {}
    cells, solving = [], False
    for cell, following in zip(executed["cells"], [*executed["cells"][1:], {}], strict=True):
        if cell["cell_type"] == "code":
            cells.append(_code(cell, links))
        else:
            text = "".join(cell["source"])
            shown, pieces, solving = plain(text, page, solving=solving, code_follows=_has_tag(following, "solution"))
            made = _cell("markdown", cell["id"], shown, pieces)
            if tags := cell["metadata"].get("tags"):
                made["metadata"]["tags"] = tags
            cells.append(made)
            if students:
                cells += [
                    _answer(one, sealed.get(one.label, {})) for one in asked if one.label in exercises.labels(text)
                ]
    if any(OPENING_OF_COPY in cell["source"] for cell in cells):
        run = published_run(shelf.book, chapter, executed, links)
        first = next(number for number, cell in enumerate(cells) if cell["cell_type"] == "code")
        cells.insert(first, _added("code", "plumbing", _plumbing(shelf.book, run)))
        cells += [
            _added("markdown", "what-moved-text", _LAST_WORDS),
            _added("code", "what-moved", "chapter.what_moved()"),
        ]
    stamp = {"copy_of": chapter, "words": _words(cells), "metadata": shelf.book.notebook(chapter)["metadata"]}
    if students:  # the source has the solutions, so no copy of a student may replace it
        stamp = {"words": stamp["words"]}
        for cell in cells:
            cell["metadata"].pop(OWN, None)
    return {"cells": cells, "metadata": {**METADATA, OWN: stamp}, "nbformat": 4, "nbformat_minor": 5}


def _page(shelf: Shelf, chapter: str, executed: Mapping[str, Any]) -> Page:
    numbers = {key: text for key, (text, _) in _numbers(executed).items()}
    asked = {one.label: (one.number, one.facts) for one in exercises.of_chapter(shelf.book, chapter, executed)}
    views = {view_name(view): view for view in _views(executed) if view["kind"] == "bound"}

    def known(found: Mapping[str, Any], key: str, what: str) -> Any:
        if key not in found:
            raise NuemError(f"{chapter}: the text names the {what} {key!r}, but no cell makes it; mend one of them")
        return found[key]

    return Page(
        number=lambda key: cards.prose_number(key, known(numbers, key, "number")),
        card=lambda key: _head_card(known(views, key.removesuffix(".card"), "card")),
        source=lambda key: _quoted(known(shelf.sources, key, "source")),
        link=lambda target: shelf.link(chapter, target),
        exercise=lambda label: asked.get(label, ("", "")),
        site=shelf.to_site(chapter, f"{chapter}.html"),
    )


def _quoted(source: bibliography.Source) -> tuple[str, str]:
    """Words and address of a source for Markdown, where brackets end an address."""
    return source.label, source.address.replace("(", "%28").replace(")", "%29")


def view_name(view: cards.View) -> str:
    """The name of the bound that a view shows."""
    return bounds.from_row(view["bounds"][0]).name


def _head_card(view: cards.View) -> str:
    # Front ends take styles and classes from text, but only simple ones.
    style = 'style="border-left: 5px solid #0072b2; padding: 8px 16px; margin: 8px 0px" class="'
    return cards.bound_card(view, cards.Links(), details=False, number=cards.prose_number).replace('class="', style, 1)


def _views(executed: Mapping[str, Any]) -> Iterator[cards.View]:
    for cell in executed["cells"]:
        for output in cell.get("outputs", ()):
            if records.VIEW_MIME in output.get("data", {}):
                yield output["data"][records.VIEW_MIME]


def _numbers(executed: Mapping[str, Any]) -> dict[str, tuple[str, float | None]]:
    """Text and value of all that the prose can name, by key."""
    found: dict[str, tuple[str, float | None]] = {}
    for view in _views(executed):
        if view["kind"] == "number":
            found[view["key"]] = view["text"], view["value"]
        elif view["kind"] == "bound":
            for bound in map(bounds.from_row, view["bounds"]):
                found[f"{bound.name}.{bound.vintage}"] = bound.value_text(), value_of(bound)
    return found


def published_run(book: Book, chapter: str, executed: Mapping[str, Any], links: _Links) -> dict[str, Any]:
    """What a reader's run is compared with; see `nuem.notebook.comparison`."""
    named = executed["metadata"]["nuem"]["named"]["inputs"]
    return {
        "chapter": chapter.rpartition("/")[2],
        "inputs": sorted(fingerprint.with_others(named, fingerprint.snapshot(book.root).inputs)),
        "numbers": {key: list(number) for key, number in _numbers(executed).items()},
        "shown": sorted({cards.fingerprint(view) for view in _views(executed)}),
        "exercises": exercises.answers_of(book, chapter, executed),
        "sources": {key: list(source) for key, source in links.sources.items()},
        "places": dict(links.places),
    }


def _plumbing(book: Book, run: Mapping[str, Any]) -> str:
    repository = settings(book.root / "_config.yml").get("repository") or {}
    origin = f"nuem[notebook] @ git+{repository['url']}" if "url" in repository else "folder/of/the/book[notebook]"
    written = pprint.pformat(run, width=116, sort_dicts=False, compact=True)
    return _PLUMBING.replace("{origin}", origin).replace("{run}", written).rstrip()


# -- cells -------------------------------------------------------------------------------------------------------------


def _cell(kind: str, identifier: str, text: str, pieces: Sequence[tuple[str, str]] = (), **more: Any) -> dict[str, Any]:
    own = {OWN: {"pieces": [list(piece) for piece in pieces]}} if pieces else {}
    return {"cell_type": kind, "id": identifier, "metadata": own, "source": text, **more}


def _added(kind: str, identifier: str, text: str) -> dict[str, Any]:
    """A cell that the source doesn't have."""
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    cell = _cell(kind, identifier, text, **more)
    cell["metadata"] = {OWN: {"added": True}, **({"jupyter": {"source_hidden": True}} if kind == "code" else {})}
    return cell


def _answer(exercise: exercises.Exercise, answers: Mapping[str, Any]) -> dict[str, Any]:
    """A cell for a student's answer to an exercise, with the line that checks it."""
    name = f"answer_{(exercise.number or exercise.label).replace('.', '_').replace('-', '_')}"
    head, parts = f"# Exercise {exercise.number}: ".replace(" :", ":"), answers.get("parts", {})
    if not parts:
        text = f"{head}your solution; there is no answer to check"
    elif list(parts) == [""]:
        text = f"{head}write {selfcheck.asked_for(parts[''])} in place of the dots\n{_check(answers, name, '')}"
    else:
        text = f"{head}write your answers in place of the dots"
        for count, (part, seal) in enumerate(parts.items(), start=1):
            text += f"\n# {part}: {selfcheck.asked_for(seal)}\n{_check(answers, f'{name}_{count}', part)}"
    cell = _added("code", f"answer-{exercise.label}", text)
    del cell["metadata"]["jupyter"]
    return cell


def _check(answers: Mapping[str, Any], name: str, part: str) -> str:
    which = f", part={json.dumps(part, ensure_ascii=False)}" if part else ""
    return f'{name} = ...\nchapter.check("{answers["number"]}", {name}{which})'


def _code(cell: Mapping[str, Any], links: _Links) -> dict[str, Any]:
    source = "".join(cell["source"])
    outputs = [shown for output in cell["outputs"] if (shown := _output(output, links))]
    text = source.replace(OPENING, OPENING_OF_COPY, 1)
    pieces = [(OPENING_OF_COPY, OPENING)] if OPENING in source else []
    if _has_tag(cell, "solution"):
        text, pieces = SOLUTION + text, [(SOLUTION, ""), *pieces]
    made = _cell("code", cell["id"], text, pieces, execution_count=None, outputs=outputs)
    if tags := [tag for tag in cell["metadata"].get("tags", ()) if tag != "injected-parameters"]:
        made["metadata"]["tags"] = tags
    if _has_tag(cell, "solution"):
        made["metadata"]["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    elif _has_tag(cell, "hide-input"):
        made["metadata"]["jupyter"] = {"source_hidden": True}
    return made


def _has_tag(cell: Mapping[str, Any], tag: str) -> bool:
    return tag in cell.get("metadata", {}).get("tags", ())


def _output(output: Mapping[str, Any], links: _Links) -> dict[str, Any] | None:
    """An output as the notebook shows it, without what is the book's own; None if nothing is left."""
    if "data" not in output:
        return {name: content for name, content in output.items() if name != "execution_count"}
    view = output["data"].get(records.VIEW_MIME)
    data = {mime: content for mime, content in output["data"].items() if not mime.startswith(records.UNSEEN)}
    if html := "".join(data.get("text/html", "")):
        data["text/html"] = _NARROW.sub("", html)
    if view:
        del data[records.VIEW_MIME]
        data["text/html"] = cards.in_notebook(view, links, "", {}, {})
    if not data:
        return None
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _words(cells: Sequence[Mapping[str, Any]]) -> str:
    """What tells whether a reader has changed a copy: its cells, without outputs."""
    return hashlib.sha256(json.dumps([(cell["id"], "".join(cell["source"])) for cell in cells]).encode()).hexdigest()


# -- folders -----------------------------------------------------------------------------------------------------------


def write_copies(book: Book, folder: Path, site: Path, chapters: Sequence[str] | None = None) -> list[str]:
    """Write the reader's copies of notebooks; one that a reader has changed stays.

    Args:
        site: root of the site that their links lead to.
        chapters: whose copies to write; all unless given.

    Returns:
        The copies that stayed, and the notebooks without a good run, in sentences.
    """
    shelf, said = Shelf(book, Path(os.path.relpath(site, folder)).as_posix(), chapters), []
    for chapter in book.chapters() if chapters is None else chapters:
        place = folder / f"{chapter}.ipynb"
        if is_changed(read_json(place)):
            said.append(f"{place} has changes of yours and stays; remove it to get the new one")
            continue
        try:
            copy = copy_of(shelf, chapter)
        except NuemError as error:
            said.append(str(error))
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, json.dumps(copy, ensure_ascii=False, indent=1) + "\n")
    return said


def write_start(book: Book, folder: Path, words: str = _START) -> Path:
    """Write the notebook that says where to begin, with these words above a list of all copies in the folder."""
    shelf = Shelf(book, "")
    there = [chapter for chapter in book.chapters() if (folder / f"{chapter}.ipynb").is_file()]
    links = [f"* [{shelf.title(chapter)}]({chapter}.ipynb)" for chapter in there]
    text = words + "\n".join(links or ["* There is none yet: run `make book` first, it takes some minutes."])
    place = folder / "start.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": [_cell("markdown", "start", text)], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    write_whole(place, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    return place


def trust(folder: Path) -> None:
    """Sign the copies in a folder, so that JupyterLab shows their figures and sliders before they run."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for place in folder.rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in place.parts and not is_changed(read_json(place)):
            notary.sign(nbformat.read(place, as_version=4))
    notary.store.close()


def is_changed(copy: Any) -> bool:
    """Whether a reader has changed a copy; None is no copy."""
    if not isinstance(copy, Mapping):
        return False
    return copy["metadata"].get(OWN, {}).get("words") != _words(copy["cells"])


def make_folder(book: Book, folder: Path) -> list[str]:
    """The folder that `make lab` opens: copies, trusted, and where to begin.

    Returns:
        Sentences about the copies, for the terminal.
    """
    said = write_copies(book, folder, book.html)
    write_start(book, folder)
    trust(folder)
    return [*said, f"the reader's copies are in {folder}; begin with start.ipynb"]


def give_back(book: Book, place: Path) -> str:
    """Write the source of a chapter from a reader's copy.

    Returns:
        A sentence that says where.

    Raises:
        NuemError: there is no such copy, or it can't be turned back.
    """
    copy = read_json(place)
    if not isinstance(copy, Mapping) or "cells" not in copy:
        raise NuemError(f"{place}: no notebook there; give the path of a reader's copy")
    try:
        source = source_of_copy(copy)
    except NuemError as error:
        raise NuemError(f"{place} can't be turned back into its source: {error}") from error
    target = book.root / f"{copy['metadata'][OWN]['copy_of']}.ipynb"
    if not target.is_file():
        raise NuemError(f"{place}: the book has no chapter {copy['metadata'][OWN]['copy_of']}; add it first")
    write_whole(target, json.dumps(source, ensure_ascii=False, indent=1) + "\n")
    return f"{target} has what the copy says; `git diff` shows the change"


def source_of_copy(copy: Mapping[str, Any]) -> dict[str, Any]:
    """The source that a reader's copy stands for, with what the reader changed in it.

    Raises:
        NuemError: it is no reader's copy, or a piece of it that stands for something else was changed.
    """
    if "copy_of" not in copy["metadata"].get(OWN, {}):
        raise NuemError("this is no reader's copy, so there is no source behind it")
    cells = []
    for cell in copy["cells"]:
        own = cell["metadata"].get(OWN, {})
        if own.get("added"):
            continue
        try:
            text = source_of("".join(cell["source"]), [tuple(piece) for piece in own.get("pieces", ())])
        except NuemError as error:
            raise NuemError(f"cell {cell['id']}: {error}; undo that, or change the source itself") from error
        tags = cell["metadata"].get("tags")
        code = {"execution_count": None} if cell["cell_type"] == "code" else {}
        cells.append(
            {
                "cell_type": cell["cell_type"],
                **code,
                "id": cell["id"],
                "metadata": {"tags": tags} if tags else {},
                **({"outputs": []} if code else {}),
                "source": text.splitlines(keepends=True),
            }
        )
    metadata = copy["metadata"][OWN].get("metadata", METADATA)
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
