"""The walls of the package: who may import whom, read off the code."""

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import nuem
import pytest

PACKAGE = Path(nuem.__file__).parent
FLOORS = [
    "ground",
    "physics",
    "review",
    "view",
    "notebook",
    "synthesis",
    "press",
]  # each may import from itself and from those before it
PHYSICS_MAY_USE = {"numpy", "scipy", "sympy", "mpmath", "joblib"}
DOORS = {PACKAGE / "__main__.py", PACKAGE / "__init__.py"}  # of the whole house; they may know all rooms
MODULES = sorted(set(PACKAGE.rglob("*.py")) - DOORS)


def name_of(path):
    return ".".join(("nuem", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def floor(module):
    """The room of a module such as `nuem.physics.units`; what stands in no room is the ground."""
    room = module.split(".")[1]
    return room if room in FLOORS else "ground"


def imported(path):
    """Full names of all that a module imports, also inside of its functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            modules = {f"{node.module}.{alias.name}" for alias in node.names} & KNOWN
            yield from modules or {node.module}


KNOWN = {name_of(path) for path in MODULES}
GRAPH = {name_of(path): set(imported(path)) for path in MODULES}


@pytest.mark.parametrize("module", sorted(GRAPH))
def test_no_module_knows_a_room_above_its_own(module):
    own = {name for name in GRAPH[module] if name.split(".")[0] == "nuem"}
    assert "nuem" not in own, "a module imports from the room, not from the door"
    assert {name for name in own if FLOORS.index(floor(name)) > FLOORS.index(floor(module))} == set()


def test_what_runs_no_chapter_when_it_changes_changes_no_number():
    """View and press are left out of the fingerprints; below them only the module that shows HTML knows them."""
    looks = {name for name in KNOWN if floor(name) in ("view", "press")}
    below = {module for module, used in GRAPH.items() if used & looks and module not in looks}
    assert below == {"nuem.notebook.chapter"}
    for path in (PACKAGE.parents[1] / "chapters").rglob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = "".join(line for cell in cells if cell["cell_type"] == "code" for line in cell["source"])
        assert "nuem.view" not in code and "nuem.press" not in code, path


def test_no_circle():
    list(TopologicalSorter({name: used & KNOWN for name, used in GRAPH.items()}).static_order())


@pytest.mark.parametrize("module", sorted(name for name in GRAPH if floor(name) in ("physics", "ground")))
def test_physics_needs_numpy_scipy_and_sympy_only(module):
    used = {name.split(".")[0] for name in GRAPH[module]}
    assert used - PHYSICS_MAY_USE - {"nuem"} - sys.stdlib_module_names == set()


def test_physics_loads_alone():
    code = """
import json, sys
import numpy, scipy.integrate, scipy.interpolate, scipy.linalg, scipy.optimize, scipy.special
before = set(sys.modules)
from nuem.physics import plasma
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert not {"yaml", "IPython", "matplotlib", "uncertainties", "pdg", "sympy"} & set(loaded)
    assert len(loaded) < 150


def test_the_door_offers_what_it_names():
    for name in dir(nuem):
        assert getattr(nuem, name) is not None
    with pytest.raises(AttributeError, match="it offers Chapter"):
        nuem.nothing  # noqa: B018


def test_what_lacks_a_package_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "nuem.notebook.figures", raising=False)
    monkeypatch.delattr("nuem.notebook.figures", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r'needs matplotlib.*`pip install "nuem\[notebook\]"'):
        from nuem import figures  # noqa: F401
