"""Slides: a lecture of three quarters of an hour, cut from a built page; reveal.js shows it, without a network.

A heading begins a slide. Of a paragraph the slide shows the sentence that leads to a formula, or the first one; all of
it stands in the notes of the speaker. Formulas come one after the other, figures large and alone. What judges the
papers, code, checks and tables of inputs stay on the page. `nuem.press.marks` says how a tag changes that.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

from nuem import typeset
from nuem.errors import NuemError
from nuem.press import exercises, marks
from nuem.press.article import Article, read
from nuem.press.book import Book, settings

_LINES = 12.0  # how much a slide holds, in lines of text
_LETTERS = 75  # of a line
_STEPS = re.compile(r"^(Derivation|Step \d)")
_LAST = ("What could be wrong", "Try it", "Exercises")  # in this order, at the end
_TABLE_ROWS, _TABLE_LETTERS = 8, 450  # of a table that can be read from afar
_LEAD = 2.9  # lines that a figure leaves room for
_LEFT_OVER = 4.0  # lines that find room on a full slide, which the page's script sets a little smaller
_SHORT = 45  # letters of a sentence that says too little alone
_LEANS = re.compile(  # a sentence that says too little without the one before it
    r"(?:(?:In the |The )?(?:second|third|fourth|other)|(?:So |Then )?(?:it|its|they|this|that|these|both)|Then)\b",
    re.I,
)
_OF_CODE = re.compile(r"(?:The|This) (?:next )?(?:cell|code)\b", re.I)
_PLACE = re.compile(r",\s*<strong>.*?</strong>(?=\s*:)", re.S)  # of a claim, in its paper
_FILES = ("reveal.css", "reset.css", "reveal.js")


@dataclass
class Slide:
    """A slide while it is filled: what it shows, and what the speaker says."""

    title: str
    step: bool
    shown: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    lines: float = 0
    kind: str = ""
    formulas: int = 0
    captioned: bool = False
    leads: bool = False  # its last sentence goes on with a formula
    whole: str = ""  # its last paragraph, of which it shows a part

    def html(self) -> str:
        """The slide as reveal.js takes it."""
        heading = f"<h2>{self.title}</h2>" if self.title else ""
        notes = f'<aside class="notes">{"".join(self.said)}</aside>' if self.said else ""
        return f'<section class="{self.kind}"><div class="fits">{heading}{"".join(self.shown)}</div>{notes}</section>'


def decks(book: Book, pages: Sequence[str]) -> dict[Path, float]:
    """The slides of each page as one HTML file, in `_build/slides`, and a page that lists all that are there.

    Returns:
        About how many minutes the lecture of each file takes.

    Raises:
        NuemError: reveal.js is not installed.
    """
    folder = book.build / "slides"
    _bring_reveal(book, folder)
    made = {}
    for page in pages:
        article = read(book.html, page)
        slides = cut(article)
        target = folder / f"{page.rpartition('/')[2]}.html"
        target.write_text(_document(book, article, slides), "utf-8")
        made[target] = minutes(slides)
    (folder / "index.html").write_text(_list(book, folder), "utf-8")
    return made


def cut(article: Article) -> list[Slide]:
    """The slides of a chapter."""
    chapter = article.tree.find("section")
    if chapter is None:
        raise NuemError(f"{article.page} has no sections, so it has no slides")
    opening = [child for child in chapter.children if not _is_section(child)]
    sections = [child for child in chapter.children if _is_section(child)]
    last = {name: section for name in _LAST for section in sections if _heading(article, section).startswith(name)}
    cutter = _Cutter(article)
    cutter.opening(opening)
    if (guess := chapter.find(class_="nuem-guess")) is not None:  # before the answer
        cutter.guess(guess)
        cutter.slides.insert(1, cutter.slides.pop())
    for section in sections:
        if section in last.values() or _heading(article, section).startswith("Checks"):
            continue
        if _heading(article, section).startswith("Before you start"):
            cutter.aims(section)
        else:
            cutter.section(section)
    for name in _LAST:
        if name in last:
            {"Exercises": cutter.exercises, "Try it": cutter.live}.get(name, cutter.section)(last[name])
    return [_filled(slide) for slide in _joined([slide for slide in cutter.slides if slide.shown])]


def _filled(slide: Slide) -> Slide:
    """The slide, with all of its paragraph if that is all it has."""
    if len(slide.shown) == 1 and slide.whole and not slide.kind and _lines(slide.whole) <= _LINES:
        slide.shown, slide.lines = [f"<p>{slide.whole}</p>"], _lines(slide.whole) + 0.4
    return slide


def _joined(slides: Sequence[Slide]) -> list[Slide]:
    """The slides, where a few lines that were left over stand with those before them."""
    joined: list[Slide] = []
    for slide in slides:
        last = joined[-1] if joined else None
        plain = last is not None and not (last.kind or slide.kind) and last.title == slide.title
        if last is not None and plain and slide.lines <= _LEFT_OVER and last.lines + slide.lines <= _LINES + _LEFT_OVER:
            last.shown += slide.shown
            last.said += slide.said
            last.lines += slide.lines
            last.formulas += slide.formulas
        else:
            joined.append(slide)
    return joined


def _is_section(node: object) -> bool:
    return isinstance(node, Tag) and node.name == "section"


def _heading(article: Article, section: Tag) -> str:
    heading = section.find(["h2", "h3", "h4"], recursive=False)
    return article.words(heading) if heading else ""


class _Cutter:
    """Walks through a page and fills slides."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.slides: list[Slide] = []
        self.mode = ""  # of the tag that holds

    # -- parts of a chapter --------------------------------------------------------------------------------------------

    def opening(self, nodes: Sequence[object]) -> None:
        """The title with the chapter's first words, and the answer: cards, then what they mean."""
        title = self._begin("", kind="opening")
        cards = []
        for node in nodes:
            if not isinstance(node, Tag):
                continue
            if node.name == "h1":
                title.shown.append(f"<h1>{self._inner(node)}</h1>")
            elif node.name == "p" and len(self.slides) == 1 and not cards:
                title.shown.append(f"<p>{'</p><p>'.join(self._sentences(node)[:2])}</p>")
                title.said.append(self._html(node))
            elif node.find(class_="nuem-bound") or "nuem-bound" in node.get("class", []) or node.find("table"):
                cards.append(self._html(node))
            elif node.name == "ul":
                if cards:
                    self._begin("The answer", kind="cards").shown += cards
                    cards = []
                self._begin("What it means")
                self._list(node)

    def guess(self, node: Tag) -> None:
        """The question and the answers to choose from; what is said to each is for the speaker."""
        slide = self._begin("Guess first", kind="guess")
        question = node.find("p")
        if question is not None:
            words = re.sub(r"<strong>\s*Guess first\.\s*</strong>", "", self._inner(question))
            slide.shown.append(f'<p class="question">{words.strip()}</p>')
        choices, told = [], []
        for choice in node.select("details.nuem-choice"):
            summary = choice.find("summary")
            words = self._inner(summary)
            choices.append(f"<li>{words}</li>")
            reason = " ".join(self._inner(part) for part in choice.find_all("p", recursive=False))
            told.append(f"<li><strong>{words}</strong>: {reason}</li>")
        slide.shown.append(f"<ul>{''.join(choices)}</ul>")
        slide.said.append(f"<p>Take a show of hands before you go on.</p><ul>{''.join(told)}</ul>")

    def aims(self, section: Tag) -> None:
        """What one learns; why it matters, and what one needs, is for the speaker."""
        slide = self._begin("What you will be able to do")
        for paragraph in section.find_all("p", recursive=False):
            sentences = self._sentences(paragraph)
            if self.article.words(paragraph).startswith("What you will be able to do"):
                said = [re.sub(r"^<em>.*?</em>", "", sentence) for sentence in sentences]
                items = [item.strip().removeprefix("and ") for one in said for item in one.rstrip(".").split(";")]
                slide.shown.append(f"<ul>{''.join(f'<li>{typeset.capital(item)}</li>' for item in items if item)}</ul>")
            slide.said.append(self._html(paragraph))

    def live(self, section: Tag) -> None:
        """The live formula, which works on the slide."""
        slide = self._begin("Try it", kind="live")
        slide.said += [self._html(paragraph) for paragraph in section.find_all("p", recursive=False)]
        slide.shown += [self._html(card) for card in section.select(".nuem-live")]

    def exercises(self, section: Tag) -> None:
        """Names of the exercises; their texts are on the page and on the handout."""
        slide = self._begin("Exercises")
        found = section.select("div.exercise")
        slide.shown.append(f"<ul>{''.join(f'<li>{self._exercise(exercise)}</li>' for exercise in found)}</ul>")

    def _exercise(self, exercise: Tag) -> str:
        title, facts = exercise.find(class_="admonition-title"), exercise.find(class_="nuem-facts")
        said = f"<small>{self._inner(facts)}</small>" if facts else ""
        return f"{self._inner(title) if title else ''} {said}".strip()

    def section(self, section: Tag) -> None:
        """All of a section, in the order of the page."""
        heading = section.find(["h2", "h3", "h4"], recursive=False)
        words = _heading(self.article, section)
        begun = self._begin(self._inner(heading) if heading else "", step=bool(_STEPS.match(words)))
        begun.step |= any(_STEPS.match(_heading(self.article, parent)) for parent in section.find_parents("section"))
        nodes = [node for node in section.children if node is not heading]
        if any(isinstance(node, Comment) and node.strip() == f"{marks.BEGIN} no-slide section" for node in nodes[:3]):
            return
        for place, node in enumerate(nodes):
            if isinstance(node, Comment):
                words = node.strip()
                if words.startswith(marks.END):
                    self.mode = ""
                elif words.startswith(marks.BEGIN):
                    self.mode = words.split()[1]
            elif isinstance(node, Tag):
                following = next((other for other in nodes[place + 1 :] if isinstance(other, Tag)), None)
                self._element(node, following)

    # -- what stands in it ---------------------------------------------------------------------------------------------

    def _element(self, node: Tag, following: Tag | None) -> None:
        classes = node.get("class", [])
        if node.name == "section":
            self.section(node)
        elif self.mode == "no-slide" or "tag_no-slide" in classes or "nuem-papers" in classes:
            return
        elif "cell" in classes:
            self._cell(node)
        elif "exercise" in classes:
            self._item(self._exercise(node))
        elif node.name == "details" or "dropdown" in classes:
            return
        elif self.mode == "notes":
            self._now().said.append(self._html(node))
        elif node.name == "p":
            self._paragraph(node, following)
        elif "formula" in classes:
            self._formula(node)
        elif node.name in ("ul", "ol"):
            self._list(node)
        elif "nuem-table" in classes or node.name == "table":
            self._table(node, asked=self.mode == "slide")

    def _paragraph(self, node: Tag, following: Tag | None) -> None:
        sentences = _without_code(self._sentences(node))
        kind = following.get("class", []) if following is not None else []
        leads = self._height(following) if following is not None and "formula" in kind else 0
        draws = following is not None and "cell" in kind and self.article.shows(following, "<svg")
        if self.mode == "slide":
            shown = sentences
        elif leads and len(sentences) > 1 and _goes_on(sentences[-1]):
            shown = _last(sentences)
        else:
            shown = _first(sentences)
        words = " ".join(shown)
        if words and self._now().kind.startswith("figure") and not (leads or draws or self._now().captioned):
            self._now().shown.append(f'<p class="caption">{words}</p>')
            self._now().captioned = True
        elif words:
            self._show(f"<p>{words}</p>", _lines(words) + 0.4, leads=leads)
            self._now().whole = " ".join(sentences)
        self._now().leads = bool(leads)
        self._now().said.append(self._html(node))

    def _height(self, formula: Tag) -> float:
        """How many lines a formula takes."""
        html = self._html(formula)
        return 1.0 + 1.7 * max(1, html.count("<mtr") - html.count("<mtable") + 1 if "<mtable" in html else 1)

    def _formula(self, node: Tag) -> None:
        html, height = self._html(node), self._height(node)
        led = self._now().leads and self._now().lines + height <= _LINES + _LEFT_OVER
        slide = self._now() if led else self._room(height)
        slide.lines += height if led else 0
        slide.leads = False
        slide.formulas += 1
        later = ' class="fragment"' if slide.step and slide.formulas > 1 else ""
        slide.shown.append(f"<div{later}>{html}</div>")
        slide.said.append(html)

    def _list(self, node: Tag) -> None:
        for number, item in enumerate(node.find_all("li", recursive=False), start=1):
            first = item.find("p", recursive=False)
            sentences = self._sentences(first if first is not None else item)
            words = " ".join(sentences if self.mode == "slide" else _first(sentences))
            start = f' start="{number}"' if node.name == "ol" and number > 1 else ""
            self._item(words, node.name, start)
            self._now().said.append(self._html(item) if len(sentences) > 1 else "")

    def _item(self, words: str, kind: str = "ul", start: str = "") -> None:
        """One more line of a list, on the slide that has room for it."""
        slide, closing = self._room(_lines(words) + 0.3), f"</{kind}>"
        if slide.shown and slide.shown[-1].endswith(closing):
            slide.shown[-1] = f"{slide.shown[-1].removesuffix(closing)}<li>{words}</li>{closing}"
        else:
            slide.shown.append(f"<{kind}{start}><li>{words}</li>{closing}")

    def _cell(self, node: Tag) -> None:
        asked = "tag_slide" in node.get("class", [])
        for output in node.select(".output"):
            if output.find_parent("details") is not None:
                continue
            if self.article.shows(output, "<svg"):
                self._figure(output)
            elif output.find(class_="nuem-live"):
                continue
            elif output.find(class_="nuem-bound"):
                self._show(self._html(output), 3.2)
            elif output.find(class_="nuem-verdict"):
                self._verdicts(output)
            elif "text_latex" in output.get("class", []):
                self._formula(output)
            elif output.find("table") is not None:
                self._table(output, asked=asked)

    def _verdicts(self, output: Tag) -> None:
        """Verdicts that a page shows as its own subject, a line for each: what became of which claim."""
        for card in output.select(".nuem-verdict"):
            words = _PLACE.sub("", self._inner(card.find("p")), count=1)
            self._item(words)
            self._now().said.append(self._html(card))

    def _figure(self, output: Tag) -> None:
        slide = self._now()
        if slide.kind or slide.formulas or slide.lines > _LEAD:
            said = [] if slide.shown else slide.said
            slide = self._begin(slide.title, step=slide.step)
            slide.said += said
        slide.kind = "figure with-lead" if slide.shown else "figure"
        slide.shown.append(self._html(output))

    def _table(self, node: Tag, *, asked: bool = False) -> None:
        rows = len(node.find_all("tr"))
        large = rows > _TABLE_ROWS or len(self.article.words(node)) > _TABLE_LETTERS
        if not asked and (node.find(class_="nuem-inputs") or large or self.mode == "notes"):
            return
        self._show(self._html(node), 1.3 * rows + 0.5)

    # -- slides --------------------------------------------------------------------------------------------------------

    def _begin(self, title: str, *, step: bool = False, kind: str = "") -> Slide:
        self.slides.append(Slide(title, step, kind=kind))
        return self.slides[-1]

    def _now(self) -> Slide:
        return self.slides[-1]

    def _room(self, lines: float, *, leads: float = 0) -> Slide:
        """The slide that has so much room; a sentence that leads to a formula wants room for its lines, too."""
        slide = self._now()
        if (slide.lines and slide.lines + lines + leads > _LINES) or slide.kind.startswith("figure"):
            slide = self._begin(slide.title, step=slide.step)
        slide.lines += lines
        return slide

    def _show(self, html: str, lines: float, *, leads: float = 0) -> None:
        self._room(lines, leads=leads).shown.append(html)

    def _html(self, node: Tag) -> str:
        return self.article.html(_plain(node))

    def _inner(self, node: Tag) -> str:
        return self.article.html(_plain(node).decode_contents()).strip()

    def _sentences(self, node: Tag) -> list[str]:
        """The sentences of a paragraph, which stand on lines of their own in the source."""
        lines = [""]
        for child in _plain(node).children:
            if isinstance(child, NavigableString):
                first, *rest = str(child).split("\n")
                lines[-1] += escape(first, quote=False)
                lines += [escape(line, quote=False) for line in rest]
            else:
                lines[-1] += str(child)
        whole: list[str] = []
        for line in (self.article.html(line.strip()) for line in lines if line.strip()):
            if whole and not _ends(whole[-1]):
                whole[-1] += f" {line}"
            else:
                whole.append(line)
        return whole


def _without_code(sentences: Sequence[str]) -> list[str]:
    """The sentences, without those about the code and those that lean on them; slides have none."""
    kept, dropped = [], False
    for one in sentences:
        dropped = bool(_OF_CODE.match(one) or (dropped and _LEANS.match(one)))
        kept += [] if dropped else [one]
    return kept


def _first(sentences: Sequence[str]) -> list[str]:
    """The first sentence; the second, too, where the first says too little alone."""
    return list(sentences[:2] if sentences and _letters(sentences[0]) < _SHORT else sentences[:1])


def _last(sentences: Sequence[str]) -> list[str]:
    """The last sentence; those before it, too, where it says too little alone, or leans on them."""
    start = len(sentences) - (2 if _letters(sentences[-1]) < _SHORT else 1)
    while start > 0 and _LEANS.match(sentences[start]):
        start -= 1
    return list(sentences[start:])


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def _letters(html: str) -> int:
    return len(_text(html))


def _lines(html: str) -> float:
    return -(-_letters(html) // _LETTERS)


def _ends(sentence: str) -> bool:
    return _text(sentence).rstrip().endswith((".", "?", "!", ":", ";", "”"))


def _goes_on(sentence: str) -> bool:
    """Whether what follows completes a sentence, or is what it announces."""
    return not _ends(sentence) or _text(sentence).rstrip().endswith(":")


def _plain(node: Tag) -> Tag:
    """A copy without anchors, links to itself and places of other formulas; slides repeat what has a name."""
    copy = BeautifulSoup(str(node), "html.parser")
    for element in copy.select(".headerlink, .eqno, .nuem-permalink, .nuem-cite, .nuem-files, .nuem-narrow"):
        element.decompose()
    for element in copy.select(".nuem-card details, .nuem-check, .nuem-hint"):
        element.decompose()
    for element in copy.select(".together"):  # lines are split at their semicolons, too
        element.unwrap()
    live = copy.find(class_="nuem-live") is not None
    for element in copy.find_all(True):
        if not live:
            element.attrs.pop("id", None)
        if element.name == "a" and not str(element.get("href", "")).startswith("http"):
            element.unwrap()
    return next(child for child in copy.children if isinstance(child, Tag))


# -- files -------------------------------------------------------------------------------------------------------------


def _bring_reveal(book: Book, folder: Path) -> None:
    package = importlib.util.find_spec("sphinx_revealjs")  # importing it would load Sphinx
    if package is None or package.origin is None:
        raise NuemError("the package sphinx-revealjs, which carries reveal.js, is missing; run `make book` again")
    reveal = Path(package.origin).parent / "_static" / "revealjs"
    static = folder / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copyfile(reveal / "dist" / name, static / name)
    shutil.copyfile(reveal / "plugin" / "notes" / "notes.js", static / "notes.js")
    for name in ("book.css", "mathematics.woff2"):
        shutil.copyfile(book.html / "_static" / name, static / name)
    for name in ("slides.css", "slides.js"):
        shutil.copyfile(book.root / "assets" / name, static / name)


def _document(book: Book, article: Article, slides: Sequence[Slide]) -> str:
    site = settings(book.root / "_config.yml")["title"]
    styles = "".join(
        f'<link rel="stylesheet" href="_static/{name}">\n'
        for name in ("reset.css", "reveal.css", "book.css", "slides.css")
    )
    scripts = "".join(f'<script src="_static/{name}"></script>\n' for name in ("reveal.js", "notes.js", "slides.js"))
    body = "\n".join(slide.html() for slide in slides)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(article.title)} · slides</title>\n{styles}</head>\n"
        "<body>\n"
        f'<main class="reveal"><div class="slides">\n{body}\n</div>\n'
        f'<p class="foot-of-slides">{escape(site)}</p></main>\n'
        f"{scripts}</body>\n</html>\n"
    )


def _list(book: Book, folder: Path) -> str:
    places = [folder / f"{page.rpartition('/')[2]}.html" for page in exercises.lectures(book)]
    items = "".join(
        f'<li><a href="{place.name}">{escape(_title(place))}</a></li>' for place in places if place.is_file()
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" '
        'content="width=device-width, initial-scale=1">\n<title>Slides</title>\n'
        '<link rel="stylesheet" href="_static/book.css">\n</head>\n<body>\n<main>\n<h1>Slides</h1>\n'
        "<p>Space goes on, S opens the notes of the speaker, Escape shows all slides.</p>\n"
        f"<ul>{items}</ul>\n</main>\n</body>\n</html>\n"
    )


def _title(deck: Path) -> str:
    found = re.search(r"<title>(.*) · slides</title>", deck.read_text("utf-8"))
    return found[1] if found else deck.stem


def minutes(slides: Sequence[Slide]) -> float:
    """About how long a lecture takes: a minute for a slide or ten lines, and half a one for each further formula."""
    return sum(max(1, slide.lines / 10) + 0.5 * max(0, slide.formulas - 1) for slide in slides)
