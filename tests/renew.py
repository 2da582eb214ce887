"""`make update`: renew the ranges of pyproject.toml and the lock files in one step, and say which versions moved.

Not a test: it needs the network, and its answer changes with the world. `make lock` writes the locks alone, with the
versions that they have, after a dependency was added or dropped.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = ROOT / "pyproject.toml"
# What each lock file holds, beyond what the first one has already.
LOCKS = {
    "requirements.txt": ["--extra", "press"],
    "requirements-test.txt": ["--extra", "press", "--extra", "test"],
    "requirements-lab.txt": ["--extra", "press", "--extra", "lab"],
}
FORM = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--no-annotate", "--no-header"]
HEAD = (
    "# Made by `make lock`, renewed by `make update`: every wheel for Linux, macOS and Windows, Python 3.11 to 3.14.\n"
)
STAYS = "stays"  # a comment behind a range that begins with this word says why its ceiling isn't raised
RANGE = re.compile(
    r'^    "(?P<name>[\w.-]+)(?P<extras>\[[\w,]+\])?(?P<floor>>=[\w.]+),<(?P<ceiling>[\d.]+)",?(?P<why>.*)$'
)
BLOCK = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\\n]+).*\n(?:    --hash=.*\n)*", re.M)


def resolver(folder: Path) -> Path:
    """uv in an environment of its own: it can lock for all systems at once."""
    subprocess.run([sys.executable, "-m", "venv", folder / "uv"], check=True)
    subprocess.run([folder / "uv" / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return folder / "uv" / "bin" / "uv"


def compiled(uv: Path, source: Path, *options: str) -> str:
    """The text of a lock; ends with the resolver's own words where there is no solution."""
    command = [uv, "pip", "compile", "--quiet", *FORM, *options, source]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit(
            f"error: no versions fit together: {result.stderr.strip()}\npyproject.toml and the locks stay as they are"
        )
    return result.stdout


def next_ceiling(version: str, ceiling: str) -> str:
    """The first version that is too new, in the form of the ceiling that stands.

    >>> next_ceiling("4.1.2", "4"), next_ceiling("0.9.3", "0.9"), next_ceiling("1.15.1", "1.15")
    ('5', '0.10', '1.16')
    """
    parts = [int(part) for part in version.split(".")[: len(ceiling.split("."))]]
    return ".".join(map(str, [*parts[:-1], parts[-1] + 1]))


def with_raised_ceilings(project: str, newest: dict[str, str]) -> str:
    """The project file with every range open to the newest version, but for those that say why they stay."""

    def raised(line: str) -> str:
        found = RANGE.match(line)
        if not found or found["why"].strip(" #").startswith(STAYS) or found["name"] not in newest:
            return line
        above = next_ceiling(newest[found["name"]], found["ceiling"])
        if numbers(above) <= numbers(found["ceiling"]):
            return line
        print(f"range of {found['name']}: below {found['ceiling']} → below {above}")
        return line.replace(f",<{found['ceiling']}", f",<{above}")

    return "\n".join(map(raised, project.split("\n")))


def numbers(version: str) -> list[int]:
    """A version to compare."""
    return [int(part) for part in re.findall(r"\d+", version)]


def versions(lock: str) -> dict[str, str]:
    """Version by package."""
    return {block["name"]: block["version"] for block in BLOCK.finditer(lock)}


def newest_versions(uv: Path, project: str, folder: Path) -> dict[str, str]:
    """The newest version of everything that the project file names with a range."""
    names = [found["name"] for found in map(RANGE.match, project.split("\n")) if found]
    bare = folder / "names.in"
    bare.write_text("\n".join(names) + "\n")
    return versions(compiled(uv, bare, "--no-deps"))


def locks(uv: Path, source: Path, *, upgrade: bool) -> dict[str, str]:
    """The texts of the lock files: those for tests and JupyterLab go on from the first one."""
    old = [] if upgrade else ["--constraint", str(ROOT / "requirements.txt")]
    first = compiled(uv, source, "--generate-hashes", *LOCKS["requirements.txt"], *old)
    texts = {"requirements.txt": HEAD + first}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as fixed:
        fixed.write(first)
        fixed.flush()
        common = {block[0] for block in BLOCK.finditer(first)}
        for name in list(LOCKS)[1:]:
            kept = [] if upgrade or not (ROOT / name).is_file() else ["--constraint", str(ROOT / name)]
            text = compiled(uv, source, "--generate-hashes", *LOCKS[name], "--constraint", fixed.name, *kept)
            more = [block[0] for block in BLOCK.finditer(text) if block[0] not in common]
            texts[name] = f"{HEAD}-r requirements.txt\n{''.join(more)}"
    return texts


def main() -> None:
    """Renew, or with `--keep` only lock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep ranges and versions, lock what was added")
    upgrade = not parser.parse_args().keep
    project = PROJECT.read_text("utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        uv = resolver(folder)
        if upgrade:
            project = with_raised_ceilings(project, newest_versions(uv, project, folder))
        source = folder / "pyproject.toml"
        source.write_text(project, "utf-8")
        texts = locks(uv, source, upgrade=upgrade)
    for name, text in texts.items():
        before = versions((ROOT / name).read_text("utf-8")) if (ROOT / name).is_file() else {}
        after = versions(text)
        for package in sorted({*before, *after}):
            if before.get(package) != after.get(package):
                print(f"{name}: {package} {before.get(package, 'new')} → {after.get(package, 'gone')}")
        (ROOT / name).write_text(text, "utf-8")
    PROJECT.write_text(project, "utf-8")


if __name__ == "__main__":
    main()
