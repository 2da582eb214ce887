"""The style of the bibliography: pybtex's plain one, which formats an entry only after a change of it.

To format all entries takes a fifth of what a page costs after a changed sentence, and Sphinx's extension asks for each
of them twice in every build: for the list, and for what a citation shows under the pointer.
"""

from __future__ import annotations

from typing import Any

import pybtex.plugin
from pybtex.backends.plaintext import Backend
from pybtex.database import Entry
from pybtex.style import FormattedEntry
from pybtex.style.formatting.plain import Style
from sphinx.application import Sphinx

NAME = "remembering"

_formatted: dict[str, FormattedEntry] = {}  # by label and entry, of the last build and of this one
_asked: dict[str, FormattedEntry] = {}  # those of this build


class RememberingStyle(Style):
    """`Style` of pybtex's module `plain`, with a memory."""

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        """The formatted entry; new only if its label, a field or a person is another than ever before."""
        asked = f"{label} {entry.key} {entry!r}"
        if asked not in _formatted:
            _formatted[asked] = super().format_entry(label, entry, bib_data)
        _asked[asked] = _formatted[asked]
        return _asked[asked]


def recall(app: Sphinx) -> None:
    """Take over what the last build kept beside its doctrees."""
    _formatted.clear()
    _asked.clear()
    _formatted.update(getattr(app.env, "nuem_formatted", {}))


def keep(app: Sphinx, env: Any) -> list[str]:
    """Keep what this build asked for, and no more."""
    env.nuem_formatted = dict(_asked)
    return []


def setup(app: Sphinx) -> None:
    """Offer the style, and connect its memory; Sphinx's extension formats before priority 600."""
    pybtex.plugin.register_plugin("pybtex.style.formatting", NAME, RememberingStyle)
    # For each citation the extension asks for it by name, and all installed packages would be searched.
    pybtex.plugin.register_plugin("pybtex.backends", "plaintext", Backend, force=True)
    app.connect("builder-inited", recall)
    app.connect("env-updated", keep, priority=600)
