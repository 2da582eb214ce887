"""The markup of the sources as Markdown that every front end shows, and back without loss.

`plain` turns the text of a cell into Markdown and returns, beside it, the pieces that it put in their order: what is
shown, and what the source has there. `source_of` puts the source back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nuem.errors import NuemError
from nuem.press.exercises import CHOICE_AND_REASON
from nuem.press.students import GATE

Piece = tuple[str, str]  # what is shown, and what the source has there

# In this order: what is found first hides what stands inside of it.
_MARKUP = re.compile(
    r"""
    \$\$.*?\$\$(?P<label>[ ]*\((?P<name>[\w-]+)\))?
  | (?<!\\)\$(?:[^$\\]|\\.)+\$
  | ^(?P<head>(?P<fence>`{3,}|:{3,})\{(?P<directive>[\w:-]+)\}[ ]*(?P<argument>[^\n]*)\n
      (?P<options>(?::[\w-]+:[^\n]*\n)*))
    (?P<body>.*?)(?P<tail>^(?P=fence)[ ]*$)
  | ^(?P<code>`{3,}).*?^(?P=code)[ ]*$
  | \{(?P<role>[\w:-]+)\}`(?P<content>[^`]*)`
  | `[^`\n]+`
  | ^\((?P<target>[\w-]+)\)=$
  | (?<![!\\])\[(?P<words>[^\[\]]*)\]\((?P<address>[^()\s]+)\)
  | (?<=href=")(?P<place>[^"]+)(?=")
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_LABEL = re.compile(r"^:label:[ ]*(\S+)", re.M)


@dataclass(frozen=True)
class Page:
    """What a page's markup stands for.

    Attributes:
        number: the HTML of a number by its key.
        card: the HTML of a bound's card by its key, without an empty line.
        source: the words for a source of the bibliography and its address, by its key.
        link: the title of a page and its address, by an address in the source; None for one elsewhere.
        exercise: the number of an exercise and a line that says what it is, by its label; empty for another place.
        site: the address of the page on the site, which has tables that a notebook has not.
    """

    number: Callable[[str], str]
    card: Callable[[str], str]
    source: Callable[[str], tuple[str, str]]
    link: Callable[[str], tuple[str, str] | None]
    exercise: Callable[[str], tuple[str, str]]
    site: str


def plain(text: str, page: Page, *, solving: bool = False, code_follows: bool = False) -> tuple[str, list[Piece], bool]:
    """The text of a cell as plain Markdown.

    Args:
        solving: whether it stands in a solution that began in an earlier cell.
        code_follows: whether the next cell holds code of a solution.

    Returns:
        The Markdown, its pieces, and whether the text ends in a solution.
    """
    writer = _Writer(page)
    title, position = "Solution, continued", 0
    for fence in GATE.finditer(text):
        writer.passage(text[position : fence.start()], title if solving else "")
        solving, title, position = fence["end"] == "start", "Solution", fence.end()
        bare = solving and not text[position:].strip()
        hint = "*The solution is folded in the cells below.*\n\n" if bare and code_follows else ""
        writer.piece(f"{hint}<!-- {fence['end']} of the solution{fence['of']} -->", fence[0])
    writer.passage(text[position:], title if solving else "")
    return writer.shown, writer.pieces, solving


def source_of(shown: str, pieces: Sequence[Piece]) -> str:
    """The text of the source behind a text of `plain`, whose other words may have changed.

    Raises:
        NuemError: a piece doesn't stand there any more.
    """
    text, position = "", 0
    for piece, source in pieces:
        found = shown.find(piece, position)
        if found < 0:
            raise NuemError(f"{_short(piece)!r} was changed, which stands for {_short(source)!r} in the source")
        text += shown[position:found] + source
        position = found + len(piece)
    return text + shown[position:]


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) < 60 else f"{words[:57]}…"


class _Writer:
    """Writes what is shown, and keeps the pieces."""

    def __init__(self, page: Page):
        self.page, self.shown, self.pieces = page, "", []

    def piece(self, shown: str, source: str) -> None:
        self.shown += shown
        if shown != source:
            self.pieces.append((shown, source))

    def passage(self, text: str, fold: str) -> None:
        """A text, folded under a title if there is one."""
        words = text.strip("\n")
        if not fold or not words:
            self.text(text)
            return
        before, _, after = text.partition(words)
        self.shown += before
        self.piece(f"<details>\n<summary>{fold}</summary>\n\n", "")
        self.text(words)
        self.piece("\n\n</details>", "")
        self.shown += after

    def text(self, text: str) -> None:
        position = 0
        for match in _MARKUP.finditer(text):
            self.shown += text[position : match.start()]
            self.markup(match)
            position = match.end()
        self.shown += text[position:]

    def markup(self, match: re.Match[str]) -> None:
        if match["label"]:
            self.shown += match[0].removesuffix(match["label"])
            self.piece(f"\n<!-- formula {match['name']} -->", match["label"])
        elif match["directive"]:
            self.directive(match)
        elif match["role"]:
            self.piece(self.role(match["role"], match["content"]), match[0])
        elif match["target"]:
            self.piece(f"<!-- target {match['target']} -->", match[0])
        elif match["address"]:
            title, address = self.page.link(match["address"]) or ("", match["address"])
            self.piece(f"[{match['words'] or title}]({address})", match[0])
        elif match["place"]:
            _, address = self.page.link(match["place"]) or ("", match["place"])
            self.piece(address, match[0])
        else:
            self.shown += match[0]

    def directive(self, match: re.Match[str]) -> None:
        name, argument = match["directive"], match["argument"].strip()
        if name == "glue":
            self.piece(self.page.card(argument), match[0])
            return
        if name.startswith("nuem-"):
            self.piece(f"*The table that belongs here stands on [the page of the site]({self.page.site}).*", match[0])
            return
        head, tail = f"**{argument or name.capitalize()}**\n", f"<!-- end of the {name} -->"
        if name == "guess":
            self.guess(match)
            return
        if name == "exercise":
            label = _LABEL.search(match["options"])
            number, facts = self.page.exercise(label[1]) if label else ("", "")
            head = f"#### {f'Exercise {number}'.strip()}: {argument}\n" + (f"*{facts}*\n" if facts else "")
        elif name == "hint":
            head, tail = "<details>\n<summary>Hint</summary>\n\n", "\n</details>"
        elif "dropdown" in match["options"]:
            head, tail = f"<details>\n<summary>{argument or name.capitalize()}</summary>\n\n", "\n</details>"
        self.piece(head, match["head"])
        self.text(match["body"])
        self.piece(tail, match["tail"])

    def guess(self, match: re.Match[str]) -> None:
        """A question with its choices, each folded over its reason."""
        self.piece("**Guess first.** ", f"{match['fence']}{{guess}} ")
        question, rest = match["argument"], match["head"].partition(match["argument"])[2]
        self.text(question)
        self.piece("\n\n", rest)
        body, position = match["body"], 0
        for choice in CHOICE_AND_REASON.finditer(body):
            self.shown += body[position : choice.start()]
            self.piece("<details>\n<summary>", "* ")
            self.text(choice["choice"])
            self.piece("</summary>\n\n", "\n" + choice["between"])
            self.text(choice["reason"])
            self.piece("\n\n</details>\n", "")
            position = choice.end()
        self.shown += body[position:]
        self.piece("<!-- end of the guess -->", match["tail"])

    def role(self, name: str, content: str) -> str:
        if name == "ref":
            words = re.fullmatch(r"(.+?)\s*<.+>", content, re.S)
            number, _ = self.page.exercise(content)
            return words[1] if words else f"Exercise {number}" if number else content
        if name == "glue:text":
            return self.page.number(content)
        if name.startswith("cite"):
            found = (self.page.source(key.strip()) for key in content.split(","))
            sources = "; ".join(f"[{label}]({address})" if address else label for label, address in found)
            return sources if name == "cite:t" else f"({sources})"
        return content
