"""The commands of the reader: an environment that belongs to another tree or interpreter is made again."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT


def make(tree, *arguments):
    """Run make as from a shell of its own; returns its exit code and all that it says."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON"}
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    result = subprocess.run(["make", *arguments], cwd=tree, env=environment, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def new_tree(tree):
    """What the Makefile needs of a book, and an environment whose editable package is this tree's."""
    (tree / "lib" / "nuem").mkdir(parents=True)
    (tree / "lib" / "nuem" / "__init__.py").touch()
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, tree)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tree / ".venv"], check=True)
    next((tree / ".venv" / "lib").glob("python*/site-packages")).joinpath("nuem.pth").write_text(str(tree / "lib"))
    for stamp in ("book", "test"):
        (tree / ".venv" / stamp).touch()


@pytest.fixture
def tree(tmp_path):
    tree = tmp_path / "the book"
    new_tree(tree)
    return tree


def renews(tree, *arguments):
    """Whether `make book` would make the environment again."""
    code, said = make(tree, "-n", "book", *arguments)
    assert code == 0, said
    assert ("venv --clear" in said) == ("making it again" in said)
    return "venv --clear" in said


def test_an_environment_of_this_tree_is_kept(tree):
    assert not renews(tree)
    assert not renews(tree, f"PYTHON={sys.executable}")
    assert not renews(tree, f"PYTHON={sys._base_executable}")


def test_a_moved_tree_gets_a_new_environment(tree):
    moved = tree.with_name("moved")
    tree.rename(moved)
    assert renews(moved)


def test_a_copied_tree_gets_a_new_environment(tree):
    copied = tree.with_name("copied")
    shutil.copytree(tree, copied, symlinks=True)
    assert renews(copied)
    assert not renews(tree)


def test_an_environment_whose_interpreter_is_gone_is_made_again(tree):
    for link in (tree / ".venv" / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nowhere/python")
    assert renews(tree)


def test_an_environment_of_another_interpreter_is_made_again(tree):
    other = tree / "python"
    other.write_text("#!/bin/sh\necho /elsewhere/python 3 99 0\n")
    other.chmod(0o755)
    assert renews(tree, "PYTHON=./python")
    assert not renews(tree)


def test_an_interpreter_that_does_not_exist_costs_nothing(tree):
    code, said = make(tree, "PYTHON=./nowhere", ".venv/book")
    assert code and "Python 3.11 or newer is needed" in said
    assert (tree / ".venv" / "book").is_file()


def test_two_installations_at_once_are_refused(tree):
    (tree / ".venv.lock").mkdir()
    os.utime(tree / "requirements.txt", (2**32, 2**32))
    code, said = make(tree, ".venv/book")
    assert code and "another make is installing into .venv" in said and "remove .venv.lock" in said
    assert (tree / ".venv.lock").is_dir()
