"""`make peers`: run the codes of others again, at fixed versions, and compare their numbers with ours.

Not a test: it needs the network and takes minutes. It fails where a code gives another number than the book's file
says, where ours left the stated tolerance, and where a code can't be had. The scripts in peers/ run the codes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cells import quantities
from nuem import NuemError
from nuem.review import peers

SCRIPTS = Path(__file__).parents[1] / "peers"
SAME = 1e-4  # as well as the file writes their numbers


def again(code: peers.Code, results: list[peers.Result], folder: Path) -> list[float]:
    """What a code gives when it is installed and run.

    Raises:
        NuemError: it can't be installed, or it fails.
    """
    home = folder / code.name
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    calls = json.dumps([[result.quantity, dict(result.at)] for result in results])
    script = SCRIPTS / f"with_{code.name.replace('-', '_')}.py"
    for command, text in (
        ([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *code.packages], ""),
        ([python, script], calls),
    ):
        done = subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True)
        if done.returncode:
            raise NuemError((done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1])
    return [float(number) for number in json.loads(done.stdout.splitlines()[-1])]


def label(result: peers.Result) -> str:
    shown = " ".join(str(value) for value in result.at.values() if not isinstance(value, list))
    return f"{result.code.name} {result.code.version.removeprefix('commit ')}, {result.quantity} {shown}"


def outcome(results: list[peers.Result], known: Mapping[str, Callable[..., float]], folder: Path) -> list[list[str]]:
    """The lines to print about one code, and what is wrong."""
    code = results[0].code
    try:
        now = again(code, results, folder)
    except NuemError as error:
        return [[], [f"{code.name} can't be had or run: {error}"]]
    lines, problems = [], []
    for result, theirs in zip(results, now, strict=True):
        ratio = result.compared(known)
        within = "-" if result.within is None else f"{result.within:g}"
        lines.append(f"{label(result):66} {ratio * result.theirs:11.5g} {theirs:11.5g} {ratio:9.5f} {within:>7}")
        if abs(theirs / result.theirs - 1) > SAME:
            problems.append(f"{label(result)}: it gives {theirs:.6g}, the book's file says {result.theirs:g}")
        if not result.agrees(ratio):
            problems.append(f"{label(result)}: the ratio {ratio:.5f} left its tolerance, {within}")
    return [lines, problems]


def main() -> None:
    known = quantities()
    by_code: dict[str, list[peers.Result]] = {}
    for result in peers.results():
        if result.code.packages:
            by_code.setdefault(result.code.name, []).append(result)
    print(f"{'code, quantity, arguments':66} {'ours':>11} {'theirs':>11} {'ratio':>9} {'within':>7}")
    problems = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        for lines, wrong in pool.map(lambda rows: outcome(rows, known, Path(folder)), by_code.values()):
            print(*lines, sep="\n", flush=True)
            problems += wrong
    print(*problems, sep="\n")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
