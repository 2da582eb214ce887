"""The website: links, anchors, offline reading, and the rendered pages in a browser where there is one."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import house_rules
import pytest
from conftest import ROOT
from nuem.press.book import Book, is_synthesis

BOOK = Book(ROOT, ROOT / "_build")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def site():
    return house_rules.Site(BOOK.html)


def test_every_page_is_there(site):
    assert {f"{page}.html" for page in BOOK.pages()} <= set(site.pages)


def test_local_links_and_anchors_resolve(site):
    assert site.dead_links() == []


def test_nothing_is_loaded_from_another_host(site):
    assert site.foreign_requests() == []


def test_pictures_have_words(site):
    assert site.pictures_without_words() == []


def test_ids_are_unique(site):
    assert site.twin_ids() == []


def test_pages_are_light(site):
    """What is searched, all words of the book, comes when somebody asks."""
    assert site.heavy_pages(250 * 1024) == []
    words = gzip.compress((BOOK.html / "_static" / "search-index.js").read_bytes())
    assert len(words) < 400 * 1024


def test_nothing_holds_a_page_up(site):
    for name, page in site.pages.items():
        assert [link["href"].partition("?")[0].rpartition("/")[2] for link in page.select("link[rel=stylesheet]")] == [
            "book.css"
        ], name
        assert [script["src"] for script in page.select("script[src]") if not script.has_attr("defer")] == [], name


def test_the_ledger_holds_every_claim_and_the_lists_every_bound(site, printed_claims):
    ledger = site.pages["chapters/synthesis/errata.html"].find("ol", class_="nuem-ledger")
    assert [row["data-id"] for row in ledger.find_all("li", recursive=False)] == printed_claims
    lists = site.pages["reference/provenance.html"].select(".nuem-dependencies a")
    addresses = {link["href"].partition("../")[2] for link in lists}
    published = json.loads((BOOK.html / "data" / "bounds.json").read_text("utf-8"))["bounds"]
    assert {row["url"] for row in published} <= addresses
    assert {f"reference/inputs.html#input-{row['name']}" for bound in published for row in bound["inputs"]} <= addresses


def test_every_module_stands_on_the_page_of_the_package(site):
    page = site.pages["reference/api.html"]
    modules = {path.stem for path in (ROOT / "lib" / "nuem").glob("*.py") if not path.stem.startswith("_")}
    assert {name for name in modules if not page.find(id=f"module-nuem.{name}")} == set()


def test_code_of_other_packages_is_not_shown(site):
    listed = site.pages["_modules/index.html"].select("article li a")
    assert listed
    assert {link.text for link in listed if not link.text.startswith("nuem")} == set()


def test_numbers_lead_to_their_origin(site):
    """Every traced number has its line, and every line names its cell."""
    for chapter in BOOK.chapters():
        page = site.pages[f"{chapter}.html"]
        lines = page.find_all(class_="nuem-number", id=True)
        assert all(line.find(class_="nuem-origin") for line in lines), chapter
    assert site.pages["chapters/laboratory/muon-g-2.html"].find_all("a", class_="nuem-traced")


def test_public_urls_lead_to_their_cards(site):
    for name, key in (("bounds", "bounds"), ("ledger", "claims"), ("listings", "entries")):
        for row in json.loads((BOOK.html / "data" / f"{name}.json").read_text("utf-8"))[key]:
            if row["url"]:
                page, _, anchor = row["url"].partition("#")
                assert anchor in site.anchors[page], row["id"]


def test_private_records_stay_out_of_the_pages(site):
    for name in (f"{page}.html" for page in BOOK.pages()):
        assert "vnd.nuem" not in (BOOK.html / name).read_text("utf-8")


def test_downloads_are_the_clean_notebooks():
    for chapter in BOOK.chapters():
        source = BOOK.html / "_sources" / f"{chapter}.ipynb"
        assert house_rules.unclean_cells(json.loads(source.read_text("utf-8"))) == []


def render(page, folder):
    """A local page after its scripts ran, and the addresses on other hosts that it asked for."""
    log = folder / "net.json"
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=10000",
        f"--log-net-log={log}",
        "--dump-dom",
        page.as_uri(),
    ]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    asked = set()
    for event in json.loads(log.read_text("utf-8"))["events"]:
        details = event.get("params")
        # The browser's own services ask for themselves: without an origin.
        if isinstance(details, dict) and details.get("initiator", "not an origin") != "not an origin":
            asked.add(details.get("url", ""))
    foreign = sorted(address for address in asked if address.startswith(("http:", "https:")))
    return house_rules.BeautifulSoup(result.stdout, "html.parser"), foreign


needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no browser on this machine; the other tests check the same pages as text"
)


@needs_browser
def test_a_request_to_another_host_would_be_seen(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p>hello</p><script src="http://elsewhere.invalid/x.js"></script>')
    _, foreign = render(page, tmp_path)
    assert foreign == ["http://elsewhere.invalid/x.js"]


def test_what_a_missing_browser_leaves_untested_is_said_last(tmp_path):
    name = "test_website.py::test_a_request_to_another_host_would_be_seen"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(ROOT / "tests" / name)]
    environment = {**os.environ, "PATH": str(tmp_path)}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
    _, _, said = result.stdout.partition(" NOT TESTED ")
    assert "no browser on this machine" in said and name in said


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """Every page after its scripts ran, from local files, and what it asked of other hosts."""
    pages = BOOK.pages()
    places = [BOOK.html / f"{page}.html" for page in pages]
    folders = [tmp_path_factory.mktemp("browser") for _ in pages]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(pages, pool.map(render, places, folders), strict=True))


@needs_browser
def test_the_browser_asks_no_other_host(rendered):
    assert {page: foreign for page, (_, foreign) in rendered.items() if foreign} == {}


def test_mathematics_is_typeset(site):
    for name, page in site.pages.items():
        chapter = name.removesuffix(".html")
        assert page.find("math") or is_synthesis(chapter) or chapter not in BOOK.chapters(), name
        assert house_rules.raw_tex(page) == [], name


def test_no_row_of_a_table_stands_outside_of_it(site):
    for name, page in site.pages.items():
        assert [p.get_text() for p in page.find_all("p") if p.get_text().startswith("| ")] == [], name


@needs_browser
def test_live_formulas_start_with_pythons_number(rendered):
    for chapter in BOOK.chapters():
        page, _ = rendered[chapter]
        results = page.select(".nuem-result")
        assert results or not chapter.startswith("chapters/") or is_synthesis(chapter), f"{chapter} has no live formula"
        for result in results:
            assert float(result["data-value"]) == pytest.approx(float(result["data-python"]), rel=1e-12)


def test_an_input_with_a_computed_name_stands_behind_its_number(site):
    line = site.pages["chapters/theory/charge-radius.html"].find(id="number-texono-factor-upper")
    assert "input-charge_radius_texono_upper" in {link["href"].partition("#")[2] for link in line.find_all("a")}
