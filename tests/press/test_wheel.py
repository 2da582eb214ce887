"""The package that others install: it carries the results, needs no machinery, and is made without a trace."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT
from nuem.errors import NuemError
from nuem.press.wheel import RESULTS, build_wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    from nuem.press.book import Book

    return build_wheel(Book(ROOT, ROOT / "_build"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with what the wheel brings."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(folder, code):
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    result = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_results_are_read_without_a_checkout(installed, book):
    code = "import json, nuem; print(json.dumps([nuem.__file__, [b.id for b in nuem.bounds()], len(nuem.ledger())]))"
    place, bounds, claims = run(installed, code)
    assert place.startswith(str(installed))
    built = json.loads((book.html / "data" / "bounds.json").read_text("utf-8"))["bounds"]
    assert bounds == [bound["id"] for bound in built]
    assert claims == len(json.loads((book.html / "data" / "ledger.json").read_text("utf-8"))["claims"])


def test_reading_results_needs_nothing_of_the_machinery(installed):
    code = "import json, sys, nuem; nuem.bounds(); print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    assert not {"IPython", "matplotlib", "sphinx", "jupyter_book", "papermill", "sympy", "scipy"} & set(
        run(installed, code)
    )


def test_the_wheel_holds_the_package_and_its_results_alone(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.split("/")[0] for name in names}
    assert {folder.partition("-")[0] for folder in folders} == {"nuem"} and len(folders) == 2
    assert {f"nuem/results/{name}" for name in RESULTS} <= set(names)
    sources = {
        path.relative_to(ROOT / "lib").as_posix() for path in (ROOT / "lib" / "nuem").rglob("*") if path.is_file()
    }
    results = {name for name in names if name.startswith("nuem/results/")}
    own = {name for name in names if name.startswith("nuem/")} - results
    assert own == {name for name in sources if "__pycache__" not in name}


def test_old_results_are_not_packed(book, monkeypatch):
    monkeypatch.setattr("nuem.press.site.site_is_current", lambda book: False)
    with pytest.raises(NuemError, match="run `make book` first"):
        build_wheel(book)


def test_an_installation_leaves_nothing_in_the_folder_that_it_installs(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(ROOT / "lib", source / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, source)
    before = set(source.rglob("*"))
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-compile", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True, capture_output=True)
    assert (target / "nuem" / "__init__.py").is_file()
    assert set(source.rglob("*")) == before
