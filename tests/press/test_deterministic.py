"""Two clean builds are the same to the byte, wherever, whenever and by however many processes they are made."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
from conftest import ROOT
from test_quick_builds import root  # noqa: F401  (a fixture)

# Of the files in the site: what the build notes of itself, and Sphinx of its settings, among them where they stand. Of
# the whole book, where its chapters run anew, also the page of execution times.
MAY_DIFFER = {".fingerprint", ".buildinfo"}
PLACES = [
    {"folder": "one", "jobs": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"folder": "the other", "jobs": "3", "TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
]


def site(tree, jobs, **environment):
    surroundings = {**os.environ, "PYTHONPATH": str(tree / "lib"), **environment}
    command = [sys.executable, "-m", "nuem", "build", "--jobs", jobs]
    result = subprocess.run(command, cwd=tree, env=surroundings, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr + result.stdout
    html = tree / "_build" / "html"
    files = {path.relative_to(html).as_posix(): path.read_bytes() for path in html.rglob("*") if path.is_file()}
    return {name: content for name, content in files.items() if name not in MAY_DIFFER}


def test_two_clean_builds_are_equal_to_the_byte(root, tmp_path):  # noqa: F811
    """A chapter with figures, a live formula and tables is among them."""
    chapter = "chapters/laboratory/muon-g-2"
    notebook = nbformat.read(ROOT / f"{chapter}.ipynb", 4)
    assert any("figures." in cell.source for cell in notebook.cells)
    for cell in notebook.cells:  # this book has no other pages
        cell.source = re.sub(r"\]\([^)\s]*\.ipynb[^)]*\)", "]", cell.source)
    nbformat.write(notebook, root / f"{chapter}.ipynb")
    contents = root / "_toc.yml"
    contents.write_text(
        contents.read_text().replace("  - file: reference/inputs", f"  - file: {chapter}\n  - file: reference/inputs")
    )
    sites = []
    for place in PLACES:
        tree = tmp_path / place["folder"]
        shutil.copytree(root, tree)
        sites.append(site(tree, **{name: value for name, value in place.items() if name != "folder"}))
    one, other = sites
    assert f"{chapter}.html" in one
    assert sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)) == []


def test_the_whole_site_is_equal_to_the_byte_in_another_order_of_sets(tmp_path):
    """From the same executed copies, in one process: what stands may have been made page by page."""
    tree = tmp_path / "another folder"
    ignore = shutil.ignore_patterns(".venv", "__pycache__", ".*_cache", "_build")
    shutil.copytree(ROOT, tree, ignore=ignore)
    shutil.copytree(ROOT / "_build" / "executed", tree / "_build" / "executed")
    html = ROOT / "_build" / "html"
    one = {path.relative_to(html).as_posix(): path.read_bytes() for path in html.rglob("*") if path.is_file()}
    other = site(tree, "1", PYTHONHASHSEED="3", TZ="Pacific/Auckland")
    names = (one.keys() | other.keys()) - MAY_DIFFER
    assert sorted(name for name in names if one.get(name) != other.get(name)) == []
