"""Where a number comes from: the cell that made it and the inputs that went into it, read off the notebook's code."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Origin:
    """The cell that made a number, and the inputs behind it."""

    cell: str
    inputs: tuple[str, ...]


def origins(notebook: Mapping[str, Any], known: Collection[str]) -> dict[str, Origin]:
    """The origin of every number that the notebook shows with `chapter.number` or `chapter.text`, by its key.

    Follows the code statement by statement: what a statement defines depends on the inputs it names and on those of
    the names it uses. A number whose key the code computes gets the inputs of its whole cell.

    Args:
        known: names of the inputs of the book; an attribute or a text of that name counts as a use.
    """
    behind: dict[str, frozenset[str]] = {}
    found: dict[str, Origin] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        of_cell: set[str] = set()
        in_cell: dict[str, frozenset[str]] = {}
        for statement in ast.parse("".join(cell["source"])).body:
            inputs = _inputs_of(statement, behind, known)
            for name in _defined(statement):
                # A name that a statement only changes keeps what stood behind it.
                kept = frozenset() if isinstance(statement, ast.Assign) else behind.get(name, frozenset())
                behind[name] = inputs | kept
            of_cell |= inputs
            in_cell |= {key: inputs for key in _keys(statement)}
        for key in _glued(cell):
            found[key] = Origin(cell["id"], tuple(sorted(in_cell.get(key, of_cell))))
    return found


def _inputs_of(statement: ast.stmt, behind: Mapping[str, frozenset[str]], known: Collection[str]) -> frozenset[str]:
    inputs: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and node.attr in known:
            inputs.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known:
            inputs.add(node.value)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            inputs |= behind.get(node.id, frozenset())
    return frozenset(inputs)


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    stored = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    # table["x"] = …, values.append(…): the name in front changes.
    changed = {
        node.value.id
        for node in ast.walk(statement)
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name)
    }
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            changed.add(function.value.id)
    changed.discard("chapter")
    return stored | changed


def _keys(statement: ast.stmt) -> set[str]:
    """First arguments of the calls of `number` and `text` in a statement, where they are plain texts."""
    return {
        node.args[0].value
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("number", "text")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _glued(cell: Mapping[str, Any]) -> list[str]:
    """Keys of the numbers that the executed cell shows; records of bounds have inputs of their own."""
    glued = (output.get("metadata", {}).get("scrapbook", {}) for output in cell.get("outputs", ()))
    return [entry["name"] for entry in glued if entry and not entry["mime_prefix"]]
