"""Paper: a handout of each chapter, without code and solutions or with both, and the whole book as one PDF.

The system's Chromium prints the built pages; they need no script for it. Page numbers of the contents are read off a
first print.
"""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from nuem.errors import NuemError
from nuem.press import foot
from nuem.press.article import Article, anchor, read
from nuem.press.book import Book, settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EDITIONS = ("students", "lecturer")
_MARKS = "marks-of-headings"
_WITHIN = "https://within.invalid/"  # stands for the book itself until its parts are joined
_SCREEN_ONLY = (
    ".nuem-reading", "fieldset.nuem-live", ".nuem-check", ".nuem-setting", ".nuem-controls", ".nuem-panel",
    ".nuem-copy", ".nuem-permalink", ".nuem-cite", ".nuem-files", ".headerlink", ".eqno", ".nuem-narrow",
    "button", "input", "select",
)  # fmt: skip


def browser() -> str:
    """The program that prints.

    Raises:
        NuemError: this machine has none.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise NuemError(
            "printing needs Chromium or Google Chrome, and this machine has neither; install it (Debian and Ubuntu: "
            "`apt install chromium`), or print the pages of the site from your own browser"
        )
    return program


def handouts(book: Book, pages: Sequence[str]) -> list[Path]:
    """Both handouts of each page, in `_build/handouts`; two are printed at a time.

    Raises:
        NuemError: there is no browser, or it can't print.
    """
    program = browser()
    folder = book.build / "handouts"
    made = [
        (page, edition, folder / edition / f"{page.rpartition('/')[2]}.pdf") for page in pages for edition in EDITIONS
    ]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: _handout(book, program, *one), made))


def _handout(book: Book, program: str, page: str, edition: str, target: Path) -> Path:
    article = for_paper(read(book.html, page), code=edition == "lecturer", solutions=edition == "lecturer")
    running = f"{article.title} · {'with code and solutions' if edition == 'lecturer' else _site(book)}"
    document = _document(book, article.title, [_section(article, running)])
    _print(program, document, target)
    return target


def whole_book(book: Book) -> Path:
    """The whole book as one PDF, with title page, contents, numbered pages and bookmarks.

    The text is printed first, with its pages numbered from 1; then the title and the contents, with the numbers that
    came out, on pages with Roman numbers.

    Raises:
        NuemError: there is no browser, or it can't print.
    """
    program, pages = browser(), book.pages()
    articles = [for_paper(read(book.html, page, pages), code=True, solutions=True) for page in pages]
    headings = {article.page: _headings(article) for article in articles}
    target = book.build / "book.pdf"
    with tempfile.TemporaryDirectory() as temporary:
        text, front = Path(temporary, "text.pdf"), Path(temporary, "front.pdf")
        texts = [*(_section(article, article.title) for article in articles), _marks(headings)]
        _print(program, _document(book, _site(book), texts), text, tagged=False)
        numbers = _numbers(text, headings)
        _print(program, _document(book, _site(book), [_front(book, headings, numbers)]), front, tagged=False)
        _join(book, front, text, headings, numbers, target)
    return target


Headings = dict[str, list[tuple[str, str]]]  # page → names and words of its first two levels of headings


def _headings(article: Article) -> list[tuple[str, str]]:
    found = [(anchor(article.page), article.title)]
    for heading in article.tree.find_all("h2"):
        section = heading.find_parent(["section", "div"], id=True)
        name = section["id"] if section else found[0][0]
        found.append((name, article.words(heading)))
    return found


def _marks(headings: Headings) -> str:
    """A last page whose links make the browser say where each heading stands; it doesn't stay."""
    names = [_MARKS, *(name for page in headings.values() for name, _ in page)]
    links = "".join(f'<a href="#{name}">.</a>' for name in names)
    return f'<div class="marks" id="{_MARKS}">{links}</div>'


def _numbers(text: Path, headings: Headings) -> dict[str, int]:
    """On which page, counted from 0, each heading stands."""
    from pypdf import PdfReader

    reader = PdfReader(text)
    places = {name.lstrip("/"): place for name, place in reader.named_destinations.items()}
    names = [_MARKS, *(name for page in headings.values() for name, _ in page)]
    lost = [name for name in names if name not in places]
    assert not lost, f"the printed book has no {', '.join(lost)}"
    return {name: reader.get_destination_page_number(places[name]) for name in names}


def _join(book: Book, front: Path, text: Path, headings: Headings, numbers: dict[str, int], target: Path) -> None:
    """Front and text in one file, with bookmarks; the contents lead to their pages."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    writer = PdfWriter(clone_from=text)
    for number in range(len(writer.pages) - 1, numbers[_MARKS] - 1, -1):
        writer.remove_page(number)
    added = PdfReader(front).pages
    for number, page in enumerate(added):
        writer.insert_page(page, number)
    before = len(added)
    for page in writer.pages[:before]:
        for reference in page.get("/Annots", []):
            link = reference.get_object()
            name = str(link.get("/A", {}).get("/URI", "")).partition(_WITHIN)[2]
            if name:
                place = writer.pages[before + numbers[name]].indirect_reference
                link[NameObject("/A")] = DictionaryObject(
                    {NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): ArrayObject([place, NameObject("/Fit")])}
                )
    for caption, pages in parts(book):
        part = (
            writer.add_outline_item(title=caption, page_number=before + numbers[headings[pages[0]][0][0]])
            if caption
            else None
        )
        for page in pages:
            (name, title), *sections = headings[page]
            chapter = writer.add_outline_item(
                title=title, page_number=before + numbers[name], parent=part, is_open=False
            )
            for name, words in sections:
                writer.add_outline_item(title=words, page_number=before + numbers[name], parent=chapter)
    writer.set_page_label(0, before - 1, style="/r")
    writer.set_page_label(before, len(writer.pages) - 1, style="/D", start=1)
    writer.add_metadata({"/Title": _site(book), "/Author": book_authors(book)})
    part_file = target.with_name(target.name + ".part")
    writer.write(part_file)
    part_file.replace(target)


# -- what stands on paper ----------------------------------------------------------------------------------------------


def for_paper(article: Article, *, code: bool, solutions: bool) -> Article:
    """An article as it is printed: nothing to click, all that is folded open, what judges the papers at the end."""
    tree = article.tree
    _drop([section for section in tree.find_all("section") if _is_try_it(section)])
    _drop(tree.select(", ".join(_SCREEN_ONLY)))
    if not solutions:
        _drop(tree.select("details.solution, .tag_solution, details.nuem-choice > :not(summary)"))
    if not code:
        _drop(tree.select("details.nuem-code"))
    _drop([place for place in tree.find_all("i", attrs={"data-held": True}) if article.shows(place, "<script")])
    _papers_to_the_end(tree)
    for fold in tree.find_all("details"):
        fold["open"] = ""
    return article


def _is_try_it(section: Tag) -> bool:
    heading = section.find(["h2", "h3"], recursive=False)
    return heading is not None and heading.get_text().startswith("Try it") and bool(section.select(".nuem-live"))


def _drop(elements: Sequence[Tag]) -> None:
    for element in elements:
        if not element.decomposed:
            element.decompose()


def _papers_to_the_end(tree: BeautifulSoup) -> None:
    """As the page's script does before it prints."""
    folds = [fold for fold in tree.select("details.nuem-papers") if not fold.find_parent("details", "solution")]
    if not folds:
        return
    end = BeautifulSoup('<section class="nuem-papers-end"><h2>What judges the papers</h2></section>', "html.parser")
    last = None
    for fold in folds:
        section = fold.find_parent("section")
        heading = section.find(["h1", "h2", "h3", "h4"]) if section else None
        if heading is not None and heading is not last:
            name = end.new_tag("h3")
            for child in heading.contents:
                name.append(child.__copy__())
            end.section.append(name)
        last = heading
        end.section.append(fold.extract())
    (tree.find("section") or tree).append(end.section)


def _section(article: Article, running: str) -> str:
    """An article with its name on every page, in a CSS page of its own."""
    name = anchor(article.page)
    style = f'@page {name} {{ @top-left {{ content: "{_css(running)}"; }} }} #{name} {{ page: {name}; }}'
    return f'<style>{style}</style>\n<article id="{name}">{article.html(article.tree)}</article>'


def _css(words: str) -> str:
    return words.replace("\\", r"\\").replace('"', r"\"")


def _site(book: Book) -> str:
    return str(settings(book.root / "_config.yml")["title"])


def _document(book: Book, title: str, parts: Sequence[str]) -> str:
    styles = "".join(
        f'<link rel="stylesheet" href="{place.as_uri()}">\n'
        for place in (book.html / "_static" / "book.css", book.root / "assets" / "paper.css")
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>\n{styles}</head>\n"
        f'<body class="on-paper">{"".join(parts)}</body></html>'
    )


def _front(book: Book, headings: Headings, numbers: dict[str, int]) -> str:
    """Title page and contents."""
    about = foot.citation(book.root)
    revision, _ = foot.revision(book.root)
    today = datetime.datetime.fromtimestamp(_now(), datetime.UTC).strftime("%-d %B %Y")
    lines = []
    for part, pages in parts(book):
        if part:
            lines.append(f'<li class="part">{escape(part)}</li>')
        for (name, title), *_ in (headings[page] for page in pages):
            address = escape(_WITHIN + name)
            lines.append(f'<li><a href="{address}">{escape(title)}</a> <span>{numbers[name] + 1}</span></li>')
    return (
        '<div class="front"><div class="title-page">'
        f'<p class="book-title">{escape(_site(book))}</p><p>A reproducible review</p>'
        f"<p>{escape(book_authors(book))}</p>"
        f"<p>Version {escape(about['version'])}{', ' + escape(revision) if revision else ''}<br>Printed on {today}</p>"
        "<p>Text and figures CC BY 4.0, code BSD-3-Clause, values of the Particle Data Group CC BY 4.0.</p>"
        "</div>"
        f'<p class="contents-title">Contents</p><ul class="printed-contents">{"".join(lines)}</ul></div>'
    )


def book_authors(book: Book) -> str:
    """Who wrote it, as the file for citations says."""
    return ", ".join(author["name"] for author in foot.citation(book.root)["authors"])


def _now() -> float:
    return float(os.environ.get("SOURCE_DATE_EPOCH") or datetime.datetime.now(datetime.UTC).timestamp())


def parts(book: Book) -> Iterator[tuple[str, list[str]]]:
    """Captions of the table of contents with their pages; the first page has none."""
    contents = settings(book.root / "_toc.yml")
    yield "", [contents["root"]]
    for part in contents.get("parts", []):
        yield part["caption"], [chapter["file"] for chapter in part["chapters"]]


# -- printing ----------------------------------------------------------------------------------------------------------


def _print(program: str, document: str, target: Path, *, tagged: bool = True) -> None:
    """Print a document into a PDF; what stood there before stays if that fails.

    Args:
        tagged: with the structure that screen readers use, and bookmarks; for the whole book it would take 80 MB.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        source, printed = Path(temporary, "document.html"), Path(temporary, "document.pdf")
        source.write_text(document, "utf-8")
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--allow-file-access-from-files",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline" if tagged else "--disable-pdf-tagging",
            f"--user-data-dir={temporary}/profile",
            f"--print-to-pdf={printed}",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),  # as root Chromium refuses its sandbox
            source.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if not printed.is_file():
            last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
            raise NuemError(f"{program} can't print {target.name}: {last}")
        part = target.with_name(target.name + ".part")
        shutil.move(printed, part)
        part.replace(target)
