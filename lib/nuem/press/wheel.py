"""The package that others install: the code with the results of the last build in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nuem.errors import NuemError
from nuem.press.book import Book
from nuem.press.site import built

RESULTS = ("bounds.json", "ledger.json", "listings.json", "citations.json")
_METADATA = ("pyproject.toml", "README.md", "LICENSE", "CITATION.cff")


def build_wheel(book: Book) -> Path:
    """Build the wheel in `_build/wheel` from a copy of the sources, so that nothing is left beside them.

    Raises:
        NuemError: the site isn't built from the sources as they are, or the wheel can't be made.
    """
    folder = built(book).build / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source"
    package = source / "lib" / "nuem"
    shutil.copytree(book.root / "lib" / "nuem", package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _METADATA:
        shutil.copy2(book.root / name, source)
    (package / "results").mkdir()
    for name in RESULTS:
        shutil.copyfile(book.html / "data" / name, package / "results" / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    result = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(source)], env=_environment(book), capture_output=True, text=True
    )
    if result.returncode:
        raise NuemError(f"the wheel can't be made: {result.stderr.strip().splitlines()[-1]}")
    shutil.rmtree(source)
    return next(folder.glob("*.whl"))


def _environment(book: Book) -> dict[str, str]:
    """With the time of the last commit as the date of all files, unless another is asked for."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return dict(os.environ)
    command = ["git", "-C", str(book.root), "log", "-1", "--format=%ct"]
    when = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return {**os.environ, **({"SOURCE_DATE_EPOCH": when} if when else {})}
