"""The results as other projects read them."""

import json

import pytest
from nuem import NuemError, bounds, ledger
from nuem.press.book import Book
from nuem.review import reader


def test_the_built_site_is_read_without_a_path(book, printed_claims):
    found = bounds()
    assert {bound.id for bound in found} == {bound.id for bound in book.records().bounds}
    assert all((book.html / bound.url.partition("#")[0]).is_file() for bound in found)
    assert [row["id"] for row in ledger()] == printed_claims


def test_a_given_file_is_read(book, tmp_path):
    path = tmp_path / "mine.json"
    document = json.loads((book.html / "data" / "bounds.json").read_text("utf-8"))
    path.write_text(json.dumps({**document, "bounds": document["bounds"][:2]}))
    assert [bound.id for bound in bounds(path)] == [row["id"] for row in document["bounds"][:2]]


def test_a_limit_that_was_read_can_be_compared(book):
    limit = next(bound for bound in bounds() if bound.kind == "limit")
    assert limit.times_stronger(limit) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not valid JSON"),
        ("[]", "version of its schema"),
        ('{"schema": "9.9", "bounds": []}', "Allowed are: 1.2 as the version"),
        ('{"schema": "1.2", "bounds": [{"id": "a/today"}]}', "record a/today"),
        ('{"schema": "1.0", "bounds": [{"id": "a/today"}]}', "record a/today"),
    ],
)
def test_a_file_that_is_no_list_of_bounds_is_refused(tmp_path, content, message):
    path = tmp_path / "bounds.json"
    path.write_text(content)
    with pytest.raises(NuemError, match=message):
        bounds(path)


def test_without_a_site_the_remedy_is_named(tmp_path, monkeypatch):
    (tmp_path / "book.json").write_text(json.dumps({"root": str(tmp_path), "build": str(tmp_path), "overrides": {}}))
    monkeypatch.setenv("NUEM_BOOK", str(tmp_path / "book.json"))
    with pytest.raises(NuemError, match="run `make book` first, or give the path"):
        bounds()
    with pytest.raises(NuemError, match="run `make book` first"):
        reader.other_chapters()


def test_results_of_a_build_by_an_older_package_are_built_again(tmp_path, monkeypatch):
    left = {"root": str(tmp_path), "compared": {"sources": {}, "bounds": [{"id": "a/today"}], "claims": []}}
    (tmp_path / "book.json").write_text(json.dumps(left))
    monkeypatch.setenv("NUEM_BOOK", str(tmp_path / "book.json"))
    with pytest.raises(NuemError, match="in another form; run `make book` again"):
        reader.other_chapters()


def test_synthesis_chapters_see_the_others(book, printed_claims):
    found, claims = reader.other_chapters()
    assert not any(bound.chapter.startswith("chapters/synthesis/") for bound in found)
    assert found and [row["id"] for row in claims] == printed_claims
    assert isinstance(book, Book)
