"""The book's bibliography, as far as a page names its entries: author and year, and where the work can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple


class Source(NamedTuple):
    """Author and year of an entry, and its address elsewhere, if it has one."""

    label: str
    address: str


def sources(path: Path) -> dict[str, Source]:
    """Every entry of a bibliography by its key."""
    from pybtex.database import parse_file

    return {key: Source(_label(entry), _address(entry.fields)) for key, entry in parse_file(str(path)).entries.items()}


def _label(entry: Any) -> str:
    """Author and year; a work that is always renewed has no year."""
    return f"{_authors(entry)} {entry.fields.get('year', '')}".strip()


def _authors(entry: Any) -> str:
    if "collaboration" in entry.fields:
        return _plain(entry.fields["collaboration"])
    names = [_plain(" ".join([*person.prelast_names, *person.last_names])) for person in entry.persons["author"]]
    return f"{names[0]} et al." if "others" in names or len(names) > 2 else " & ".join(names)


def _address(fields: Any) -> str:
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}"
    return f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else fields.get("url", "")


def _plain(latex: str) -> str:
    r"""A name in the bibliography as plain text.

    >>> _plain(r"{Faucher-Gigu\`ere}")
    'Faucher-Giguère'
    """
    from pybtex.richtext import Text

    return str(Text.from_latex(latex))
