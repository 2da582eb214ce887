"""The content policy of every page: nothing from another host, and of scripts in the page only those it came with."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx

_CHARSET = '<meta charset="utf-8">'
_META = re.compile(re.escape(_CHARSET) + r'(\n<meta http-equiv="Content-Security-Policy"[^>]*>)?')
_INLINE = re.compile(r"<script>(.*?)</script>", re.S)


def policy(page: str) -> str:
    """The policy that fits a page's own scripts.

    Formulas and figures carry their styles as attributes, so styles in the page are allowed.

    >>> policy("<p>text</p>")
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'"
    """
    digests = {hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page)}
    own = sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *own]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'self'",
    }
    return "; ".join(f"{rule} {sources}" for rule, sources in rules.items())


def add_policy(app: Sphinx, problem: Exception | None) -> None:
    """Write the policy into every finished page."""
    if problem or app.builder.format != "html":
        return
    for place in Path(app.outdir).rglob("*.html"):
        before = place.read_text("utf-8")
        meta = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy(before)}">'
        after = _META.sub(lambda _, meta=meta: meta, before, count=1)
        if after != before:
            place.write_text(after, "utf-8")
