"""The markup of the sources as plain Markdown: everything is shown, nothing is lost on the way back."""

import json
import re
from pathlib import Path

import pytest
from nuem.errors import NuemError
from nuem.press.plain import Page, plain, source_of

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("chapters/*/*.ipynb"), *ROOT.glob("reference/*.ipynb"), *ROOT.glob("skeleton/*.ipynb")])
PAGE = Page(
    number=lambda key: f"<b>{key}</b>",
    card=lambda key: f"<div>{key}</div>",
    source=lambda key: (key.title(), f"https://x.org/{key}"),
    link=lambda address: None if ":" in address else ("Title", f"../{address}"),
    exercise=lambda label: ("3.2", "paper · level 1 · 5 minutes") if label == "asked" else ("", ""),
    site="../site/page.html",
)


def shown(text, **state):
    words, pieces, _ = plain(text, PAGE, **state)
    assert source_of(words, pieces) == text
    return words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it is {glue:text}`a.today` now", "it is <b>a.today</b> now"),
        ("as {cite}`doe,roe` say", "as ([Doe](https://x.org/doe); [Roe](https://x.org/roe)) say"),
        ("{cite:t}`doe` says", "[Doe](https://x.org/doe) says"),
        ("```{glue} a.card\n```\n\nwords", "<div>a.card</div>\n\nwords"),
        (
            "```{nuem-answers}\n```\n\nwords",
            "*The table that belongs here stands on [the page of the site](../site/page.html).*\n\nwords",
        ),
        ("$$\nx\n$$ (name)\n\nwords", "$$\nx\n$$\n<!-- formula name -->\n\nwords"),
        ("see [](page.md) and [it](x.ipynb)", "see [Title](../page.md) and [it](../x.ipynb)"),
        ("[out](https://x.org) and $[a](b)$ and `{cite}`", "[out](https://x.org) and $[a](b)$ and `{cite}`"),
        ('<a href="data.json">d</a>', '<a href="../data.json">d</a>'),
        ("(here)=\n# Title", "<!-- target here -->\n# Title"),
        (
            "```{exercise} Words\n:label: x\n:nonumber:\n\nHow, {cite:t}`doe`?\n```",
            "#### Exercise: Words\n\nHow, [Doe](https://x.org/doe)?\n<!-- end of the exercise -->",
        ),
        (
            "````{exercise} Words\n:label: asked\n:kind: paper\n\nHow?\n\n```{hint}\nSo $x$.\n```\n````",
            "#### Exercise 3.2: Words\n*paper · level 1 · 5 minutes*\n\nHow?\n\n<details>\n<summary>Hint</summary>\n\n"
            "So $x$.\n\n</details>\n<!-- end of the exercise -->",
        ),
        (
            "```{guess} Is it $x$ or {cite:t}`doe`?\n:label: g\n* $x$ here\n  : No,\n    not.\n* two\n  : Yes.\n```",
            "**Guess first.** Is it $x$ or [Doe](https://x.org/doe)?\n\n<details>\n<summary>$x$ here</summary>\n\n"
            "No,\n    not.\n\n</details>\n\n<details>\n<summary>two</summary>\n\nYes.\n\n</details>\n\n"
            "<!-- end of the guess -->",
        ),
        ("as in {ref}`the guess <g>` and {ref}`asked`, {ref}`x`", "as in the guess and Exercise 3.2, x"),
        (
            "```{admonition} Why\n:class: dropdown\n\nSo.\n```",
            "<details>\n<summary>Why</summary>\n\n\nSo.\n\n</details>",
        ),
    ],
)
def test_markup_becomes_markdown_and_comes_back(text, words):
    assert shown(text) == words


START, END = "```{solution-start} x\n:class: dropdown\n```", "```{solution-end}\n```"


def test_a_solution_is_folded_over_several_cells_and_the_next_exercise_isn_t():
    words, _, solving = plain(f"{START}\n\nSpoiler.", PAGE)
    assert solving and "<summary>Solution</summary>\n\nSpoiler.\n\n</details>" in words
    words, _, solving = plain(f"The end.\n\n{END}\n\nNext.", PAGE, solving=True)
    assert not solving
    folded, _, open_ = words.partition("</details>")
    assert "The end." in folded and "Next." in open_ and "Next." not in folded


def test_a_solution_of_code_alone_says_where_it_is():
    assert "folded in the cells below" in plain(START, PAGE, code_follows=True)[0]


def test_other_words_may_change_and_a_piece_may_not():
    words, pieces, _ = plain("before {glue:text}`a`, after", PAGE)
    assert source_of(words.replace("before", "earlier"), pieces) == "earlier {glue:text}`a`, after"
    with pytest.raises(NuemError, match=r"'<b>a</b>' was changed, which stands for '\{glue:text\}`a`' in the source"):
        source_of(words.replace("<b>a</b>", "1.5"), pieces)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_markup_of_the_sources_is_left_and_none_is_lost(path):
    solving = False
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            words, pieces, solving = plain(text, PAGE, solving=solving)
            assert source_of(words, pieces) == text
            assert re.findall(r"\{[\w:-]+\}`|^(?:`{3,}|:{3,})\{.*|^\$\$ *\(.*|^\([\w-]+\)=", words, re.M) == []
    assert not solving, "a solution has no end"
