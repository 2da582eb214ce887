"""What bounds and verdicts share: the place that made them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A record with the place that made it.

    Attributes:
        chapter, cell: of the notebook; empty until the record is read back from the executed one.
    """

    chapter: str = ""
    cell: str = ""

    @property
    def anchor(self) -> str:
        """The anchor of the record's card on its page."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Address of the card, relative to the site's root."""
        return f"{self.chapter}.html#{self.anchor}"

    @property
    def place(self) -> str:
        """The place in words, for messages."""
        return f"chapters/{self.chapter.removeprefix('chapters/')} (cell {self.cell})"


Record = TypeVar("Record", bound=Placed)


def plain(record: Placed, names: Iterable[str]) -> dict[str, Any]:
    """Fields of a record by name, as plain JSON types."""
    values = {name: getattr(record, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def at(record: Record, chapter: str, cell: str) -> Record:
    """The record, with its place."""
    return dataclasses.replace(record, chapter=chapter, cell=cell)
