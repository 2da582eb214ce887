"""The one way in which the book reads a YAML file.

YAML 1.1, which PyYAML reads, drops the first of two equal keys, takes `010` for 8, `1:30` for 90 and `no` for false,
all without a word. Here each of them is refused with its line and the remedy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nuem.errors import NuemError
from nuem.review import reads
from nuem.review.numbertext import to_float

DATA = Path(__file__).parents[1] / "data"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # each chapter reads all files; in C that is nine times faster
_TAG = "tag:yaml.org,2002:"
# What reads the same in YAML 1.1, in YAML 1.2 and to a person.
_PLAIN_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]{0,399})(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,9})?")
_BOOLEANS = {"true": True, "false": False}


def read(path: Path, place: str, *, booleans: bool = True) -> Any:
    """Content of a YAML file, None if it is empty.

    Args:
        place: what a message calls the file.
        booleans: whether true and false may stand in it; where numbers are expected they are a mistake.

    Raises:
        NuemError: the file can't be read, isn't UTF-8 or YAML, or holds something that YAML would change or drop
            without a word: equal keys, keys that aren't text, numbers such as 010, 1:30 or 1_000, yes and no,
            anchors, dates.
    """
    if path.is_relative_to(DATA) and path.parent.name not in ("inputs", "claims"):  # whose entries count one by one
        reads.name("files", path.relative_to(DATA).as_posix())
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise NuemError(f"{place}: {error.strerror}; give the path of a YAML file") from error
    except UnicodeDecodeError as error:
        raise NuemError(f"{place}: not UTF-8 (byte {error.start + 1}); save it in that encoding") from error
    return read_text(text, place, booleans=booleans)


def read_text(text: str, place: str, *, booleans: bool = False) -> Any:
    """As `read`, for the content itself."""
    try:
        root = yaml.compose(text, _LOADER)
        return None if root is None else _Reader(place, booleans).content(root)
    except yaml.YAMLError as error:
        words = " ".join(str(error).replace('in "<unicode string>",', "at").split())
        raise NuemError(f"{place}: not valid YAML: {words}; mend that line") from error
    except RecursionError as error:
        raise NuemError(f"{place}: nested too deeply; write it out flatter") from error


@dataclass
class _Reader:
    """Turns the nodes of one file into Python's types; `seen` knows the nodes that are done."""

    place: str
    booleans: bool
    seen: set[int] = field(default_factory=set)

    def content(self, node: yaml.Node) -> Any:
        if id(node) in self.seen:
            raise NuemError(f"{self.line(node)}: this is used again by an anchor; write it out where it is needed")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.content(item) for item in node.value]
        return self.scalar(node)

    def line(self, node: yaml.Node) -> str:
        return f"{self.place}, line {node.start_mark.line + 1}"

    def mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        content: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if key.tag != f"{_TAG}str":
                written = key.value if isinstance(key, yaml.ScalarNode) else "here"
                raise NuemError(f"{self.line(key)}: the key {written} isn't text; put it in quotes or write a name")
            if key.value in content:
                raise NuemError(
                    f"{self.line(key)}: {key.value} stands twice, first in line {lines[key.value]}; keep one of them"
                )
            content[key.value] = self.content(value)
            lines[key.value] = key.start_mark.line + 1
        return content

    def scalar(self, node: yaml.Node) -> Any:
        kind, text, line = node.tag.removeprefix(_TAG), node.value, self.line(node)
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind in ("int", "float"):
            if not _PLAIN_NUMBER.fullmatch(text):
                raise NuemError(
                    f"{line}: YAML doesn't read {text[:20]} as it looks; write a plain decimal number, without leading "
                    "zeros, colons or underscores, or put it in quotes if it is a text"
                )
            return int(text) if kind == "int" else to_float(text, line)
        if kind == "bool" and not self.booleans:
            raise NuemError(f"{line}: YAML reads {text} as a boolean; write a number, or quotes around a text")
        if kind == "bool" and text not in _BOOLEANS:
            raise NuemError(f"{line}: YAML reads {text} as a boolean; write true or false, or quotes around a text")
        if kind == "bool":
            return _BOOLEANS[text]
        raise NuemError(f"{line}: YAML reads this as {kind}; put it in quotes if it is a text")
