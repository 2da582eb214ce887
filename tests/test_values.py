"""What the inputs and the bibliography say, compared with the listing of the Particle Data Group they come from."""

import re
import sqlite3
from pathlib import Path

import pdg
import pytest
from conftest import ROOT
from nuem.physics import statistics
from nuem.review.inputs import Inputs

LISTING = Path(pdg.__file__).parent / "pdg.sqlite"
JOURNALS = {  # the listing's abbreviations
    "PRL": "Phys. Rev. Lett.",
    "PR": "Phys. Rev.",
    "PL": "Phys. Lett.",
    "EPJ": "Eur. Phys. J.",
    "JHEP": "JHEP",
    "JCAP": "JCAP",
    "NAT": "Nature",
    "SCI": "Science",
}


@pytest.fixture(scope="module")
def listing():
    connection = sqlite3.connect(f"file:{LISTING}?mode=ro", uri=True)
    yield connection
    connection.close()


def summaries(listing, identifier):
    """(value, error up, error down, confidence level in percent) of each summary value of a property."""
    query = """select value, error_positive, error_negative, confidence_level
               from pdgdata where pdgid = ? and in_summary_table"""
    return listing.execute(query, (identifier,)).fetchall()


def listed(value):
    """The property of the listing that an input is read from, or None."""
    found = re.search(r"\b([SMQB]\d{3}[A-Z0-9]+)\b", value.where) if value.source == "pdg-2026" else None
    return found[1] if found else None


def is_range_of_ninety_percent(value, rows):
    """Whether the error is that of a row with a level, and not that of one without."""

    def matches(row):
        return abs(value.error / max(row[1], row[2]) - 1) < 0.05

    with_errors = [row for row in rows if row[1] and row[2]]
    return any(row[3] and matches(row) for row in with_errors) and not any(
        not row[3] and matches(row) for row in with_errors
    )


def test_no_error_with_a_confidence_level_counts_as_a_standard_deviation(listing):
    seen = set()
    inputs = Inputs()
    for name in inputs:
        for value in inputs.entry(name).values.values():
            identifier = listed(value)
            if identifier and value.error:
                rows = summaries(listing, identifier)
                seen |= {identifier for row in rows if row[3] == 90}
                assert not is_range_of_ninety_percent(value, rows), f"{name}: {identifier} has 90 % CL"
    assert {"Q004M", "Q005M"} <= seen, "the quark masses, which the listing gives at 90 % CL, are still read from it"


def test_the_charm_quarks_headline_error_would_be_noticed(listing):
    charm = Inputs().today.value("charm_quark_mass")
    rows = summaries(listing, "Q004M")
    headline = next(max(row[1], row[2]) for row in rows if row[3])
    wrong = Inputs({"charm_quark_mass": f"{charm.nominal!r}+/-{headline!r}"}).today.value("charm_quark_mass")
    assert is_range_of_ninety_percent(wrong, rows)
    # a range of nine tenths is as many standard deviations wide as a normal distribution says
    assert headline / charm.error == pytest.approx(statistics.standard_deviations(0.9), rel=0.05)


def bibliography():
    entries = {}
    for entry in re.findall(r"^@\w+\{.*?^\}", (ROOT / "references.bib").read_text("utf-8"), re.M | re.S):
        key = re.match(r"@\w+\{([^,]+),", entry)[1]
        entries[key] = dict(re.findall(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", entry, re.M))
        entries[key]["kind"] = re.match(r"@(\w+)", entry)[1]
    return entries


def articles(listing):
    """DOI, and title in small letters, → journal, volume, page and year of the listing."""
    found = {}
    query = "select publication_name, publication_year, doi, title from pdgreference"
    for name, year, doi, title in listing.execute(query):
        parts = re.fullmatch(r"([A-Z]+) ([A-Z]?)(\d+) ([A-Z]?\d+)", name or "")
        if parts and parts[1] in JOURNALS:
            journal, letter, volume, page = parts.groups()
            article = (f"{JOURNALS[journal]} {letter}".strip(), volume, page, str(year))
            found[(doi or "").lower()] = found[plain(title)] = article
    return found


def short(journal):
    """The name of a journal without the parts that some entries write out."""
    for long, abbreviated in (("J. High Energy Phys.", "JHEP"), ("J. Cosmol. Astropart. Phys.", "JCAP")):
        journal = journal.replace(long, abbreviated)
    return journal


def plain(title):
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\\\w+", "", title or "").lower())


def volume_and_page(journal, entry):
    volume = entry["volume"].lstrip("0")
    if journal in ("JHEP", "JCAP"):  # the listing writes year and month in one
        volume = f"{entry['year'][2:]}{entry['volume'].zfill(2)}"
    return volume, re.split("--", entry["pages"])[0].lstrip("0")


def test_journals_agree_with_the_listing(listing):
    known, compared = articles(listing), 0
    for key, entry in bibliography().items():
        article = known.get(entry.get("doi", "-").lower())
        if not article:
            continue
        journal, volume, page, year = article
        assert short(entry.get("journal", "")) == journal, f"{key}: {entry.get('journal')}, listed as {journal}"
        assert volume_and_page(journal, entry) == (volume, page.lstrip("0")), f"{key}: listed as {volume}, {page}"
        assert entry["year"] == year, f"{key}: listed as of {year}"
        compared += 1
    assert compared > 60, "the comparison has lost most of its entries"


def test_what_the_listing_knows_as_an_article_is_no_preprint_here(listing):
    known = articles(listing)
    for key, entry in bibliography().items():
        article = known.get(plain(entry["title"]))
        if article and entry["kind"] in ("misc", "article"):
            assert entry["kind"] == "article" and entry.get("doi"), f"{key} is published: {article}"


def test_photon_mass_limits_stand_at_one_level_or_at_none(book):
    limits = [bound for bound in book.records().bounds if bound.id.startswith("photon-mass-")]
    today = {bound.id: bound.cl for bound in limits if bound.vintage == "today"}
    names = ("solar-wind", "dispersion", "jupiter")
    assert {f"photon-mass-{name}/today" for name in names} <= set(today)
    assert len({cl for cl in today.values() if cl is not None}) == 1
    assert all(cl is None or cl > 0.9 for cl in today.values())
