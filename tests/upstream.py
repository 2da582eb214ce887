"""`make findings`: run each script in findings/ with the newest packages, and say which upstream has changed.

Not a test: it needs the network, takes minutes, and its answer changes with the world.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FINDINGS = Path(__file__).parents[1] / "findings"
AS_SEEN, CHANGED = "as seen in ", "this has changed"
INSTALL = re.compile(r'^("\$folder/venv/bin/pip" --quiet install --no-compile) (.+)$', re.MULTILINE)


def pinned(script: str) -> dict[str, str]:
    """The packages that a finding is about, with the version of each; a companion with ~= is none of them."""
    return dict(package.split("==") for package in INSTALL.search(script)[2].split() if "==" in package)


def with_newest(script: str) -> str:
    """The same script with the newest versions, which it prints after it has installed them."""

    def install_newest(line: re.Match) -> str:
        return f'{line[1]} {re.sub("==[^ ]+", "", line[2])}\n"$folder/venv/bin/pip" freeze'

    return INSTALL.sub(install_newest, script)


def run(script: str) -> tuple[str, str]:
    """What a script prints, and, if it isn't what it was written for, the last line that says why."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "finding.sh"
        path.write_text(script)
        result = subprocess.run(["bash", path], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    lines = result.stdout.splitlines()
    if result.returncode == 0 and lines and lines[-1].startswith(AS_SEEN):
        return result.stdout, ""
    if lines and lines[-1] == CHANGED:
        return result.stdout, CHANGED
    said = result.stderr.strip().splitlines()
    return result.stdout, said[-1] if said else f"status {result.returncode}"


def look(path: Path) -> tuple[bool, str]:
    """Whether a finding is as its head says with the newest packages, and a line about it."""
    script = path.read_text()
    output, why = run(with_newest(script))
    newest = dict(line.split("==") for line in output.splitlines() if re.fullmatch(r"[\w.-]+==\S+", line))
    newest = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in newest.items()}
    versions = ", ".join(
        f"{name} {version}" + (f" → {newest[name]}" if newest.get(name, version) != version else "")
        for name, version in pinned(script).items()
    )
    if not why:
        return True, f"as seen    {path.stem} ({versions})"
    if run(script)[1]:
        return False, f"NOT HERE   {path.stem} ({versions}): not even with the versions that it names; {why}"
    return False, f"CHANGED    {path.stem} ({versions}): {why}"


def main() -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        unchanged = []
        for same, line in pool.map(look, sorted(FINDINGS.glob("*.sh"))):
            unchanged.append(same)
            print(line, flush=True)
    print(f"{sum(unchanged)} of {len(unchanged)} findings are as seen with the newest packages")
    sys.exit(not all(unchanged))


if __name__ == "__main__":
    main()
