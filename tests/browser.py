"""A browser for the tests: Chromium, driven over its own pipe, without a driver or a package in between.

    with Browser() as browser:
        with browser.page(path, width=375, dark=True) as page:
            page.evaluate("document.title")

Its methods are those of the Chrome DevTools Protocol that the tests need.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nuem.press.paper import BROWSERS

PROGRAM = next(filter(None, map(shutil.which, BROWSERS)), None)
_KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    " ": 32,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}
_LAID_OUT = "<style>* {content-visibility: visible !important}</style>"
_WAIT = 300  # seconds for one answer; axe takes up to two minutes for the longest page on two cores


class Browser:
    """A headless Chromium that keeps nothing."""

    def __enter__(self) -> Browser:
        assert PROGRAM is not None
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # the program reads descriptor 3 and writes descriptor 4
        shell = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
        command = [
            "bash",
            "-c",
            shell,
            PROGRAM,
            *options,
            "--remote-debugging-pipe",
            f"--user-data-dir={self._profile.name}",
        ]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs_in, theirs_out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._rest, self.events = 0, b"", []
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._profile.cleanup()

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """The answer to a command of the protocol; events that come before it are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        os.write(self._out, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event: str, session: str) -> None:
        """Return once the event has come."""
        while not any(e.get("method") == event and e.get("sessionId") == session for e in self.events):
            self.events.append(self._receive())

    def _receive(self) -> dict[str, Any]:
        until = time.monotonic() + _WAIT
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], until - time.monotonic())
            assert ready, "the browser doesn't answer"
            self._rest += os.read(self._in, 1 << 20)
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    @contextlib.contextmanager
    def page(
        self, address: Path | str, *, width: int = 1440, height: int = 900, dark: bool = False, scripts: bool = True
    ) -> Iterator[Page]:
        """A page in a tab of its own, loaded."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log"):
            page.send(f"{domain}.enable")
        phone = width < 600
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        page.send("Emulation.setTouchEmulationEnabled", enabled=phone)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.send("Emulation.setEmulatedMedia", features=[scheme])
        page.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        page.open(address)
        try:
            yield page
        finally:
            self.send("Target.closeTarget", targetId=target)


class Page:
    """A tab."""

    def __init__(self, browser: Browser, session: str):
        self.browser, self.session = browser, session

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command for this tab."""
        return self.browser.send(method, self.session, **parameters)

    def open(self, address: Path | str) -> None:
        """Go to an address and wait until it is loaded."""
        self.browser.events.clear()
        self.send("Page.navigate", url=address.as_uri() if isinstance(address, Path) else address)
        self.browser.wait_for("Page.loadEventFired", self.session)

    def evaluate(self, code: str) -> Any:
        """The value of an expression, once it is there if it is a promise."""
        answer = self.send("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str, *, times: int = 1) -> None:
        """A key, as from a keyboard."""
        text: Mapping[str, str] = {"Enter": {"text": "\r"}, " ": {"text": " "}}.get(key, {})
        for _ in range(times):
            for kind in ("keyDown", "keyUp"):
                code = _KEYS[key]
                self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def type(self, words: str) -> None:
        """Words, where the focus is."""
        self.send("Input.insertText", text=words)

    def tap(self, selector: str) -> None:
        """A finger, or a click, on the middle of an element."""
        self.evaluate(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
        middle = "(r => [r.x + r.width / 2, r.y + r.height / 2])"
        x, y = self.evaluate(f"{middle}(document.querySelector({selector!r}).getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def complaints(self) -> list[str]:
        """What the page wrote into the console as an error or a warning, or threw."""
        self.evaluate("new Promise(done => setTimeout(done, 50))")
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            told = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                found.append(told["exceptionDetails"]["exception"].get("description", "exception"))
            elif event["method"] == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
                found.append(" ".join(str(part.get("value")) for part in told["args"]))
            elif event["method"] == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
                found.append(told["entry"]["text"])
        return found

    def accessibility(self, axe: str, *rules: str) -> list[str]:
        """What axe, whose script is given, finds: the rule, how often, and the first place; perhaps only some rules.

        It looks at the whole page, also at what the browser lays out only when a reader comes near.
        """
        self.evaluate(f"document.head.insertAdjacentHTML('beforeend', {_LAID_OUT!r}); {axe};0")
        only = f"runOnly: {list(rules)}, " if rules else ""
        found = self.evaluate(
            f"axe.run({{{only}preload: false, resultTypes: ['violations']}}).then(result => result.violations.map("
            "rule => `${rule.id} × ${rule.nodes.length}: ${rule.nodes[0].target.join(' ')}`))"
        )
        return list(found)

    def picture(self, place: Path, *, whole: bool = False) -> None:
        """A picture of the window, or of the whole page, as PNG."""
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        place.write_bytes(base64.b64decode(answer["data"]))

    def print(self) -> bytes:
        """The page as PDF on A4."""
        answer = self.send("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True)
        return base64.b64decode(answer["data"])
