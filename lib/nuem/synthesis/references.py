"""The reference lists of the papers, as printed and compared entry by entry; see `data/reference-lists.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import yamlfile

FILE = Path(__file__).parents[1] / "data" / "reference-lists.yml"
STATUSES = ("agrees", "differs", "unchecked")


@dataclass(frozen=True)
class References:
    """The compared list of one paper.

    Attributes:
        entries: of the printed list.
        citations: slips of citations and cross-references in the text.
    """

    entries: tuple[Mapping[str, Any], ...]
    citations: tuple[Mapping[str, Any], ...]

    def count(self, status: str) -> int:
        """How many entries have a status."""
        return sum(entry["status"] == status for entry in self.entries)

    def from_memory(self) -> int:
        """How many entries agree with nothing stronger than memory."""
        return sum(entry["by"] == "memory" and entry["status"] == "agrees" for entry in self.entries)

    def slips_in_list(self) -> list[str]:
        """What is wrong in the list, entry by entry, in words."""
        return [
            f"[{entry['number']}] {', '.join(_changes(entry))}"
            for entry in self.entries
            if entry["status"] == "differs"
        ]

    def slips_in_text(self) -> list[str]:
        """What is wrong in citations, without what another claim settles and what we aren't sure of."""
        return [
            f"{slip['where']}: {slip['printed']} → {slip['found']}"
            for slip in self.citations
            if "settled" not in slip and slip.get("confidence") != "low"
        ]

    def settled_by(self, claim: str) -> list[Mapping[str, Any]]:
        """The slips in the text that a claim of their own settles."""
        return [slip for slip in self.citations if slip.get("settled") == claim and slip["printed"] != slip["found"]]


def _changes(entry: Mapping[str, Any]) -> Iterable[str]:
    for field in entry["differs"]:
        yield f"{entry['printed'].get(field, 'nothing')} → {entry['found'].get(field, 'nothing')}"


def read(path: Path = FILE) -> dict[str, References]:
    """The lists by paper.

    Raises:
        NuemError: an entry has no such status, or doesn't say what differs.
    """
    lists = {}
    for paper, content in yamlfile.read(path, path.name)["papers"].items():
        for entry in content["references"]:
            _check(entry, f"{path.name}, {paper} [{entry.get('number')}]")
        lists[paper] = References(tuple(content["references"]), tuple(content["citations"]))
    return lists


def _check(entry: Mapping[str, Any], place: str) -> None:
    status = entry.get("status")
    if status not in STATUSES:
        raise NuemError(f"{place}: unknown status; {allowed(STATUSES, str(status))}")
    if status == "differs" and not (entry.get("differs") and entry.get("found")):
        raise NuemError(f"{place}: it differs; say with found what is right, and with differs in which fields")
    if "by" not in entry or "printed" not in entry:
        raise NuemError(f"{place}: say with printed what is printed, and with by what it was compared with")
