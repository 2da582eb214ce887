"""A chapter as students get it: the exercises are there, and of their solutions neither text nor code nor output."""

from __future__ import annotations

import ast
import builtins
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

GATE = re.compile(r"^(`{3,})\{solution-(?P<end>start|end)\}(?P<of>[^\n]*)\n.*?^\1[ ]*$", re.M | re.S)
_WHOLE = re.compile(r"^(`{3,}|:{3,})\{solution\}.*?^\1[ ]*$", re.M | re.S)
TAG = "solution"


def without_solutions(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook, source or executed, without what stands between the gates of its solutions."""
    cells, solving = [], False
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            if not solving and TAG not in cell["metadata"].get("tags", ()):
                cells.append(cell)
            continue
        kept, solving = _outside("".join(cell["source"]), solving)
        if kept.strip():
            cells.append({**cell, "source": kept.strip("\n")})
    return {**notebook, "cells": json.loads(json.dumps(cells))}


def _outside(text: str, solving: bool) -> tuple[str, bool]:
    """What a text says outside of solutions, and whether it ends in one."""
    kept, position = "", 0
    for gate in GATE.finditer(text):
        kept += "" if solving else text[position : gate.start()]
        solving, position = gate["end"] == "start", gate.end()
    kept += "" if solving else text[position:]
    return _WHOLE.sub("", kept), solving


# -- what would be missed ----------------------------------------------------------------------------------------------


def leaning(notebook: Mapping[str, Any]) -> list[str]:
    """What outside of the solutions needs something that only a solution makes: a name of the code, or a number."""
    kept = without_solutions(notebook)["cells"]
    codes = [(cell["id"], "".join(cell["source"])) for cell in kept if cell["cell_type"] == "code"]
    known, problems = set(dir(builtins)), []
    for identifier, code in codes:
        tree = ast.parse(code)
        known |= set(_made(tree))
        missing = sorted(set(_used(tree)) - known)
        problems += [f"cell {identifier}: {name} is made in a solution only, or nowhere" for name in missing]
    numbers = set(
        re.findall(r"\.(?:number|text|publish|publish_region)\(\s*f?\"([^\"]+)\"", "".join(c for _, c in codes))
    )
    inside = "".join("".join(cell["source"]) for cell in notebook["cells"] if TAG in cell["metadata"].get("tags", ()))
    theirs = set(re.findall(r"\.(?:number|text)\(\s*\"([^\"]+)\"", inside)) - numbers
    for cell in kept:
        if cell["cell_type"] == "markdown":
            asked = re.findall(r"\{glue:text\}`([^`]+)`", "".join(cell["source"]))
            problems += [
                f"cell {cell['id']}: the number {key!r} is made in a solution" for key in asked if key in theirs
            ]
    return problems


def _made(tree: ast.AST) -> Iterator[str]:
    """Names that code gives, anywhere in it: enough to find those that nothing gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name


def _used(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
