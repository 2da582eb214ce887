"""The readable side of a record: HTML cards and tables, made from the views that a chapter's cells keep.

A view is plain JSON with a kind: "number" (key, label, text, value), "recalled" (label, text), "inputs" (inputs),
"bound" (bounds, verdict), "verdict" (verdict), "table" (title, head, rows), "listings" (rows), "live" (see
`nuem.notebook.widgets`), "own-inputs" (rows), "moved" (rows, remarks), "answer" (see `nuem.notebook.solutions`) or
"checked" (exercise, verdict, words). `render` makes its HTML; what depends on the
page around it, such as the address of a claim, the `Links` know. `in_notebook` adds what a notebook needs that is open
by itself.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nuem import typeset
from nuem.review import claims
from nuem.review.bounds import Bound, from_row
from nuem.review.inputs import SET_BY_READER, VINTAGES, Entry, Value
from nuem.review.records import Verdict, verdict_from_row
from nuem.view import entries, live
from nuem.view.style import STYLE

# JupyterLab and the site typeset it; other programs look only into elements of this class.
_MATH = "tex2jax_process"
_VINTAGE_WORDS = {"published": "as printed", "recomputed": "recomputed, inputs of the time", "today": "today"}

_RULE = "chapters/synthesis/errata.html#the-rule"

View = Mapping[str, Any]


class Links:
    """How a card cites, where its links lead, and what stands behind a number.

    This one serves a notebook that is open by itself: it knows no other page. Pages of the site have their own.
    """

    def source(self, key: str) -> str:
        """HTML that names a source of the bibliography."""
        return html.escape(key)

    def claim(self, identifier: str) -> str:
        """Address of the verdict on a claim."""
        return "#" + claims.claim(identifier).anchor

    def bound(self, name: str) -> str:
        """Address of the card of a bound."""
        return "#bound-" + name

    def data(self, name: str) -> str:
        """Address of the files of a bound, without their endings, or nothing."""
        return ""

    def input(self, name: str) -> str:
        """Address of an input, or nothing."""
        return ""

    def page(self, address: str) -> str:
        """Address of a page of the book, given relative to its root, or nothing."""
        return ""

    def title(self, address: str) -> str:
        """What a page is called."""
        return address.rpartition("/")[2].partition(".")[0].replace("-", " ")

    def describe(self, name: str) -> str:
        """What an input is called, plain text with ``$TeX$``."""
        return name

    def formula(self, name: str) -> str:
        """HTML of a displayed formula of the chapter, or nothing."""
        return ""

    def cite(self, bound: Bound) -> str:
        """HTML that says how to cite a bound, or nothing."""
        return ""

    def behind(self, key: str) -> tuple[str, Sequence[str]] | None:
        """The cell that made a number and the inputs it used, if known."""
        return None


class NotebookLinks(Links):
    """What a notebook knows that carries its published run, see `nuem.notebook.comparison`."""

    def __init__(self, run: Mapping[str, Any]):
        self._sources, self._places = run.get("sources", {}), run.get("places", {})

    def source(self, key: str) -> str:
        """Author and year, with a link to the work itself."""
        label, address = self._sources.get(key, (key, ""))
        return outside(label, address)

    def claim(self, identifier: str) -> str:
        """Address of the verdict, here or in the notebook beside."""
        return self._place(super().claim(identifier))

    def bound(self, name: str) -> str:
        """Address of the card, here or in the notebook beside."""
        return self._place(super().bound(name))

    def _place(self, anchor: str) -> str:
        return self._places.get(anchor, "") + anchor


def outside(label: str, address: str) -> str:
    """A link that leaves the book, or only its words."""
    words = html.escape(label)
    return f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{words}</a>' if address else words


def render(view: View, links: Links) -> str:
    """The HTML of a view."""
    return _KINDS[view["kind"]](view, links)


def fingerprint(view: View) -> str:
    """What tells whether a view shows the same words and digits as another run's."""
    words = re.sub(r"<[^>]*>", "", render(view, Links()))
    return hashlib.sha256(words.encode()).hexdigest()[:8]


# -- in a notebook -----------------------------------------------------------------------------------------------------

# Where outputs share a page with the text, its numbers follow, also those of cells that come into view later; one that
# isn't the published one stands out.
_FOLLOW = """<script>(function(script,texts,published){
var page=script.closest('.jp-Notebook')||document.body,known=page.nuemNumbers;
function show(){page.querySelectorAll('.nuem-n').forEach(function(e){
 var text=known[e.title];if(text===undefined)return;
 if(e.nuemShown!==text[0])e.innerHTML=e.nuemShown=text[0];
 e.style.background=text[1]?'rgba(230,159,0,.4)':'';});}
if(!known){known=page.nuemNumbers={};
 new MutationObserver(function(){requestAnimationFrame(show);}).observe(page,{childList:true,subtree:true});}
Object.keys(texts).forEach(function(key){known[key]=[texts[key],texts[key]!==published[key]];});show();
})(document.currentScript,%s,%s)</script>"""

# JupyterLab opens the outputs of a folded cell when it runs: those of a solution fold again while its code is folded.
_FOLD = """<script>(function(script){setTimeout(function(){
var cell=script.closest('.jp-CodeCell');
if(!cell||!cell.querySelector('.jp-InputPlaceholder')||cell.querySelector('.jp-OutputPlaceholder'))return;
cell.querySelector('.jp-OutputCollapser .jp-Collapser-child').click();});
})(document.currentScript)</script>"""


def in_notebook(view: View, links: Links, mark: str, now: Mapping[str, str], published: Mapping[str, str]) -> str:
    """The HTML of a view for a notebook that is open by itself: with its style, and a mark if it needs one.

    Args:
        mark: words above a card that isn't the published one, or nothing.
        now, published: the texts of numbers that the prose has, by key, in this run and in the published one.
    """
    own = f'<p class="nuem-mark">{html.escape(mark)}</p>' if mark else ""
    style = "" if view["kind"] in ("number", "recalled") else STYLE
    both = ({key: typeset.in_html(text) for key, text in texts.items()} for texts in (now, published))
    script = _FOLLOW % tuple(map(_in_script, both)) if published else ""
    fold = _FOLD if view["kind"] == "answer" else ""
    return style + own + render(view, links) + script + fold


def _in_script(texts: Mapping[str, str]) -> str:
    return json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")


def prose_number(key: str, text: str) -> str:
    """A number in the text of a notebook, where `in_notebook` finds it."""
    words = typeset.in_html(text).replace("|", "&#124;")  # which would end the cell of a Markdown table
    return f'<span class="nuem-n" title="{html.escape(key)}">{words}</span>'


# -- text and tables ---------------------------------------------------------------------------------------------------


def prose(text: str) -> str:
    r"""Plain text with ``$TeX$``, as HTML; the delimiters \(…\) are the ones that every MathJax set-up knows.

    >>> prose("a < b and $a < b$")
    'a &lt; b and \\(a &lt; b\\)'
    """
    pieces = re.split(r"\$([^$]+)\$", text)  # every second one is TeX
    return "".join(
        rf"\({html.escape(piece, quote=False)}\)" if k % 2 else typeset.in_html(piece) for k, piece in enumerate(pieces)
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]], css_class: str = "") -> str:
    """An HTML table; the cells are HTML already. Each names its column, for screens that stack the cells of a row."""
    columns = list(head)
    header = "".join(f"<th>{cell}</th>" if cell else "<td></td>" for cell in columns)
    labels = [html.escape(html.unescape(re.sub("<[^>]*>", "", cell))) for cell in columns]
    body = "".join(
        "<tr>"
        + "".join(f'<td data-label="{label}">{cell}</td>' for label, cell in zip(labels, row, strict=True))
        + "</tr>"
        for row in rows
    )
    classes = f"{css_class} stacks".strip()
    return f'<table class="{classes}"><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>'


def folded(reasons: str) -> str:
    """Reasons, as HTML, that a click opens, or nothing."""
    return f"<details><summary>why</summary>{reasons}</details>" if reasons else ""


def _plain_table(view: View, links: Links) -> str:
    """A table whose cells a chapter made: each a text, a mapping (see `_words`), or a list of these, one a line."""
    rows = [["<br>".join(_words(line, links) for line in _lines(cell)) for cell in row] for row in view["rows"]]
    title = f"<h3>{prose(view['title'])}</h3>" if view["title"] else ""
    return title + framed(table(map(prose, view["head"]), rows))


def _lines(cell: Any) -> list[Any]:
    return cell if isinstance(cell, list) else [cell]


def _words(words: str | Mapping[str, Any], links: Links) -> str:
    """A text, perhaps `small`, `strong` or without line breaks (`whole`), that may lead to a `bound` or a `page`.

    Also a `source`, an `input`, or several of these `together`, in one line. A page without a text has its title.
    """
    if isinstance(words, str):
        return prose(words)
    if "source" in words:
        return _named_source(words["source"], links)
    if "input" in words:
        return _input_link(words["input"], links)
    if "together" in words:
        text = "; ".join(_words(part, links) for part in words["together"])
    else:
        text = prose(words.get("text") or links.title(words["page"]))
    address = links.bound(words["bound"]) if "bound" in words else links.page(words.get("page", ""))
    if words.get("strong"):
        text = f"<strong>{text}</strong>"
    if address:
        text = f'<a href="{html.escape(address)}">{text}</a>'
    if words.get("small"):
        text = f"<small>{text}</small>"
    return f'<span class="nuem-nowrap">{text}</span>' if words.get("whole") else text


def permalink(anchor: str, what: str = "this verdict") -> str:
    """The visible address of what has an anchor."""
    return f'<a class="nuem-permalink" href="#{anchor}" aria-label="Link to {what}">¶</a>'


def framed(content: str) -> str:
    """A table in the frame that lets it scroll, and in which the site typesets mathematics."""
    return f'<div class="nuem-table {_MATH}">{content}</div>'


# -- numbers -----------------------------------------------------------------------------------------------------------


def _number(view: View, links: Links) -> str:
    """A number with its label, its anchor, and where it comes from."""
    behind = links.behind(view["key"])
    if behind is None:
        return _number_line("", view, "")
    cell, inputs = behind
    names = "; ".join(_input_link(name, links) for name in inputs)
    words = f"made by the cell “{html.escape(cell.replace('-', ' '))}”" + (f" from: {names}" if names else "")
    return _number_line(f'id="number-{view["key"]}" ', view, f'<small class="nuem-origin">{words}</small>')


def _recalled(view: View, links: Links) -> str:
    """A number that stands with its anchor elsewhere on the page."""
    return _number_line("", view, "")


def _number_line(anchor: str, view: View, origin: str) -> str:
    text = f"{prose(view['label'])}: <strong>{typeset.in_html(view['text'])}</strong>"
    return f'<p {anchor}class="nuem-number {_MATH}">{text}{origin}</p>'


def _input_link(name: str, links: Links) -> str:
    address, words = links.input(name), prose(links.describe(name))
    return f'<a href="{address}">{words}</a>' if address else words


# -- inputs ------------------------------------------------------------------------------------------------------------


def _inputs(view: View, links: Links) -> str:
    return input_table(map(_entry, view["inputs"]), links)


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{**row, "values": {vintage: Value(**value) for vintage, value in row["values"].items()}})


def input_table(entries: Iterable[Entry], links: Links, *, anchors: bool = False) -> str:
    """Inputs: what they are, both vintages, and where each value comes from; with an anchor each, if asked for."""
    rows = [
        [_input_name(entry, anchors), *(_input_value(entry, vintage, links) for vintage in VINTAGES)]
        for entry in entries
    ]
    return framed(table(["input", "as published", "today"], rows, "nuem-inputs"))


def _input_name(entry: Entry, anchor: bool) -> str:
    symbol = prose(f" ${entry.symbol}$") if entry.symbol else ""
    name = f'<code id="input-{entry.name}">' if anchor else "<code>"
    return f"{prose(entry.describe)}{symbol}<br>{name}{entry.name}</code>"


def _input_value(entry: Entry, vintage: str, links: Links) -> str:
    value = entry.values.get(vintage)
    if value is None:
        return "—"
    return f"{typeset.in_html(typeset.join(value_text(value), entry.unit))}<br><small>{_source(value, links)}</small>"


def value_text(value: Value) -> str:
    """The number of an input in print, with its uncertainty if it has one."""
    if value.error:
        return typeset.with_error(value.nominal, value.error)
    literal = re.fullmatch(r"[+-]?(\d*)\.?(\d*)(e[+-]?\d+)?", value.text)
    digits = len((literal[1] + literal[2]).lstrip("0")) if literal else 3
    return typeset.number(value.nominal, max(digits, 1))


def _source(value: Value, links: Links) -> str:
    named = _named_source(value.source, links)
    return named if value.overridden else f"{named}, {prose(value.where)}"


def _named_source(key: str, links: Links) -> str:
    """A source of the bibliography, or the reader, whose own inputs no bibliography knows."""
    return "set by the reader" if key == SET_BY_READER else links.source(key)


# -- bounds ------------------------------------------------------------------------------------------------------------


def _bound(view: View, links: Links) -> str:
    return bound_card(view, links, details=True)


def bound_card(view: View, links: Links, *, details: bool, number: Callable[[str, str], str] | None = None) -> str:
    """A bound in its vintages; with `details` also what each input does to it, and the anchor of the record.

    Args:
        number: makes HTML of the key and the text of a number, where that needs more than the text.
    """
    bounds = {bound.vintage: bound for bound in map(from_row, view["bounds"])}
    verdict = view["verdict"] and verdict_from_row(view["verdict"])
    first = next(iter(bounds.values()))
    # a claim that was judged from the paper's own steps says nothing about our number
    judged = verdict and ("recomputed" if verdict.recomputed == bounds["recomputed"].value else "published")
    rows = "".join(
        _bound_row(bound, verdict if vintage == judged else None, links, number) for vintage, bound in bounds.items()
    )
    anchor, title, further = "", prose(first.title), ""
    if details:
        anchor = f' id="{first.anchor}"'
        title += permalink(first.anchor, "this bound")
        further = _elasticities(bounds, links) + _files(bounds, links) + links.cite(first)
    return (
        f'<div class="nuem-card nuem-bound {_MATH}"{anchor}><p class="nuem-card-title">{title}</p>'
        f'<table class="nuem-vintages"><tbody>{rows}</tbody></table>{further}</div>'
    )


def _bound_row(bound: Bound, verdict: Verdict | None, links: Links, number: Callable[[str, str], str] | None) -> str:
    remark, text = typeset.in_html(bound.cl_text()), bound.value_text()
    if bound.vintage == "published" and bound.claim:
        remark = prose(claims.claim(bound.claim).where)
    if verdict:
        remark += f" {ruled_badge(verdict, links)}"
    if bound.overridden:
        remark += ' <span class="nuem-badge nuem-bad">your inputs</span>'
    value = number(f"{bound.name}.{bound.vintage}", text) if number else typeset.in_html(text)
    return f"<tr><th>{_VINTAGE_WORDS[bound.vintage]}</th><td><strong>{value}</strong></td><td>{remark}</td></tr>"


def _elasticities(bounds: Mapping[str, Bound], links: Links) -> str:
    """What each input does to the bound, folded away until asked for."""
    computed = [bound for bound in bounds.values() if bound.vintage != "published"]
    if computed[0].kind == "region":
        return ""
    names = dict.fromkeys(row["name"] for bound in computed for row in bound.inputs)
    title = "How the bound follows its inputs: percent change per percent change of an input"
    if computed[0].kind == "measurement":
        title = "Where the uncertainty comes from"
    rows = [[_input_link(name, links), *(_influence(bound, name) for bound in computed)] for name in names]
    return f"<details><summary>{title}</summary>{table(['input', *(b.vintage for b in computed)], rows)}</details>"


def _files(bounds: Mapping[str, Bound], links: Links) -> str:
    """Where the bound can be had as data, if it can."""
    address = html.escape(links.data(next(iter(bounds.values())).name))
    if not address:
        return ""
    endings = {"CSV": ".csv", "JSON": ".json", "BibTeX of its sources": ".bib"}
    curves = {f"curve, {name}": f"-{name}.txt" for name, bound in bounds.items() if bound.kind == "region"}
    files = ", ".join(f'<a href="{address}{ending}">{name}</a>' for name, ending in {**endings, **curves}.items())
    return f'<p class="nuem-files">Data: {files}</p>'


def _influence(bound: Bound, name: str) -> str:
    """The elasticity; for a measurement, which may be near zero, the uncertainty that the input contributes."""
    row: Mapping[str, Any] = next((row for row in bound.inputs if row["name"] == name), {})
    if bound.kind == "measurement" and row:
        return typeset.number(row["contribution"])
    if row.get("elasticity") is None:
        return "—"
    # The difference of two nearly equal numbers reacts to each of them a million times stronger.
    text = f"{row['elasticity']:+.2f}" if abs(row["elasticity"]) < 100 else typeset.number(row["elasticity"])
    return text.replace("-", "−")


# -- verdicts ----------------------------------------------------------------------------------------------------------


def badge(verdict: str | None, severity: str | None) -> str:
    """How a claim came out, in its colour."""
    tone = claims.VERDICTS[verdict].tone if verdict else "open"
    return f'<span class="nuem-badge nuem-{tone}">{verdict or "open"}{f" ({severity})" if severity else ""}</span>'


def ruled_badge(verdict: Verdict, links: Links) -> str:
    """How a claim came out; it leads to the rule that gave it."""
    mark, address = badge(verdict.verdict, verdict.severity), links.page(_RULE)
    return f'<a class="nuem-rule" href="{address}" title="by which rule?">{mark}</a>' if address else mark


def _verdict(view: View, links: Links) -> str:
    """What is printed, what comes out, and why they differ if they do."""
    verdict = verdict_from_row(view["verdict"])
    claim = claims.claim(verdict.claim)
    reasons = why(view["verdict"], links)
    explanation = f'<p class="nuem-explanation">{reasons}</p>' if reasons else ""
    found = claims.VERDICTS[verdict.verdict].found
    return (
        f'<div class="nuem-card nuem-verdict {_MATH}" id="{claim.anchor}">'
        f"<p>{ruled_badge(verdict, links)} {links.source(claim.paper)}, "
        f"<strong>{prose(claim.where)}</strong>: {prose(claim.claim)}{permalink(claim.anchor)}</p>"
        f"<dl><dt>printed</dt><dd>{printed(claim)}</dd><dt>{found}</dt><dd>{_found(verdict, claim)}</dd></dl>"
        f"{explanation}</div>"
    )


def claims_table(found: Iterable[Mapping[str, Any]], links: Links) -> str:
    """Rows of the ledger in short: which claim, by what factor it is off, and why."""
    rows = [
        [
            f"{links.source(row['paper'])}<br>{prose(row['where'])}",
            _claim_link(row["id"], row["claim"], links) + folded(why(row, links)),
            typeset.number(row["factor"]) if row["factor"] else "—",
        ]
        for row in found
    ]
    return framed(table(["paper", "claim", "found ÷ printed"], rows))


def _claim_link(identifier: str, words: str, links: Links) -> str:
    return f'<a href="{html.escape(links.claim(identifier))}">{prose(words)}</a>'


def why(row: Mapping[str, Any], links: Links) -> str:
    """The reasons for a verdict, as HTML: the explanation, what the paper leaves open, and the root of the error.

    Args:
        row: of the ledger, or a verdict as plain JSON.
        links: of the page.
    """
    sentences = [prose(row["explanation"])] if row["explanation"] else []
    for part in row.get("parts") or [row]:
        if part["unstated"]:
            sentences.append(prose(f"Unstated: {part['unstated']}{_reach(part)}."))
    if row["root"]:
        root = claims.claim(row["root"])
        link = _claim_link(root.id, root.where, links)
        sentences.append(f"This repeats the error of {links.source(root.paper)}, {link}, and is counted with it.")
    return " ".join(sentences)


def _reach(part: Mapping[str, Any]) -> str:
    if not part["unstated_range"]:
        return ""
    claim = claims.claim(part.get("id") or part["claim"])
    low, high = (found_number(claim, end, None) for end in part["unstated_range"])
    return f"; a sensible range of it gives {low} to {typeset.join(high, claim.unit)}"


def printed(claim: claims.Claim) -> str:
    """The claim as printed."""
    if claim.kind != "number":
        return prose(claim.published)
    return typeset.in_html(typeset.join(f"{claim.sign} {claim.number_text}".strip(), claim.unit))


def found_number(claim: claims.Claim, recomputed: float, uncertainty: float | None) -> str:
    """What comes out, with one digit more than the print: a reader sees whether the printed digits are met.

    >>> found_number(claims.claim("davidson-hannestad-raffelt-2000/bbn-ratio-055"), 0.30396, None)
    '0.304'
    """
    if uncertainty:
        return typeset.with_error(recomputed, uncertainty)
    return typeset.number(recomputed, max(2, claim.printed.digits + 1))


def _found(verdict: Verdict, claim: claims.Claim) -> str:
    if not isinstance(verdict.recomputed, float):
        return prose(verdict.recomputed)
    number = found_number(claim, verdict.recomputed, verdict.uncertainty)
    ratio = claims.VERDICTS[verdict.verdict].ratio
    return typeset.in_html(f"{typeset.join(number, claim.unit)} ({ratio} = {typeset.number(verdict.factor)})")


# -- live formulas -----------------------------------------------------------------------------------------------------


def _live(view: View, links: Links) -> str:
    return live.card(view, links.formula(view["formula"]) if view["formula"] else "")


def _listings(view: View, links: Links) -> str:
    return framed(entries.table(view["rows"], links))


# -- own inputs --------------------------------------------------------------------------------------------------------


def _own_inputs(view: View, links: Links) -> str:
    """What a reader put in, at the head of the notebook; each row is name, description, the book's value, the own."""
    rows = [[f"{prose(words)}<br><code>{name}</code>", *map(html.escape, ends)] for name, words, *ends in view["rows"]]
    return (
        '<div class="nuem-card nuem-own"><p class="nuem-card-title">Own inputs</p>'
        f"{table(['input', 'in the book', 'yours'], rows)}"
        "<p>The text shows the numbers of the published run. Where your front end lets it, those that your run changes "
        'are replaced and <span style="background:rgba(230,159,0,.4)">stand out</span>; the end of the notebook lists '
        "all that moved.</p></div>"
    )


def _moved(view: View, links: Links) -> str:
    """What a run changes against the published one; each row is key, label, before, after and elasticity."""
    rows = [[f"{prose(label)}<br><code>{key}</code>", *map(html.escape, ends)] for key, label, *ends in view["rows"]]
    head = ["what", "published run", "this run", "elasticity"]
    listing = framed(table(head, rows)) if rows else ""
    remarks = "".join(f"<p>{prose(remark)}</p>" for remark in view["remarks"])
    return f'<div class="nuem-card nuem-own {_MATH}"><p class="nuem-card-title">What moved</p>{listing}{remarks}</div>'


def _answer(view: View, links: Links) -> str:
    """What the solution of an exercise registers, for who marks."""
    part = f", {view['part']}" if view["part"] else ""
    within = f", within {typeset.percent(view['within'])}" if view["type"] == "number" else ""
    return f'<p class="nuem-registered">Answer{html.escape(part)}: {prose(view["shown"])}{within}</p>'


_CHECKED = {"right": "nuem-good", "wrong": "nuem-bad", "waiting": "nuem-fair", "unclear": "nuem-fair"}


def _checked(view: View, links: Links) -> str:
    """What is said of a student's answer."""
    words = f"<strong>Exercise {html.escape(view['exercise'])}.</strong> {html.escape(view['words'], quote=False)}"
    return f'<div class="nuem-card nuem-checked" role="status"><p class="{_CHECKED[view["verdict"]]}">{words}</p></div>'


_KINDS: dict[str, Callable[[View, Links], str]] = {
    "number": _number,
    "recalled": _recalled,
    "inputs": _inputs,
    "bound": _bound,
    "verdict": _verdict,
    "table": _plain_table,
    "listings": _listings,
    "live": _live,
    "own-inputs": _own_inputs,
    "moved": _moved,
    "answer": _answer,
    "checked": _checked,
}
