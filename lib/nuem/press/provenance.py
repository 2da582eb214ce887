"""Where a number comes from: the cell that made it and the inputs that went into it.

While a cell runs, every read of an input is noted with the line of the cell that asked for it, whoever did the reading:
an attribute, `getattr` with a computed name, a function of an earlier cell or of this package. The numbers that a
chapter shows carry these notes in their outputs. `origins` then follows the names of the code from statement to
statement: what a statement defines depends on the inputs it read, and on those behind the names it uses.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nuem.review.reads import METADATA

_SHOWING = {"print", "display"}  # their arguments stay what they are
_STORING = {"setdefault", "append", "extend", "insert", "add", "update"}  # methods that change their owner anywhere


@dataclass(frozen=True)
class Origin:
    """The cell that made a number, and the inputs behind it."""

    cell: str
    inputs: tuple[str, ...]


def origins(notebook: Mapping[str, Any]) -> dict[str, Origin]:
    """The origin of every number that an executed notebook shows with `number` or `text` of a chapter, by its key."""
    log = _log(notebook)
    names = _Names()
    found: dict[str, Origin] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        reads = log.get(cell.get("execution_count"), {})
        statements = [
            (range(_first_line(statement), statement.end_lineno + 1), names.follow(statement, reads))
            for statement in ast.parse("".join(cell["source"])).body
        ]
        for key, line in _glued(cell):
            inputs: set[str] = set()
            for lines, behind in statements:
                if line in lines or line is None:
                    inputs |= behind
            found[key] = Origin(cell["id"], tuple(sorted(inputs)))
    return found


class _Names:
    """What stands behind the names of a notebook, statement by statement."""

    def __init__(self) -> None:
        self.behind: dict[str, frozenset[str]] = {}
        self.mentions: dict[str, frozenset[str]] = {}  # names that a function looks up when it is called
        self.changes: dict[str, frozenset[str]] = {}  # names that a function changes when it is called

    def follow(self, statement: ast.stmt, reads: Mapping[int, set[str]]) -> frozenset[str]:
        """Inputs behind a statement, which then stand behind what it defines and changes."""
        used = self._reach(_loaded(statement))
        inputs = frozenset().union(
            # A read without a line of its own, from another thread, counts for the whole cell.
            reads.get(0, frozenset()),
            *(reads.get(line, frozenset()) for line in range(_first_line(statement), statement.end_lineno + 1)),
            *(self.behind.get(name, frozenset()) for name in used),
        )
        changed = _changed(statement).union(*(self.changes.get(name, frozenset()) for name in used))
        defines = isinstance(statement, (ast.FunctionDef, ast.ClassDef))
        stored = {statement.name} if defines else _stored(statement)
        for name in stored | (set() if defines else changed):
            replaced = isinstance(statement, ast.Assign) and name not in changed
            self.behind[name] = inputs | (frozenset() if replaced else self.behind.get(name, frozenset()))
        later = _loaded_later(statement)
        for name in stored:
            self.mentions[name] = later
            # A decorated function may keep what it once read; a body may change names of the notebook.
            kept = {name} if defines and statement.decorator_list else set()
            self.changes[name] = frozenset((changed if later else set()) | kept) & frozenset(later | {name})
        return inputs

    def _reach(self, names: Iterable[str]) -> set[str]:
        reached, waiting = set(), list(names)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self.mentions.get(name, ())
        return reached


def _first_line(statement: ast.stmt) -> int:
    return min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", ()))])


def _loaded(node: ast.AST) -> frozenset[str]:
    """Names that a piece of code looks up, without the parameters of a function."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    own = node.args if isinstance(node, (ast.FunctionDef, ast.Lambda)) else None
    return frozenset(names - {n.arg for n in ast.walk(own) if isinstance(n, ast.arg)} if own else names)


def _loaded_later(statement: ast.stmt) -> frozenset[str]:
    """Names whose value counts when what the statement defines is used: in functions, and behind a second name."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name):
        return frozenset({statement.value.id})
    later = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
    return frozenset().union(*(_loaded(node) for node in ast.walk(statement) if isinstance(node, later)))


def _stored(statement: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _changed(statement: ast.stmt) -> set[str]:
    """Names whose value is changed in place: table["x"] = …, values.append(…), fill(table, …)."""
    changed: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            changed |= _owner(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STORING:
            changed |= _owner(node.func)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute):
                changed |= _owner(function)
            elif isinstance(function, ast.Name) and function.id not in _SHOWING:
                changed |= {argument.id for argument in node.value.args if isinstance(argument, ast.Name)}
    return changed - {"chapter"} - set(dir(builtins))


def _owner(node: ast.AST) -> set[str]:
    """The name in front of attributes and indices."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _stamps(cell: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Keys and notes of the numbers that the executed cell shows; records of bounds have inputs of their own."""
    for output in cell.get("outputs", ()):
        entry = output.get("metadata", {}).get("scrapbook")
        if entry and not entry["mime_prefix"]:
            yield entry["name"], output["metadata"].get(METADATA, {})


def _glued(cell: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    return [(key, notes.get("line")) for key, notes in _stamps(cell)]


def _log(notebook: Mapping[str, Any]) -> dict[int, dict[int, set[str]]]:
    """Inputs that were read, by cell and line."""
    log: dict[int, dict[int, set[str]]] = {}
    for cell in notebook["cells"]:
        for _, notes in _stamps(cell):
            for count, line, name in notes.get("reads", ()):
                log.setdefault(count, {}).setdefault(line, set()).add(name)
    return log
