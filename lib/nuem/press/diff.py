"""What moved: the published numbers of this working tree against those of another revision.

    make diff BASE=main~3

The base revision is built once in a temporary worktree, with its own code; its two public files are kept by commit in
`_build/base/`. A build with a reader's own inputs is compared with the published book in the same way.
"""

from __future__ import annotations

import filecmp
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuem import typeset
from nuem.errors import NuemError

_FILES = ("bounds.json", "ledger.json")
_ROWS = 40  # of the table that ends a reader's build; one input can move every edge of a region
_NOISE = 1e-9  # relative changes below this are rounding in another order


@dataclass(frozen=True)
class Move:
    """One published number or verdict that changed; `size` sorts: the logarithm of the ratio, or infinity."""

    name: str
    text: str
    size: float


def moves(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Move]:
    """Differences between two sets of public files, each `{"bounds": document, "ledger": document}`; largest first."""
    found = [*_compare(_bound_numbers(old), _bound_numbers(new)), *_compare(_claim_numbers(old), _claim_numbers(new))]
    return sorted(found, key=lambda move: (-move.size, move.name))


def _bound_numbers(files: Mapping[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for row in files["bounds"]["bounds"]:
        for key in ("value", "lower", "upper", "error"):
            if row[key] is not None:
                numbers[f"{row['id']} {key}"] = row[key]
        for edge in ("lower", "upper") if row["curve"] else ():
            points = zip(row["curve"]["x"], row["curve"][edge], strict=True)
            numbers |= {f"{row['id']} {edge} edge at {x:.3g}": y for x, y in points if y is not None}
        numbers[f"{row['id']} confidence"] = str(row["cl"])
    return numbers


def _claim_numbers(files: Mapping[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for claim in files["ledger"]["claims"]:
        for row in claim["parts"] or [claim]:
            if row["verdict"]:
                numbers[f"{row['id']} recomputed"] = row["recomputed"]
                numbers[f"{row['id']} verdict"] = f"{row['verdict']} {row['severity'] or ''}".strip()
    return numbers


def _compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Move]:
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if before is None or after is None:
            yield Move(name, f"new: {_text(after)}" if before is None else f"gone: {_text(before)}", math.inf)
            continue
        size = _size(before, after)
        if size > _NOISE:
            ratio = f", × {after / before:.6g}" if math.isfinite(size) and not isinstance(after, str) else ""
            yield Move(name, f"{_text(before)} → {_text(after)}{ratio}", size)


def _size(before: Any, after: Any) -> float:
    if isinstance(before, str) or isinstance(after, str) or before * after <= 0:
        return math.inf
    return abs(math.log(after / before))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return typeset.number(value, 6)
    return value if len(value) <= 60 else value[:57] + "…"


def report(root: Path, base: str) -> str:
    """The table that `make diff` prints.

    Raises:
        NuemError: the base is no revision, its build fails, or this tree isn't built.
    """
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}", fail=f"BASE={base} is no revision")
    here = root / "_build" / "html" / "data"
    if not all((here / name).is_file() for name in _FILES):
        raise NuemError("this tree has no built site; run `make book` first")
    found = moves(_read(base_files(root, commit)), _read(here))
    return _table(f"published numbers against {base} ({commit[:10]}): {len(found)} moved", found)


def by_own_inputs(published: Path, own: Path) -> str:
    """The table that ends a build with a reader's own inputs, from the folders of the public files of both."""
    old, new = _read(published), _read(own)
    found = moves(old, new)
    head = f"your inputs against the published book: numbers and verdicts that moved: {len(found)}"
    if not any(_compare(_bound_numbers(old), _bound_numbers(new))):
        head += "; no bound is among them"
    more = [f"  … and {len(found) - _ROWS} more"] if len(found) > _ROWS else []
    return "\n".join([_table(head, found[:_ROWS]), *more])


def _table(head: str, found: Sequence[Move]) -> str:
    width = max((len(move.name) for move in found), default=0)
    return "\n".join([head, *(f"  {move.name:<{width}}  {move.text}" for move in found)])


def _read(folder: Path) -> dict[str, Any]:
    return {name.removesuffix(".json"): json.loads((folder / name).read_text("utf-8")) for name in _FILES}


def base_files(root: Path, commit: str) -> Path:
    """Folder with the public files of a commit, built if they aren't there yet."""
    folder = root / "_build" / "base" / commit
    if all((folder / name).is_file() for name in _FILES):
        return folder
    with tempfile.TemporaryDirectory(prefix="nuem-base-") as temporary:
        tree = Path(temporary) / "tree"
        _git(root, "worktree", "add", "--detach", "--quiet", str(tree), commit, fail="git can't check the base out")
        try:
            print(f"building {commit[:10]} in a temporary worktree", file=sys.stderr, flush=True)
            _build(root, tree)
            folder.mkdir(parents=True, exist_ok=True)
            for name in _FILES:
                shutil.copy(tree / "_build" / "html" / "data" / name, folder)
        finally:
            _git(root, "worktree", "remove", "--force", str(tree), fail="git can't remove the temporary worktree")
    return folder


def _build(root: Path, tree: Path) -> None:
    """Build the base with its own code; in this environment if the locked libraries are the same, else in its own."""
    if filecmp.cmp(root / "requirements.txt", tree / "requirements.txt", shallow=False):
        command = [sys.executable, "-m", "nuem", "build"]
    else:
        command = ["make", "book"]
    environment = {**os.environ, "PYTHONPATH": str(tree / "lib")}
    result = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    if result.returncode:
        raise NuemError(f"the base revision can't be built:\n{(result.stderr or result.stdout).strip()[-2000:]}")


def _git(root: Path, *arguments: str, fail: str) -> str:
    result = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True)
    if result.returncode:
        raise NuemError(f"{fail}; give a commit, tag or branch. {result.stderr.strip()}".strip())
    return result.stdout.strip()
