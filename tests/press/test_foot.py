"""The foot of a page: an entry that BibTeX reads, the revision of the book, no address that isn't set."""

import re
import subprocess
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from nuem.press import foot
from nuem.review.bounds import Limit
from pybtex.database import parse_string

CITATION = """
title: "Snarks: a review"
version: "0.7"
authors: [{name: the hunters}, {name: the bellman}]
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / foot.CITATION).write_text(CITATION)
    return tmp_path


def entry(html):
    """What BibTeX makes of the text of an element."""
    text = BeautifulSoup(html, "html.parser").pre.get_text()
    [(key, found)] = parse_string(text, "bibtex").entries.items()
    return key, found


def test_the_book_is_cited_with_its_authors_as_they_write_themselves(root):
    key, found = entry(foot.folded("BibTeX", foot.bibtex(root, "nuem")))
    assert (key, found.type, found.fields["title"]) == ("nuem", "misc", "Snarks: a review")
    assert [" ".join(person.last_names) for person in found.persons["author"]] == ["{the hunters}", "{the bellman}"]
    assert found.fields["version"].startswith("0.7")


def test_a_bound_is_cited_by_its_title_name_and_place(root):
    bound = Limit(id="snark-size/today", title="Size of the snark", parameter="s", unit="1", vintage="today", value=1.0)
    key, found = entry(foot.cite_bound(root, bound))
    assert key == "nuem-snark-size" and found.fields["title"] == "Size of the snark"
    assert found.fields["howpublished"] == "Snarks: a review" and "#bound-snark-size" in found.fields["note"]


def app(root, repository=""):
    (root / "_config.yml").write_text(f"repository: {{url: '{repository}'}}\n" if repository else "title: T\n")
    config = SimpleNamespace(root_doc="index")
    files = {"index": "index.md", "chapters/snarks": "chapters/snarks.ipynb"}
    environment = SimpleNamespace(found_docs=set(files), doc2path=lambda name, base: files[name])
    return SimpleNamespace(srcdir=str(root), outdir=str(root / "html"), config=config, env=environment)


def test_a_chapter_has_an_entry_of_its_own_and_the_index_that_of_the_book(root):
    page = foot.html(app(root), "chapters/snarks", "Snarks, & how to find them")
    _, own = (entry(str(fold)) for fold in BeautifulSoup(page, "html.parser").find_all("details"))
    assert own[0] == "nuem-snarks" and own[1].fields["title"] == "Snarks, & how to find them"
    assert own[1].fields["booktitle"] == "Snarks: a review"
    assert foot.html(app(root), "index", "Snarks").count("<details") == 1
    assert foot.html(app(root), "search", "Search").count("<details") == 1


def links(page):
    return {link.get_text(): link["href"] for link in BeautifulSoup(page, "html.parser").find_all("a")}


def test_one_address_in_the_settings_turns_on_what_points_to_it(root):
    assert links(foot.html(app(root), "chapters/snarks", "Snarks")) == {}
    home = app(root, repository="https://example.org/x")
    assert links(foot.html(home, "chapters/snarks", "Snarks")) == {
        "Open an issue": "https://example.org/x/issues/new?template=number.yml&place=chapters/snarks",
        "Edit this page.": "https://example.org/x/edit/main/chapters/snarks.ipynb",
    }
    assert list(links(foot.html(home, "search", "Search"))) == ["Open an issue"], "there is no source to edit"


def git(root, *words):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


def test_the_revision_is_that_of_the_book_and_says_if_files_have_changed(root, monkeypatch):
    assert foot.revision(root) == ("", "")
    git(root, "init")
    assert foot.revision(root) == ("", ""), "no commit yet"
    git(root, "add", ".")
    git(root, "commit", "-m", "snarks", "--date=2001-02-03T04:05:06")
    words, year = foot.revision(root)
    assert re.fullmatch(r"revision [0-9a-f]{7,} of \d{4}-\d\d-\d\d", words) and words.partition(" of ")[2][:4] == year
    with monkeypatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(24 * 3600))
        assert foot.revision(root) == (words.partition(" of ")[0] + " of 1970-01-02", "1970")
    (root / foot.CITATION).write_text(CITATION + "\n")
    assert foot.revision(root)[0] == words + " with changes"
    inside = root / "copy"
    inside.mkdir()
    assert foot.revision(inside) == ("", ""), "a copy within another repository has no revision of its own"


def test_every_page_gets_the_revision_also_one_that_was_not_made_anew(root, monkeypatch):
    pages = [root / "html" / "a.html", root / "html" / "b" / "c.html"]
    before = ['<p><span class="nuem-revision"></span></p>', '<i><span class="nuem-year">1999</span></i>']
    for page, text in zip(pages, before, strict=True):
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)
    monkeypatch.setattr(foot, "revision", lambda _: ("revision abc", "2026"))
    site = app(root)
    site.builder = SimpleNamespace(format="html")
    foot.stamp(site, ValueError())
    assert [page.read_text() for page in pages] == before
    foot.stamp(site, None)
    assert [page.read_text() for page in pages] == [
        '<p><span class="nuem-revision">revision abc</span></p>',
        '<i><span class="nuem-year">2026</span></i>',
    ]
