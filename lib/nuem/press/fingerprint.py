"""What the numbers of a chapter depend on, as one hash: its code, the code it can reach, and what it named as it ran.

A chapter names inputs, claims and files of data while it runs; `nuem.review.reads` keeps the list, and the executed
copy carries it. As long as code, named entries and own inputs for them stay the same, a run would name the same again
and give the same numbers, so the copy stays good. Prose is not among them, and neither is the press.

All hashes of a build are of one moment, before its first chapter runs: what is saved meanwhile is new to the next.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuem.door import owner_of
from nuem.review import claims, inputs, reads, yamlfile

PACKAGE = Path(__file__).parents[1]
ALL = reads.ALL


def digest(*parts: str) -> str:
    """Hash of texts in their order."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def forget() -> None:
    """What stands in the package is read once for a build; the next one reads it anew."""
    for cached in (package_files, lock_digest, _snapshot, _asked_for):
        cached.cache_clear()


@functools.cache
def package_files() -> dict[str, str]:
    """Hash of each file of the package, by its place in it."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(PACKAGE).as_posix(): file_digest(path) for path in files}


def module_places() -> dict[str, str]:
    """Place of each module of the package, by its name."""
    return {_module(place): place for place in package_files() if place.endswith(".py")}


@functools.cache
def lock_digest(root: Path) -> str:
    """Hash of the locked libraries and of Python's version."""
    lock = root / "requirements.txt"
    return digest(sys.version, file_digest(lock) if lock.is_file() else "")


def code_digests() -> list[str]:
    """Name and hash of each module of the package and of each schema."""
    files = package_files()
    return [f"{name}:{files[name]}" for name in files if not name.startswith(("data/inputs/", "data/claims/"))]


@dataclass(frozen=True)
class Snapshot:
    """What chapters can depend on beside their code, as it was at one moment.

    Attributes:
        files: hash of each file of the package.
        modules: place of each module of the package, by its name.
        imports: names that each module imports.
        inputs, claims: raw entries by name.
        lock: hash of the locked libraries.
    """

    files: Mapping[str, str]
    modules: Mapping[str, str]
    imports: Mapping[str, frozenset[str]]
    inputs: Mapping[str, Any]
    claims: Mapping[str, Any]
    lock: str

    def holds(self) -> bool:
        """Whether the files of the package are still what they were."""
        package_files.cache_clear()
        return self.files == package_files()


def snapshot(root: Path) -> Snapshot:
    """What stands in the package, and beside it in the book's folder `root`, when this is first asked for."""
    return _snapshot(lock_digest(root))


@functools.cache
def _snapshot(lock: str) -> Snapshot:
    found = module_places()
    return Snapshot(
        package_files(),
        found,
        {name: frozenset(_imports(PACKAGE / place, found)) for name, place in found.items()},
        {name: raw for name, (_, raw) in inputs.read_files().items()},
        _raw_claims(),
        lock,
    )


def of_chapter(
    taken: Snapshot,
    notebook: Mapping[str, Any],
    named: Mapping[str, Sequence[str]],
    overrides: Mapping[str, Any],
    compared: str = "",
) -> str:
    """Hash of everything that the outputs of a chapter depend on.

    Args:
        taken: what stood in the package when the chapter ran.
        named: names of inputs, claims and files of data that the chapter asked for as it ran.
        compared: hash of the other chapters' records, for a chapter that reads them.
    """
    code = [
        (cell.get("id"), "".join(cell["source"]), cell["metadata"].get("tags"))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    asked = with_others(named.get("inputs", ()), taken.inputs)
    own = {name: overrides[name] for name in sorted(overrides) if name in asked or ALL in asked}
    reached = {place for place in taken.files if place.startswith("data/schemas/")}
    reached |= _reached("\n".join(source for _, source, _ in code), taken)
    reached |= {f"data/{name}" for name in named.get("files", ())}
    return digest(
        json.dumps(code),
        *(f"{place}:{taken.files.get(place)}" for place in sorted(reached)),
        *_entries("input", taken.inputs, asked),
        *_entries("claim", taken.claims, {name.partition("#")[0] for name in named.get("claims", ())}),
        json.dumps(own, default=str),
        taken.lock,
        compared,
    )


# -- entries -----------------------------------------------------------------------------------------------------------


def _raw_claims() -> dict[str, Any]:
    found = {}
    for path in sorted(claims.FOLDER.glob("*.yml")):
        for raw in yamlfile.read(path, f"claims/{path.name}"):
            found[raw["id"]] = raw
    return found


def with_others(names: Iterable[str], raw: Mapping[str, Any]) -> set[str]:
    """Inputs, and those whose uncertainties they are."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += inputs.others(raw.get(name))
    return found


def _entries(kind: str, raw: Mapping[str, Any], names: set[str]) -> list[str]:
    wanted = sorted(raw) if ALL in names else sorted(names)
    return [f"{kind} {name}:{json.dumps(raw.get(name), sort_keys=True, default=str)}" for name in wanted]


# -- code --------------------------------------------------------------------------------------------------------------


def _module(place: str) -> str:
    return ".".join(("nuem", *Path(place).with_suffix("").parts)).removesuffix(".__init__")


def _reached(code: str, taken: Snapshot) -> set[str]:
    """Places of the modules that a chapter's code can reach, with the packages that they stand in.

    How a record looks is not among them: the site makes that itself.
    """
    found: set[str] = set()
    waiting = ["nuem", "nuem.door", *_asked_for(code, frozenset(taken.modules))]
    while waiting:
        name = waiting.pop()
        if name in found or name not in taken.modules:
            continue
        found.add(name)
        waiting += [".".join(name.split(".")[:end]) for end in range(2, name.count(".") + 1)]
        if name != "nuem":  # the door names all, but brings only what is asked for
            waiting += taken.imports[name]
    return {taken.modules[name] for name in found if not name.startswith("nuem.view")}


@functools.cache
def _asked_for(code: str, modules: frozenset[str]) -> set[str]:
    """Modules that a chapter's code names, at the door of the package or in their rooms."""
    found: set[str] = set()
    attributes: set[str] = set()  # of the package, such as `nuem.figures`
    as_value = 0  # how often the package stands in the code without an attribute
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
            as_value += any(alias.name == "nuem" and alias.asname for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "nuem":
            found |= {name for alias in node.names for name in _of_import(node.module, alias.name, modules)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "nuem":
            attributes.add(node.attr)
            as_value -= 1
        elif isinstance(node, ast.Name) and node.id == "nuem":
            as_value += 1
    if as_value:
        return set(modules)  # anything may be asked of it
    return found | {name for attribute in attributes for name in _of_import("nuem", attribute, modules)}


def _of_import(module: str, name: str, modules: Iterable[str]) -> set[str]:
    """The modules behind `from module import name`."""
    if module == "nuem":
        module, name = (owner_of(name) or f"nuem.{name}"), ""
    return {f"{module}.{name}"} & set(modules) or {module} & set(modules)


def _imports(path: Path, modules: Iterable[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield from _of_import(node.module, alias.name, modules)
