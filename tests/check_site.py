"""Lighthouse and axe on every page of the built site: `make check-site`, or this file with the names of some pages.

It needs Node.js with npm, and Chromium. The site is served compressed from this machine. Speed is noisy: a page's
figures are the medians of RUNS (three), and only an otherwise idle machine gives good ones.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from browser import PROGRAM, Browser

ROOT = Path(__file__).parents[1]
TOOLS = ("lighthouse@12.8.2", "axe-core@4.11.0")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = int(os.environ.get("RUNS", "3"))
# what is promised of every page; the other categories are to be without a failed audit
PERFORMANCE = 95
BLOCKING, SHIFT, WEIGHT = 150, 0.02, 250  # at most: ms, of the window, KiB
UNLISTED = ("404", "search")  # which are meant to be in no index
TARGETS = "target-size"  # a rule that axe follows only when it is asked


@dataclass
class Found:
    """What was measured of a page."""

    scores: dict[str, float] = field(default_factory=dict)
    blocking: float = 0
    shift: float = 0
    weight: float = 0
    complaints: list[str] = field(default_factory=list)

    def misses(self) -> list[str]:
        """Promises that the page doesn't keep."""
        missed = ["performance"] if self.scores["performance"] < PERFORMANCE else []
        limits = {
            "blocking": (self.blocking, BLOCKING),
            "shift": (self.shift, SHIFT),
            "weight": (self.weight, WEIGHT),
        }
        return [*missed, *(name for name, (value, limit) in limits.items() if value > limit), *self.complaints]


class _Compressed(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in (".html", ".css", ".js", ".json", ".svg"):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    handler = functools.partial(_Compressed, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def tools(folder: Path) -> Path:
    """Where npm puts Lighthouse and axe; it fetches them once."""
    wanted = folder / "tools.txt"
    if not wanted.is_file() or wanted.read_text() != " ".join(TOOLS):
        print("fetching", *TOOLS, flush=True)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, *TOOLS], check=True)
        wanted.write_text(" ".join(TOOLS))
    return folder / "node_modules"


def lighthouse(modules: Path, address: str) -> dict[str, Any]:
    """The report of one run, as on a phone."""
    command = [
        "node", modules / "lighthouse" / "cli" / "index.js", address, "--quiet", "--output=json",
        f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless --no-sandbox --disable-gpu",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": str(PROGRAM)}
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def failed(report: dict[str, Any], page: str) -> list[str]:
    """Names of the audits that a page failed, but for performance, which has limits of its own."""
    asked = [audit for name in CATEGORIES[1:] for audit in report["categories"][name]["auditRefs"] if audit["weight"]]
    names = [audit["id"] for audit in asked if report["audits"][audit["id"]]["score"] == 0]
    return [name for name in names if not (name == "is-crawlable" and page in UNLISTED)]


def measure(modules: Path, site: Path, base: str, page: str) -> Found:
    """One page, with Lighthouse and with axe: light and dark, as on a phone and on a desk."""
    reports = [lighthouse(modules, f"{base}/{page}.html") for _ in range(RUNS)]

    def median(audit: str) -> float:
        return statistics.median(report["audits"][audit]["numericValue"] for report in reports)

    found = Found(
        {
            name: 100 * statistics.median(report["categories"][name]["score"] for report in reports)
            for name in CATEGORIES
        },
        median("total-blocking-time"),
        median("cumulative-layout-shift"),
        median("total-byte-weight") / 1024,
    )
    found.complaints += [name for report in reports for name in failed(report, page)]
    axe = (modules / "axe-core" / "axe.min.js").read_text("utf-8")
    with Browser() as browser:
        for width in (375, 1440):
            with browser.page(site / f"{page}.html", width=width) as shown:
                found.complaints += shown.complaints() + shown.accessibility(axe) + shown.accessibility(axe, TARGETS)
                shown.evaluate("document.documentElement.dataset.theme = 'dark'")  # which changes colours alone
                found.complaints += shown.accessibility(axe, "color-contrast")
    return found


def main(pages: Sequence[str]) -> int:
    """Print the table; the exit code says whether every page keeps every promise."""
    site = ROOT / "_build" / "html"
    missing = [name for name, there in (("npm", shutil.which("npm")), ("Chromium", PROGRAM)) if not there]
    if missing:
        print(f"error: checking the site needs {' and '.join(missing)}; install it, or read what `make test` checks")
        return 1
    if not (site / "index.html").is_file():
        print("error: there is no site yet; run `make book` first")
        return 1
    modules = tools(ROOT / "_build" / "node")
    names = pages or sorted(
        path.relative_to(site).as_posix().removesuffix(".html")
        for path in site.rglob("*.html")
        if path.relative_to(site).parts[0] not in ("_modules", "_static")
    )
    print(f"{'page':45} perf a11y  bp  seo  block ms  shift   KiB  broken promises")
    kept = True
    with served(site) as base:
        for page in names:
            found = measure(modules, site, base, page)
            scores = " ".join(f"{found.scores[name]:4.0f}" for name in CATEGORIES)
            misses = ", ".join(dict.fromkeys(found.misses())) or "none"
            kept &= misses == "none"
            figures = f"{found.blocking:9.0f} {found.shift:6.3f} {found.weight:5.0f}"
            print(f"{page:45} {scores} {figures}  {misses}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
