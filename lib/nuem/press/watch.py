"""`make watch`: builds whenever a source is saved, and reloads the pages that are open in a browser."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from nuem.errors import NuemError, what_happened
from nuem.press import kernels
from nuem.press.book import STAMP, Book
from nuem.press.execution import environment

PORTS = range(8000, 8010)
LOOK = 0.1  # seconds between two looks at the files
_SCRIPT = "/_watch.js"
_CHANGES = "/_changes"
_RELOAD = f"""
(async () => {{
  for (let seen = "";;) {{
    try {{
      const now = await (await fetch("{_CHANGES}?" + seen)).text();
      if (seen && now !== seen) location.reload();
      seen = now;
    }} catch {{
      await new Promise((done) => setTimeout(done, 500));
    }}
  }}
}})();
"""


def watch(book: Book, build: Callable[[], None]) -> None:
    """Build now and after every change of a source, until Ctrl-C. The package's own code starts anew after a change."""
    kernels.context(environment(book), kernels.WARM)
    server = serve(book)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"the book is at http://localhost:{server.server_port}/; end with Ctrl-C", flush=True)
    while True:
        seen = saved(book.root)
        try:
            build()
        except NuemError as error:
            print(f"error: {error}", file=sys.stderr)
        except OSError as error:
            print(f"error: {what_happened(error)}", file=sys.stderr)
        while (now := saved(book.root)) == seen:
            time.sleep(LOOK)
        if any(path.suffix == ".py" for path in _different(seen, now)):
            os.execv(sys.executable, [sys.executable, "-m", "nuem", *sys.argv[1:]])


def saved(root: Path) -> dict[Path, tuple[int, int]]:
    """Time and size of every file that the book may be made of."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name[0] not in "._" and name != "tests"]
        for path in (Path(folder, name) for name in files if name[0] != "."):
            try:
                status = path.stat()
            except FileNotFoundError:  # an editor's own, gone by now
                continue
            found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _different(old: dict[Path, tuple[int, int]], new: dict[Path, tuple[int, int]]) -> set[Path]:
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def serve(book: Book) -> ThreadingHTTPServer:
    """A server of the site, for this machine alone.

    Raises:
        NuemError: all of the ports are in use.
    """
    for port in PORTS:
        try:
            return ThreadingHTTPServer(("localhost", port), partial(_Pages, directory=str(book.html)))
        except OSError:
            continue
    raise NuemError(f"the ports {PORTS.start} to {PORTS.stop - 1} are in use; end another `make watch`")


class _Pages(SimpleHTTPRequestHandler):
    """Files of the site; each page loads a script that asks for changes."""

    def do_GET(self) -> None:
        address, _, seen = self.path.partition("?")
        place = Path(self.translate_path(address))
        place = place / "index.html" if place.is_dir() else place
        if address == _SCRIPT:
            self._answer(_RELOAD, "text/javascript")
        elif address == _CHANGES:
            self._answer(self._next_version(seen), "text/plain")
        elif place.suffix == ".html" and place.is_file():
            self._answer(place.read_text("utf-8") + f'<script src="{_SCRIPT}"></script>', "text/html")
        else:
            super().do_GET()

    def _next_version(self, seen: str) -> str:
        """The version of the site, as soon as it is another; after a while also the same."""
        for _ in range(int(20 / LOOK)):
            try:
                version = str(Path(self.directory, STAMP).stat().st_mtime_ns)
            except FileNotFoundError:  # the first build is at work
                version = seen
            if version != seen:
                return version
            time.sleep(LOOK)
        return seen

    def _answer(self, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing of each request."""
