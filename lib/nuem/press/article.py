"""The text of a built page, to be cut for paper and for slides: numbers, cards, formulas and citations stand in it.

Formulas, figures, code and scripts are held back as they are while the rest is cut; so a chapter is read in half a
second.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from nuem.errors import NuemError
from nuem.press import exercises
from nuem.press.book import Book

_ARTICLE = re.compile(r"<article>(.*)</article>", re.S)
_HEAVY = re.compile(r"<(svg|math|pre|script|style)\b.*?</\1>", re.S)
_HELD = re.compile(r'<i data-held="(\d+)"></i>')
_LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")')
_OUTSIDE = ("http:", "https:", "mailto:")


@dataclass
class Article:
    """The article of a page as a tree, and what is held back from it.

    In the tree `<i data-held="n">` stands for the nth of `held`.
    """

    page: str
    tree: BeautifulSoup
    held: list[str]

    @property
    def title(self) -> str:
        """The title of the page, with the letters of its formulas."""
        heading = self.tree.find("h1")
        return self.words(heading) if heading else self.page

    def words(self, element: Tag) -> str:
        """The text of an element without marks and links to itself; a formula as its letters."""
        return " ".join(re.sub(r"<[^>]+>", "", self.html(_without_links(element))).split())

    def html(self, element: Tag | BeautifulSoup | str) -> str:
        """An element as HTML, with what was held back."""
        return _HELD.sub(lambda found: self.held[int(found[1])], str(element))

    def shows(self, element: Tag, mark: str) -> bool:
        """Whether something that is held back in an element begins with the mark, such as `<svg`."""
        found = element.find_all("i", attrs={"data-held": True})
        if element.name == "i" and element.get("data-held"):
            found.append(element)
        return any(self.held[int(place["data-held"])].startswith(mark) for place in found)


def _without_links(element: Tag) -> str:
    return re.sub(r'<a class="headerlink".*?</a>', "", str(element), flags=re.S)


def named(book: Book, words: list[str]) -> list[str]:
    """The pages that are meant by their whole names, the last part of them, or the number of the chapter.

    Raises:
        NuemError: there is no such page.
    """
    pages = book.pages()
    by_word = {page.rpartition("/")[2]: page for page in pages} | {page: page for page in pages}
    by_word |= {str(exercises.number_of_chapter(book, page)): page for page in exercises.lectures(book)}
    strange = [word for word in words if word.removesuffix(".ipynb") not in by_word]
    if strange:
        known = ", ".join(page.rpartition("/")[2] for page in pages if page.startswith("chapters/"))
        raise NuemError(f"there is no chapter {', '.join(strange)}; there are {known}")
    return [by_word[word.removesuffix(".ipynb")] for word in words]


def read(html: Path, page: str, together: Container[str] = ()) -> Article:
    """The article of a built page.

    Anchors get the page's name before them, so that several articles may stand in one document. A link to a page that
    stands `together` with this one leads there; a link to any other page of the site stays as words.

    Args:
        html: folder of the site.

    Raises:
        NuemError: there is no such page.
    """
    place = html / f"{page}.html"
    if not place.is_file():
        raise NuemError(f"{place} is missing; run `make book` first")
    found = _ARTICLE.search(place.read_text("utf-8"))
    assert found, f"{place} has no article"
    follow = _follower(page, together)
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(_LINK.sub(lambda link: f"{link[1]}{follow(link[2])}{link[3]}", match[0]))
        return f'<i data-held="{len(held) - 1}"></i>'

    tree = BeautifulSoup(_HEAVY.sub(hold, found[1]), "html.parser")
    for element in tree.find_all(id=True):
        element["id"] = anchor(page, element["id"])
    for label in tree.find_all("label", attrs={"for": True}):
        label["for"] = anchor(page, label["for"])
    for link in tree.find_all("a", href=True):
        target = follow(link["href"])
        if target:
            link["href"] = target
        else:
            del link["href"]
    return Article(page, tree, held)


def anchor(page: str, name: str = "") -> str:
    """The name of a place in a document of several articles."""
    return f"{page.replace('/', '-')}--{name}" if name else page.replace("/", "-")


def _follower(page: str, together: Container[str]) -> Callable[[str], str]:
    def follow(address: str) -> str:
        if address.startswith(_OUTSIDE):
            return address
        path, _, name = address.partition("#")
        if not path:
            return f"#{anchor(page, name)}"
        other = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if not other.endswith(".html") or other.removesuffix(".html") not in together:
            return ""
        return f"#{anchor(other.removesuffix('.html'), name)}"

    return follow
