"""A scan gives what a chapter publishes when it runs with the same inputs."""

import contextlib
import io
import json

import pytest
from conftest import ROOT
from nuem import scans
from nuem.errors import NuemError

CHAPTER = "chapters/laboratory/muon-g-2"
OWN = {"muon_anomaly_error": 3e-10}


def published_with(overrides):
    """The bounds of today as the chapter itself publishes them with these inputs, by their records' names."""
    from nuem.notebook.chapter import Chapter

    names, found = {}, {}
    show = Chapter._show_bound

    def keep(self, name, bounds, verdict):
        found.update({name: bounds["today"]} if "today" in bounds else {})
        return show(self, name, bounds, verdict)

    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(Chapter, "_show_bound", keep)
        for cell in json.loads((ROOT / f"{CHAPTER}.ipynb").read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                own = "parameters" in cell["metadata"].get("tags", ())
                exec(f"overrides = {overrides!r}" if own else source, names)
    return {
        name: (bound.lower, bound.upper) if bound.kind == "interval" else bound.value for name, bound in found.items()
    }


def test_a_scan_gives_what_the_chapter_publishes(tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text("muon_anomaly_error: 3e-10\n")
    plain, own, from_file = scans.bounds(CHAPTER, [{}, OWN, file])
    assert own == from_file == published_with(OWN)
    assert plain == published_with({})
    assert plain != own


def test_a_wrong_override_is_named():
    with pytest.raises(NuemError, match="did you mean muon_anomaly_error"):
        scans.bounds(CHAPTER, [{"muon_anomaly_eror": 1e-10}])


def test_a_chapter_that_does_not_exist():
    with pytest.raises(NuemError, match="did you mean chapters/laboratory/muon-g-2"):
        scans.bounds("chapters/laboratory/muon-g2", [{}])
