"""The look of the site: one template, one style sheet and one script of its own, on top of Sphinx's plain theme.

Nothing that an extension brings along is loaded unseen: a style or a script that isn't listed here stops the build.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.formatters import HtmlFormatter
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from nuem.errors import NuemError
from nuem.physics import named_units
from nuem.press import mathematics
from nuem.press.book import SCRIPTS, STYLES
from nuem.press.fingerprint import digest
from nuem.press.tables import the_book
from nuem.view import selfcheck

THEME = Path(__file__).with_name("theme")
_NAMED_VERSION = re.compile(r"(_static/book\.(?:css|js)\?v=)[0-9a-f]{8}")
_CODE = {"": "a11y-high-contrast-light", 'html[data-theme="dark"] ': "a11y-high-contrast-dark"}

# What Sphinx and its extensions would load. The book's own style and script do what it uses of them.
REPLACED = {
    "basic.css", "pygments.css", "mystnb.css", "exercise.css",
    "documentation_options.js", "doctools.js", "sphinx_highlight.js",
}  # fmt: skip


def style(root: Path) -> str:
    """The style sheet of the site."""
    code = "".join(
        HtmlFormatter(style=name).get_style_defs(f"{scope}.highlight") + "\n" for scope, name in _CODE.items()
    )
    return code + "".join((root / "assets" / name).read_text("utf-8") for name in STYLES)


def script(root: Path) -> str:
    """The script of the site, with the factors and the units that the self-check knows, in its first line."""
    known = {
        "factors": list(selfcheck.FACTORS.items()),
        "sides": list(selfcheck.SIDES.items()),
        "units": named_units.UNITS,
        "words": named_units.WORDS,
        "prefixes": named_units.PREFIXES,
        "prefixed": named_units.PREFIXED,
    }
    line = f"const nuemKnown = {json.dumps(known, ensure_ascii=False, separators=(',', ':'))};\n"
    return line + "".join((root / "assets" / name).read_text("utf-8") for name in SCRIPTS)


def config_inited(app: Sphinx, config: Any) -> None:
    """Where the template stands."""
    config.templates_path.append(str(THEME))


def page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """What the template needs beyond Sphinx's own.

    Raises:
        ExtensionError: an extension brings a style or a script that nobody has looked at.
    """
    names = [str(getattr(asset, "filename", asset)) for key in ("css_files", "script_files") for asset in context[key]]
    plain = {re.sub(r"\.[0-9a-f]{16,}(?=\.)", "", name.rpartition("/")[2]) for name in names}
    if plain - REPLACED:
        raise ExtensionError(
            f"{page}: an extension loads {', '.join(sorted(plain - REPLACED))}; take what the book needs of it into "
            f"the book’s own style or script, and name it in {Path(__file__).name}"
        )
    context["version_of_style"] = _version(app)
    context["description"] = _description(doctree) or app.config.myst_html_meta["description"]
    context["html_baseurl"] = app.config.html_baseurl
    context["parts_of_book"] = _parts(app)


def _parts(app: Sphinx) -> list[tuple[str, list[tuple[str, str]]]]:
    """Caption, and name and title of each page, of the parts of the book.

    Sphinx would resolve them as a tree for each page anew: half of the time that a page takes.
    """
    cached = app.__dict__.get("_nuem_parts")
    if cached is None:
        title = app.builder.render_partial  # as HTML
        cached = app.__dict__["_nuem_parts"] = [
            (tree["caption"], [(page, title(app.env.titles[page])["title"]) for _, page in tree["entries"]])
            for tree in app.env.master_doctree.findall(toctree)
        ]
    return cached


def _version(app: Sphinx) -> str:
    """Changes when the style or the script does, so that no browser keeps an old one."""
    cached = app.__dict__.get("_nuem_version_of_style")
    if cached is None:
        root = Path(app.srcdir)
        cached = app.__dict__["_nuem_version_of_style"] = digest(style(root), script(root))[:8]
    return cached


def _description(doctree: nodes.document | None) -> str:
    """The first sentences of a page."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) > 60 and not paragraph.next_node(nodes.math):
            return text if len(text) <= 200 else text[:200].rpartition(" ")[0] + " …"
    return ""


def finish(app: Sphinx, problem: Exception | None) -> None:
    """Write the style sheet, the font of the formulas, and, where the site has an address, the map of its pages."""
    if problem or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    (static / "book.css").write_text(style(Path(app.srcdir)), "utf-8")
    (static / "book.js").write_text(script(Path(app.srcdir)), "utf-8")
    needed: set[str] = set()
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        needed |= mathematics.characters(text)
        dated = _NAMED_VERSION.sub(rf"\g<1>{_version(app)}", text)
        if dated != text:  # a page of the old site, under a new style
            page.write_text(dated, "utf-8")
    try:
        mathematics.write_font(needed, static / mathematics.FONT, the_book(app).build / "fonts")
    except NuemError as error:
        raise ExtensionError(str(error)) from error
    if app.config.html_baseurl:
        _write_map(app)


def _write_map(app: Sphinx) -> None:
    address = app.config.html_baseurl.rstrip("/")
    places = "".join(f"<url><loc>{address}/{name}.html</loc></url>" for name in sorted(app.env.found_docs))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    scheme = "http://www.sitemaps.org/schemas/sitemap/0.9"
    Path(app.outdir, "sitemap.xml").write_text(f'{head}<urlset xmlns="{scheme}">{places}</urlset>', "utf-8")
    Path(app.outdir, "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n", "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what makes the look."""
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it for a theme that the book doesn't load
    app.connect("config-inited", config_inited)
    app.connect("html-page-context", page_context)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
