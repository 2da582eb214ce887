"""What one sees of a long build: what is done, what runs, what waits, and how long it took last time."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping, Sequence

BLINK = 0.5  # seconds between two looks at a terminal


class Progress:
    """Lines of what is done; on a terminal one more, which changes, of what runs and waits.

    Args:
        last: seconds that each piece of work took last time; infinite where that isn't known.
        at_once: how many run at a time.
    """

    def __init__(self, last: Mapping[str, float], at_once: int = 1):
        self._last = last
        self._at_once = at_once
        self._running: dict[str, float] = {}
        self._waiting: list[str] = []
        self._done = 0
        self.interval = BLINK if sys.stdout.isatty() else None

    def wait(self, names: Sequence[str]) -> None:
        """These are still to come, in this order."""
        self._waiting = list(names)

    def start(self, name: str) -> None:
        """This one runs now."""
        self._waiting = [one for one in self._waiting if one != name]
        self._running[name] = time.perf_counter()

    def finish(self, name: str, line: str) -> None:
        """This one is done, and this is to be said of it."""
        del self._running[name]
        self._done += 1
        total = self._done + len(self._running) + len(self._waiting)
        last = f" (last time {self._last[name]:.1f} s)" if self._knows(name) else ""
        self.say(f"  [{self._done}/{total}] {line}{last}")

    def say(self, line: str) -> None:
        """A line that stays."""
        print(f"\r\x1b[K{line}" if self.interval else line, flush=True)

    def show(self) -> None:
        """On a terminal, what runs and waits at this moment; elsewhere nothing."""
        if self.interval:
            print(f"\r\x1b[K{self.state()[: _width()]}", end="", flush=True)

    def state(self) -> str:
        """What runs, since when and how long last time; what waits, and about how long for."""
        now = time.perf_counter()
        if not self._running:
            return ""
        running = [self._one(name, now - since) for name, since in self._running.items()]
        left = [self._last[name] for name in self._waiting]
        left += [max(self._last[name] - (now - since), 0) for name, since in self._running.items()]
        rest = f"; about {sum(left) / self._at_once:.0f} s more" if all(map(math.isfinite, left)) else ""
        waiting = f"; {len(self._waiting)} wait" if self._waiting else ""
        return f"  running: {', '.join(running)}{waiting}{rest}"

    def _one(self, name: str, seconds: float) -> str:
        last = f" of {self._last[name]:.0f}" if self._knows(name) else ""
        return f"{name.rpartition('/')[2]} {seconds:.0f}{last} s"

    def _knows(self, name: str) -> bool:
        return math.isfinite(self._last.get(name, math.inf))


def _width() -> int:
    import shutil

    return shutil.get_terminal_size().columns - 1
