"""The bibliography's style formats as pybtex's plain one does, and each entry once."""

from types import SimpleNamespace

import pytest
from conftest import ROOT
from nuem.press import bibliography_style
from pybtex.database import parse_file
from pybtex.style.formatting.plain import Style


@pytest.fixture
def entries():
    return list(parse_file(str(ROOT / "references.bib")).entries.values())[:20]


@pytest.fixture
def formatted_anew(monkeypatch):
    """Keys of the entries that pybtex formats from now on."""
    app = SimpleNamespace(env=SimpleNamespace())
    bibliography_style.recall(app)
    keys, format_entry = [], Style.format_entry

    def noting(self, label, entry, bib_data=None):
        keys.append(entry.key)
        return format_entry(self, label, entry, bib_data)

    monkeypatch.setattr(Style, "format_entry", noting)
    yield keys
    bibliography_style.recall(SimpleNamespace(env=SimpleNamespace()))


def texts(entries, style):
    return [(found.key, found.label, str(found.text)) for found in style().format_entries(entries)]


def test_entries_look_as_pybtex_makes_them(entries):
    assert texts(entries, bibliography_style.RememberingStyle) == texts(entries, Style)


def test_an_entry_is_formatted_once_over_builds_until_it_changes(entries, formatted_anew):
    app = SimpleNamespace(env=SimpleNamespace())
    list(bibliography_style.RememberingStyle().format_entries(entries))
    list(bibliography_style.RememberingStyle().format_entries(entries))
    assert sorted(formatted_anew) == sorted(entry.key for entry in entries)
    bibliography_style.keep(app, app.env)

    formatted_anew.clear()
    bibliography_style.recall(app)  # the next build
    entries[0].fields["title"] = "Another title"
    found = list(bibliography_style.RememberingStyle().format_entries(entries))
    assert formatted_anew == [entries[0].key]
    assert any("Another title" in str(entry.text) for entry in found)


def test_what_no_build_asks_for_is_forgotten(entries, formatted_anew):
    app = SimpleNamespace(env=SimpleNamespace())
    for kept in (entries, entries[:5]):
        bibliography_style.recall(app)
        list(bibliography_style.RememberingStyle().format_entries(kept))
        bibliography_style.keep(app, app.env)
    assert len(app.env.nuem_formatted) == 5
