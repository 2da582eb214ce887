"""The files beside the site: complete, consistent, checked by their sums, and the same however often they are made."""

import csv
import hashlib
import io
import json
import zipfile

import nuem
import numpy as np
import pytest
from conftest import ROOT
from nuem import NuemError
from nuem.press import downloads


@pytest.fixture(scope="module")
def records(book):
    return book.records()


@pytest.fixture
def folder(records, tmp_path):
    downloads.export(records, ROOT, tmp_path)
    return tmp_path


def test_every_bound_has_its_files_and_they_agree_with_the_whole_list(folder):
    everything = nuem.bounds(folder / "bounds.json")
    for name in {bound.name for bound in everything}:
        of_name = [bound for bound in everything if bound.name == name]
        assert nuem.bounds(folder / "bounds" / f"{name}.json") == of_name
        rows = list(csv.DictReader(io.StringIO((folder / "bounds" / f"{name}.csv").read_text("utf-8"))))
        assert [row["id"] for row in rows] == [bound.id for bound in of_name]
        for region in (bound for bound in of_name if bound.kind == "region"):
            points = np.loadtxt(folder / "bounds" / f"{name}-{region.vintage}.txt", ndmin=2)
            assert points == pytest.approx(region.outline(), rel=1e-6)


def test_every_source_of_a_bound_is_in_its_bibtex(folder):
    from nuem.review.selection import sources_of
    from pybtex.database import parse_file, parse_string

    entries = parse_file(str(ROOT / "references.bib")).entries
    for bound in nuem.bounds(folder / "bounds.json"):
        cited = parse_string((folder / "bounds" / f"{bound.name}.bib").read_text("utf-8"), "bibtex").entries
        assert {key for key in sources_of(bound) if key in entries} | {"nuem"} <= set(cited)
        assert all(cited[key] == entries[key] for key in cited if key != "nuem")


def test_the_sums_and_the_archive_hold_every_file(folder):
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {*sums, "SHA256SUMS", downloads.ARCHIVE}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
    with zipfile.ZipFile(folder / downloads.ARCHIVE) as archive:
        names = {name.removeprefix("nuem-results/") for name in archive.namelist()}
        assert names == {*sums, "SHA256SUMS"}
        assert archive.read("nuem-results/bounds.json") == (folder / "bounds.json").read_bytes()


def test_files_of_a_bound_that_is_gone_go_and_the_others_stay_as_they_are(records, folder):
    old = folder / "bounds" / "gone.csv"
    old.write_text("id\n")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}
    downloads.export(records, ROOT, folder)
    assert not old.exists()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")} == before


def test_the_archive_is_the_same_to_the_byte(records, folder, tmp_path_factory):
    again = tmp_path_factory.mktemp("again")
    downloads.export(records, ROOT, again)
    assert (again / downloads.ARCHIVE).read_bytes() == (folder / downloads.ARCHIVE).read_bytes()


def test_an_entry_that_does_not_end_in_a_line_of_its_own_is_named(tmp_path):
    (tmp_path / "references.bib").write_text("@misc{doe-2001,\n  title = {A} }\n\n@misc{roe-2002,\n  title = {B}\n}\n")
    (tmp_path / "CITATION.cff").write_text((ROOT / "CITATION.cff").read_text())
    with pytest.raises(NuemError, match="doe-2001 has no closing brace"):
        downloads.citations(tmp_path)


def test_pages_offer_the_files_of_their_bounds(book):
    page = (book.html / "chapters/laboratory/muon-g-2.html").read_text("utf-8")
    assert 'href="../../data/bounds/eps-muon-moment.csv"' in page
    listed = json.loads((book.html / "data/bounds/eps-muon-moment.json").read_text("utf-8"))["bounds"]
    assert {row["id"].rpartition("/")[0] for row in listed} == {"eps-muon-moment"}
