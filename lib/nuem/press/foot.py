"""The foot of every page: how to object, which version this is, and how to cite the book, a chapter or a bound.

The revision stands in elements of its own, `<span class="nuem-revision">`; `stamp` fills them on all pages of a
finished site, also on those that were not made anew.
"""

from __future__ import annotations

import datetime
import functools
import os
import re
import subprocess
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx

from nuem.press.book import settings
from nuem.review.bounds import Bound

CITATION = "CITATION.cff"
_NO_ADDRESS = "Tell whoever gave you this copy"  # while the settings have none
_REVISION = re.compile(r'(<span class="nuem-(revision|year)">)[^<]*(</span>)')


@functools.cache
def citation(root: Path) -> Mapping[str, Any]:
    """What the file for citations says."""
    return settings(root / CITATION)


def revision(root: Path) -> tuple[str, str]:
    """The revision of the sources in words, such as "revision 0a1b2c3 of 2026-11-29", and its year.

    Both are empty where the book isn't a git repository of its own. SOURCE_DATE_EPOCH replaces the date of the commit.
    """

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        own = git("rev-parse", "--show-toplevel")
        if not own or Path(own).resolve() != root.resolve():
            return "", ""
        commit, date = git("log", "-1", "--format=%h %cs").split()
    except (OSError, ValueError):  # no git, or no commit
        return "", ""
    if "SOURCE_DATE_EPOCH" in os.environ:
        date = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.UTC).date().isoformat()
    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return f"revision {commit} of {date}{changed}", date[:4]


def bibtex(root: Path, key: str, title: str = "", note: str = "", kind: str = "misc") -> str:
    """A BibTeX entry as HTML: of the book, or of what has a title of its own in it.

    The names of authors stand in double braces: they are no persons with a family name.
    """
    about = citation(root)
    authors = " and ".join(f"{{{author['name']}}}" for author in about["authors"])
    fields = {"author": authors, "title": title or about["title"]}
    if title:
        fields["booktitle" if kind == "incollection" else "howpublished"] = about["title"]
    if note:
        fields["note"] = note
    lines = "".join(f"  {name} = {{{escape(value, quote=False)}}},\n" for name, value in fields.items())
    return (
        f"@{kind}{{{escape(key)},\n{lines}  version = {{{escape(about['version'])}, "
        '<span class="nuem-revision"></span>},\n  year = {<span class="nuem-year"></span>},\n}'
    )


def folded(name: str, entry: str) -> str:
    """An entry under a line that opens it; the page's script copies it with the same click."""
    return f'<details class="nuem-cite"><summary>{escape(name)}</summary><pre>{entry}</pre></details>'


def cite_bound(root: Path, bound: Bound) -> str:
    """How to cite a bound, as HTML."""
    note = f"bound {bound.name}, {bound.url}"
    return folded("BibTeX of this bound", bibtex(root, f"nuem-{bound.name}", bound.title, note))


def html(app: Sphinx, pagename: str, title: str) -> str:
    """The foot of a page."""
    root = Path(app.srcdir)
    repository = settings(root / "_config.yml").get("repository") or {}
    whom, edit = _NO_ADDRESS, ""
    if address := escape(repository.get("url", "").rstrip("/")):
        form = f"{address}/issues/new?template=number.yml&amp;place={quote(pagename)}"
        whom = f'<a href="{form}">Open an issue</a> that says'
        if pagename in app.env.found_docs:
            file = quote(str(app.env.doc2path(pagename, False)))
            edit = f' <a href="{address}/edit/{escape(repository.get("branch", "main"))}/{file}">Edit this page.</a>'
    entries = folded("BibTeX of the book", bibtex(root, "nuem"))
    if pagename in app.env.found_docs and pagename != app.config.root_doc:
        key = "nuem-" + pagename.rpartition("/")[2]
        entries += folded("BibTeX of this page", bibtex(root, key, title, f"{pagename}.html", "incollection"))
    return (
        f'<div class="nuem-foot"><p><strong>Something wrong?</strong> {whom} which number or sentence, and why. '
        f"A number comes from a cell on its page, and the cell can be mended.{edit}</p>"
        f'<p>Version {escape(citation(root)["version"])}, <span class="nuem-revision"></span>.</p>{entries}</div>'
    )


def add(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Give the template of a page its foot."""
    title = re.sub("<[^>]+>", "", context.get("title") or "")
    context["nuem_foot"] = html(app, pagename, title)


def stamp(app: Sphinx, problem: Exception | None) -> None:
    """Write the revision into every page of the finished site."""
    if not problem and app.builder.format == "html":
        write(Path(app.outdir), Path(app.srcdir))


def write(site: Path, root: Path) -> None:
    """Write the revision of the sources in `root` into every page of a site."""
    words = dict(zip(("revision", "year"), revision(root), strict=True))
    words["revision"] = words["revision"] or "revision unknown"
    for page in site.rglob("*.html"):
        before = page.read_text("utf-8")
        after = _REVISION.sub(lambda match: f"{match[1]}{words[match[2]]}{match[3]}", before)
        if after != before:
            page.write_text(after, "utf-8")
