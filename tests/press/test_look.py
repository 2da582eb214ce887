"""The look of the site: what is loaded was looked at, and pages say what they are."""

from types import SimpleNamespace

import docutils.nodes
import docutils.utils
import pytest
from conftest import ROOT
from nuem.press import look
from nuem.press.book import SCRIPTS, STYLES
from sphinx.addnodes import toctree
from sphinx.errors import ExtensionError


@pytest.fixture
def app(tmp_path):
    (tmp_path / "assets").mkdir()
    for name in (*STYLES, *SCRIPTS):
        (tmp_path / "assets" / name).write_text(f"/* {name} */")
    config = SimpleNamespace(myst_html_meta={"description": "of the book"}, templates_path=[], html_baseurl="")
    first_page = docutils.utils.new_document("index")
    first_page += toctree(caption="Stars", entries=[(None, "chapters/stars/suns")])
    titles = {"chapters/stars/suns": docutils.nodes.title("", "The Sun")}
    env = SimpleNamespace(found_docs={"index", *titles}, titles=titles, master_doctree=first_page)
    builder = SimpleNamespace(render_partial=lambda node: {"title": node.astext()})
    return SimpleNamespace(srcdir=str(tmp_path), outdir=str(tmp_path / "out"), config=config, env=env, builder=builder)


def context(*assets):
    return {"css_files": [SimpleNamespace(filename=name) for name in assets], "script_files": ["_static/doctools.js"]}


def page(*paragraphs):
    document = docutils.utils.new_document("page")
    document += [docutils.nodes.paragraph("", text) for text in paragraphs]
    return document


def test_a_style_that_nobody_looked_at_stops_the_build(app):
    look.page_context(app, "index", "page.html", context(f"_static/mystnb.{'0' * 64}.css", "_static/basic.css"), None)
    with pytest.raises(ExtensionError, match=r"index: an extension loads tabs\.css"):
        look.page_context(app, "index", "page.html", context("_static/tabs.css"), None)


def test_a_page_is_described_by_its_first_sentences(app):
    told, long = context(), context()
    look.page_context(
        app,
        "x",
        "page.html",
        told,
        page("Short.", "What a star says about the charge of a neutrino, and why we trust it."),
    )
    assert told["description"] == "What a star says about the charge of a neutrino, and why we trust it."
    look.page_context(app, "x", "page.html", long, page("word " * 100))
    assert len(long["description"]) < 210 and long["description"].endswith("word …")
    bare = context()
    look.page_context(app, "x", "page.html", bare, None)
    assert bare["description"] == "of the book"


def test_a_page_knows_the_parts_of_the_book(app):
    told = context()
    look.page_context(app, "x", "page.html", told, None)
    assert told["parts_of_book"] == [("Stars", [("chapters/stars/suns", "The Sun")])]


def test_another_style_is_another_version(app, tmp_path):
    first, second = context(), context()
    look.page_context(app, "x", "page.html", first, None)
    (tmp_path / "assets" / "page.css").write_text("a {}")
    del app._nuem_version_of_style
    look.page_context(app, "x", "page.html", second, None)
    assert first["version_of_style"] != second["version_of_style"]


def test_the_style_is_small():
    assert len(look.style(ROOT)) < 45_000


def test_where_the_site_has_an_address_a_map_of_it_is_written(app, tmp_path):
    (tmp_path / "out").mkdir()
    app.config.html_baseurl = "https://book.example/nu/"
    look._write_map(app)
    written = (tmp_path / "out" / "sitemap.xml").read_text()
    assert "<loc>https://book.example/nu/chapters/stars/suns.html</loc>" in written
    assert "Sitemap: https://book.example/nu/sitemap.xml" in (tmp_path / "out" / "robots.txt").read_text()
