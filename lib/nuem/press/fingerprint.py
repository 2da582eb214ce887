"""What the numbers of a chapter depend on, as one hash: its code, the code it can reach, and what it named as it ran.

A chapter names inputs, claims and files of data while it runs; `nuem.review.reads` keeps the list, and the executed
copy carries it. As long as code, named entries and own inputs for them stay the same, a run would name the same again
and give the same numbers, so the copy stays good. Prose is not among them, and neither is the press.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    for cached in (_code_digests, _modules, _reached_from, _raw_inputs, _raw_claims, lock_digest, package_digests):
        cached.cache_clear()


def of_chapter(
    root: Path,
    notebook: Mapping[str, Any],
    named: Mapping[str, Sequence[str]],
    overrides: Mapping[str, Any],
    compared: str = "",
) -> str:
    """Hash of everything that the outputs of a chapter depend on.

    Args:
        named: names of inputs, claims and files of data that the chapter asked for as it ran.
        compared: hash of the other chapters' records, for a chapter that reads them.
    """
    code = [
        (cell.get("id"), "".join(cell["source"]), cell["metadata"].get("tags"))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    asked = _with_others(named.get("inputs", ()))
    own = {name: overrides[name] for name in sorted(overrides) if name in asked or ALL in asked}
    return digest(
        json.dumps(code),
        *_code_digests("\n".join(source for _, source, _ in code)),
        *_entries("input", _raw_inputs(), asked),
        *_entries("claim", _raw_claims(), {name.partition("#")[0] for name in named.get("claims", ())}),
        *(f"{name}:{file_digest(PACKAGE / 'data' / name)}" for name in sorted(named.get("files", ()))),
        json.dumps(own, default=str),
        lock_digest(root),
        compared,
    )


@functools.cache
def lock_digest(root: Path) -> str:
    """Hash of the locked libraries and of Python's version."""
    lock = root / "requirements.txt"
    return digest(sys.version, file_digest(lock) if lock.is_file() else "")


@functools.cache
def package_digests() -> tuple[str, ...]:
    """Name and hash of each file of the package."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return tuple(f"{path.relative_to(PACKAGE)}:{file_digest(path)}" for path in files)


def code_digests() -> list[str]:
    """Name and hash of each module of the package and of each schema."""
    return [line for line in package_digests() if not line.startswith(("data/inputs/", "data/claims/"))]


# -- entries -----------------------------------------------------------------------------------------------------------


@functools.cache
def _raw_inputs() -> dict[str, Any]:
    return {name: raw for name, (_, raw) in inputs.read_files().items()}


@functools.cache
def _raw_claims() -> dict[str, Any]:
    found = {}
    for path in sorted(claims.FOLDER.glob("*.yml")):
        for raw in yamlfile.read(path, f"claims/{path.name}"):
            found[raw["id"]] = raw
    return found


def _with_others(names: Iterable[str]) -> set[str]:
    """Inputs, and those whose uncertainties they are."""
    raw, found, waiting = _raw_inputs(), set(), list(names)
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


@functools.cache
def _code_digests(code: str) -> tuple[str, ...]:
    """Name and hash of every module of the package that a chapter's code can reach, and of the schemas."""
    files = _modules()
    reached: set[str] = {"nuem", "nuem.door"}
    for module in _asked_for(ast.parse(code)):
        reached |= _reached_from(module)
    reached = {name for name in reached if not name.startswith("nuem.view")}  # looks: the site makes its own
    schemas = sorted((PACKAGE / "data" / "schemas").glob("*.json"))
    return (
        *(f"{name}:{file_digest(files[name])}" for name in sorted(reached)),
        *(f"{path.name}:{file_digest(path)}" for path in schemas),
    )


@functools.cache
def _modules() -> dict[str, Path]:
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = ("nuem", *path.relative_to(PACKAGE).with_suffix("").parts)
        names[".".join(parts).removesuffix(".__init__")] = path
    return names


def _asked_for(code: ast.Module) -> set[str]:
    """Modules that a chapter's code names, at the door of the package or in their rooms."""
    found: set[str] = set()
    attributes: set[str] = set()  # of the package, such as `nuem.figures`
    as_value = 0  # how often the package stands in the code without an attribute
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            found |= {name for alias in node.names for name in _known(alias.name)}
            as_value += any(alias.name == "nuem" and alias.asname for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "nuem":
            found |= {name for alias in node.names for name in _of_import(node.module, alias.name)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "nuem":
            attributes.add(node.attr)
            as_value -= 1
        elif isinstance(node, ast.Name) and node.id == "nuem":
            as_value += 1
    if as_value:
        return set(_modules())  # anything may be asked of it
    return found | {name for attribute in attributes for name in _of_import("nuem", attribute)}


def _known(module: str) -> set[str]:
    return {module} & set(_modules())


def _of_import(module: str, name: str) -> set[str]:
    """The modules behind `from module import name`."""
    if module == "nuem":
        owner = owner_of(name)
        return _known(owner) if owner else _known(f"nuem.{name}")
    return _known(f"{module}.{name}") or _known(module)


@functools.cache
def _reached_from(module: str) -> frozenset[str]:
    """A module with all that it imports, directly or not, and the packages that they stand in."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or name not in _modules():
            continue
        found.add(name)
        waiting += [".".join(name.split(".")[:end]) for end in range(2, name.count(".") + 1)]
        if name != "nuem":  # the door names all, but brings only what is asked for
            waiting += _imports(_modules()[name])
    return frozenset(found)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield from _of_import(node.module, alias.name)
