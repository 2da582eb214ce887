"""A chapter's bounds for many sets of own inputs: a scan, without a website and without a kernel::

    own = [{"muon_anomaly_theory": f"{value}(62)e-11"} for value in range(116591900, 116592100)]
    with joblib.parallel_config(backend="loky", n_jobs=-1):
        table = scans.bounds("chapters/laboratory/muon-g-2", own)

A bound is a pure function of the inputs. A process that takes part in the scan runs the chapter once, keeps the
functions that it publishes, and then calls them. Sets of inputs don't need each other, so they run through `joblib`:
where, says `joblib.parallel_config`.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from nuem.errors import NuemError, allowed
from nuem.notebook.chapter import Chapter
from nuem.review import handover
from nuem.review.inputs import Inputs, read_overrides

Function = Callable[[Any], Any]


def bounds(chapter: str, own_inputs: Iterable[Mapping[str, Any] | Path]) -> list[dict[str, Any]]:
    """Today's bounds of a chapter with each of the given sets of own inputs.

    Args:
        chapter: as in the table of contents, such as `chapters/laboratory/muon-g-2`.
        own_inputs: overrides, or files with them as for `make book INPUTS=`.

    Returns:
        The bounds by name of each set, in the order of the sets; a number, or the two ends of an interval.

    Raises:
        NuemError: there is no such chapter, or an override isn't right.
    """
    _notebook(chapter)
    return list(Parallel()(delayed(_evaluate)(chapter, own) for own in own_inputs))


def _evaluate(chapter: str, own: Mapping[str, Any] | Path) -> dict[str, Any]:
    overrides = own if isinstance(own, Mapping) else read_overrides(own)
    today = Inputs(overrides).today
    return {name: function(today) for name, function in _functions(chapter).items()}


@functools.cache
def _functions(chapter: str) -> dict[str, Function]:
    """The functions behind the bounds of today that a chapter publishes, by the names of the bounds."""
    found: dict[str, Function] = {}
    names: dict[str, Any] = {}
    with _noted(found), contextlib.redirect_stdout(io.StringIO()):
        for cell in _notebook(chapter)["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    return found


@contextlib.contextmanager
def _noted(found: dict[str, Function]) -> Iterator[None]:
    """While a chapter runs here, note the bounds of today that it publishes."""
    publish = Chapter.publish

    def noting(self: Chapter, name: str, bound: Function, **properties: Any) -> Any:
        if "today" in properties.get("vintages", ("today",)):
            found[name] = bound
        return publish(self, name, bound, **properties)

    Chapter.publish = noting  # type: ignore[method-assign]
    try:
        yield
    finally:
        Chapter.publish = publish  # type: ignore[method-assign]


def _notebook(chapter: str) -> dict[str, Any]:
    place = handover.ROOT / f"{chapter}.ipynb"
    if not place.is_file():
        known = [
            path.relative_to(handover.ROOT).with_suffix("").as_posix()
            for path in handover.ROOT.glob("chapters/*/*.ipynb")
        ]
        raise NuemError(f"there is no chapter {chapter!r}; {allowed(known, chapter)}")
    return dict(json.loads(place.read_text("utf-8")))
