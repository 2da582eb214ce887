"""What Sphinx has to be told so that new pages beside old ones, by several processes, are those of a clean build."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer

from nuem.press.fingerprint import file_digest
from nuem.press.tables import the_book

LONGEST = "reference/api"  # all of the package's documentation
FEW = 20  # pages; to start processes for them, and to merge what these know, takes longer than to read and write them


def share_out(app: Sphinx, env: Any, names: list[str]) -> None:
    """Divide the pages among processes as it is quickest: few of them stay together, the longest comes first."""
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True  # it doesn't say so, but works after reading
    if len(names) < FEW:
        app.parallel = 1
    names.sort(key=lambda name: name != LONGEST)


def changed_pages(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
    """Pages whose content is another than when they were read: Sphinx itself compares times.

    A time may be older than what it replaces, or fall between the moment when Sphinx reads a page and the one that it
    keeps for it.
    """
    now = {name: _content(app, name) for name in env.found_docs}
    then = getattr(env, "nuem_contents", {})
    env.nuem_contents = now
    return {name for name in now if then.get(name) != now[name]}


def _content(app: Sphinx, name: str) -> str:
    places = (Path(app.env.doc2path(name)), the_book(app).copy_of(name))
    return " ".join(file_digest(place) for place in places if place.is_file())


def pages_to_write(app: Sphinx, env: Any) -> list[str]:
    """All pages, if a title changed: each of them shows the titles of all, in its navigation. Else the first one.

    Without any page to write Sphinx ends before it makes the folder of styles and scripts, which may have changed.
    """
    titles = {name: title.astext() for name, title in env.titles.items()}
    changed = getattr(env, "nuem_titles", titles) != titles
    env.nuem_titles = titles
    if changed:
        shutil.rmtree(_pages_of_modules(app), ignore_errors=True)
    return sorted(env.found_docs) if changed else [app.config.root_doc]


def keep_pages_of_modules(app: Sphinx) -> list[Any]:
    """Leave alone the pages that show the package's code, if they stand: after a change of it nothing does.

    To find out that nothing is to do, the extension that makes them would import every module. Modules of other
    packages go, and those in which a name was looked for in vain, such as the home of a cached property: it forgets
    them or not by the order of reading.
    """
    if (_pages_of_modules(app) / "index.html").is_file():
        vars(app.env).pop("_viewcode_modules", None)
    modules = getattr(app.env, "_viewcode_modules", {})
    for name in [name for name, entry in modules.items() if not (entry and entry[2])]:
        del modules[name]
    return []


def analyse_own_modules_alone(app: Sphinx) -> None:
    """Keep Sphinx from analysing the modules of other packages, in which a class of the book has its bases."""
    own = ModuleAnalyzer.for_module

    def for_module(name: str) -> ModuleAnalyzer:
        if name.partition(".")[0] != "nuem":
            raise PycodeError(f"{name} is not a module of the book")
        return own(name)

    ModuleAnalyzer.for_module = staticmethod(for_module)


def _pages_of_modules(app: Sphinx) -> Path:
    return Path(app.outdir, "_modules")


def setup(app: Sphinx) -> None:
    """Connect all of it."""
    app.connect("builder-inited", analyse_own_modules_alone)
    app.connect("env-before-read-docs", share_out)
    app.connect("env-get-outdated", changed_pages)
    app.connect("env-updated", pages_to_write)
    app.connect("html-collect-pages", keep_pages_of_modules, priority=1)
