"""Entries of the listings: each fact stands in its row, and the cells carry what the page's script sorts by."""

import json

import pytest
from bs4 import BeautifulSoup
from nuem.view import cards


class Page(cards.Links):
    """Links of a page that can be told from those of a notebook."""

    def source(self, key):
        return f'<a href="bibliography#{key}">{key.title()}</a>'

    def bound(self, name):
        return f"bounds#{name}"

    def input(self, name):
        return f"inputs#{name}"

    def page(self, address):
        return f"../{address}"


def soup(rows, links=Page()):  # noqa: B008
    """The table of a view that went through an executed notebook."""
    view = json.loads(json.dumps({"kind": "listings", "rows": list(rows)}))
    return BeautifulSoup(cards.render(view, links), "html.parser")


def words_of(cell):
    return " ".join(cell.get_text(" ").split())


ENTRY = {
    "id": "S066MGM/doe-2001/2",
    "entry": "Doe 2001",
    "year": 2001,
    "doi": "10.1000/a<b",
    "method": "reactor & sun",
    "notes": ["A <note>."],
    "in_summary": True,
    "printed": "<0.72 E-11",
    "kind": "limit",
    "value": 7.2e-12,
    "lower": 0.0,
    "upper": 7.2e-12,
    "unit": "mu_B",
    "cl": 0.9,
    "sided": 1,
    "flavour": "ν_e",
    "nature": "Dirac",
    "means": None,
    "experiment": "A & B",
    "by": "others",
    "convention_of_authors": None,
    "authors_print": "7.21e-12",
    "authors_where": "abstract",
    "checked": "source",
    "standings": ["derived", "contested"],
    "reason": "Derived & checked.",
    "ours": {
        "bound": "mu-made-up/today",
        "origin": "computed",
        "lower": None,
        "upper": None,
        "value": 3.6e-12,
        "cl": 0.9,
        "construction": "90 % CL, one-sided",
        "ratio": 0.5,
    },
    "quoted_as": None,
    "superseded_by": [{"by": "S066MGM/roe-2005", "how": "the group says so"}, {"by": "age", "how": "newer"}],
    "contested_by": [{"by": "doe-2001", "because": "an assumption"}, {"by": "ROE 1999", "because": "its data"}],
    "disagreements": [
        {"kind": "facts", "listed": "7 keV", "found": "8 keV", "where": "the paper", "checked": "memory"}
    ],
}


def rows_of(*rows):
    return soup(rows).tbody.find_all("tr")


def test_an_entry_stands_in_a_row_with_its_anchor_and_leads_to_its_paper_and_to_our_bound():
    [row] = rows_of(ENTRY)
    assert row["id"] == "entry-s066mgm-doe-2001-2"
    links = {link.get_text(): link["href"] for link in row.find_all("a")}
    assert links["Doe 2001"] == "https://doi.org/10.1000/a<b"
    assert links["< 3.6 × 10⁻¹² μB"] == "bounds#mu-made-up"
    assert links["Roe 2005"] == "#entry-s066mgm-roe-2005" and links["age"] == "inputs#age"
    assert links["Doe-2001"] == "bibliography#doe-2001"


def test_a_row_says_what_is_known_of_an_entry():
    [row] = rows_of(ENTRY)
    words = {cell["data-label"]: words_of(cell) for cell in row.find_all("td")}
    assert words["entry"] == "Doe 2001 derived contested A & B; analysed by others ν e ; Dirac"
    listed = "< 7.2 × 10⁻¹² μ B 90 % CL; one-sided; in the group's summary"
    assert words["as listed"] == f"{listed} authors: 7.21 × 10⁻¹² μ B ; abstract read"
    assert "0.50 of the listed" in words["here"]
    for part in ("Derived & checked.", "an assumption", "( Roe 1999 )", "A <note>.", "7 keV", "8 keV", "from memory"):
        assert part.replace("( ", "(").replace(" )", ")") in words["why"].replace("( ", "(").replace(" )", ")")


def test_the_cells_carry_what_the_table_sorts_by():
    bare = {**ENTRY, "id": "S066CRD/roe-1989", "kind": "words", "upper": None, "lower": None, "ours": None}
    first, second = (
        {cell["data-label"]: cell["data-sort"] for cell in row.find_all("td")} for row in rows_of(ENTRY, bare)
    )
    assert (first["entry"], first["as listed"]) == ("2001 Doe 2001", "7.2e-12")
    assert float(first["here"]) == pytest.approx(0.6931, abs=1e-4)
    assert (second["as listed"], second["here"]) == ("", "")


def test_an_entry_without_a_number_and_without_a_bound_says_so():
    [row] = rows_of({**ENTRY, "kind": "words", "ours": None, "quoted_as": "age", "authors_print": None})
    words = {cell["data-label"]: words_of(cell) for cell in row.find_all("td")}
    assert words["as listed"].startswith("in words") and words["here"] == "quoted as an input"
    assert row.find_all("td")[2].a["href"] == "inputs#age"
    [row] = rows_of({**ENTRY, "authors_print": None, "convention_of_authors": "twice ours", "checked": "secondhand"})
    assert row.find_all("td")[1].get_text(" ").endswith("known from the listing; their convention: twice ours")


@pytest.mark.parametrize("standing", ["derived", "converted", "superseded", "contested", "quoted"])
def test_every_standing_has_a_badge(standing):
    [row] = rows_of({**ENTRY, "standings": [standing]})
    assert row.find(class_="nuem-badge").get_text() == standing


def test_a_page_of_the_site_brings_the_script_and_a_notebook_has_none():
    assert soup([ENTRY]).script["src"] == "../_static/listings.js"
    assert soup([ENTRY], cards.Links()).script is None
