"""The skeleton of a chapter: README's steps put it into a book, where it runs and keeps the house rules."""

import json
import os
import re
import shutil
import subprocess
import sys

import house_rules
import numpy as np
import pytest
from conftest import ROOT
from nuem.press import symbols
from nuem.press.book import Book

CHAPTER = "chapters/laboratory/my-chapter"
SOURCE = json.loads((ROOT / "skeleton" / "chapter.ipynb").read_text("utf-8"))


# The pages of the book that ask something of every chapter.
INDEX = """# A small book

```{nuem-ways}
A way: laboratory/my-chapter
```

```{nuem-goals}
```

```{nuem-exercises}
```

```{nuem-verdicts}
```

```{nuem-dependencies}
```

```{nuem-times}
```
"""


def steps():
    """The commands that README gives to whoever adds a chapter."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## Add a chapter")[2].partition("\n## ")[0]
    return re.findall(r"^ +(\S+ skeleton/\S+ .*)$", section, re.M)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book without chapters, and a package of its own, after README's steps: the skeleton is its one chapter."""
    root = tmp_path_factory.mktemp("a small book")
    for name in ("_config.yml", "references.bib", "requirements.txt", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    for name in ("assets", "lib", "skeleton"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (root / "chapters" / "laboratory").mkdir(parents=True)
    (root / "reference").mkdir()
    shutil.copy(ROOT / symbols.FILE, root / symbols.FILE)
    (root / "index.md").write_text(INDEX)
    (root / "bibliography.md").write_text("# Bibliography\n\n```{bibliography}\n:all:\n```\n")
    (root / "_toc.yml").write_text(
        f"format: jb-book\nroot: index\nchapters:\n- file: {CHAPTER}\n- file: bibliography\n"
    )
    for step in steps():
        subprocess.run(step, shell=True, cwd=root, check=True)
    command = [sys.executable, "-m", "nuem", "build"]
    environment = {**os.environ, "PYTHONPATH": str(root / "lib")}
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "note:" not in result.stdout, "all that was copied is part of the book"
    return Book(root, root / "_build")


@pytest.fixture(scope="module")
def executed(book):
    return json.loads(book.copy_of(CHAPTER).read_text("utf-8"))


def test_every_file_of_the_skeleton_has_its_step():
    copied = {step.split()[1].removeprefix("skeleton/") for step in steps()}
    assert copied == {path.name for path in (ROOT / "skeleton").glob("[a-z]*")} - {"ruff.toml"}


def test_the_skeleton_is_short():
    assert len(SOURCE["cells"]) <= 16, "whoever copies it deletes most of it"


@pytest.mark.parametrize(
    "rule",
    [
        house_rules.unclean_cells,
        house_rules.missing_anatomy,
        house_rules.misnamed_inputs,
        house_rules.unconfirmed_formulas,
        house_rules.unverified_symbolics_in_notebook,
        house_rules.typed_conversions_in_notebook,
        house_rules.hidden_stores_in_notebook,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_skeleton_keeps_the_rules_of_a_notebook(rule):
    assert rule(SOURCE) == []


@pytest.mark.parametrize(
    "rule",
    [house_rules.execution_problems, house_rules.typed_quantities_in_notebook, house_rules.invisible_numbers],
    ids=lambda rule: rule.__name__,
)
def test_the_skeleton_keeps_the_rules_of_an_executed_notebook(executed, rule):
    assert rule(executed) == []


def test_the_skeleton_has_one_bound_one_confirmed_derivation_and_one_exercise(book):
    bounds = json.loads((book.html / "data" / "bounds.json").read_text("utf-8"))["bounds"]
    assert {bound["id"] for bound in bounds} == {f"q-skeleton/{when}" for when in ("published", "recomputed", "today")}
    assert all(bound["cl_method"] for bound in bounds)
    assert house_rules.confirmed_formulas(SOURCE) == 2
    text = "".join(map(house_rules.source_of, SOURCE["cells"]))
    assert text.count("{exercise}") == 1


def test_the_skeleton_says_what_its_letters_mean(book):
    usual, meanings = symbols.load(book.root)
    assert symbols.derived(SOURCE["cells"]) - usual == set(meanings[CHAPTER])


def test_the_skeletons_claim_is_settled_by_the_rule(book):
    ledger = json.loads((book.html / "data" / "ledger.json").read_text("utf-8"))["claims"]
    (row,) = (row for row in ledger if row["verdict"])
    by_hand = np.sqrt(1e-45 / 197.32698e-13**2 * 0.510999 * 0.01 / (2 * np.pi)) * 137.036
    assert (row["id"], row["verdict"]) == ("doe-2001/charge", "reproduced")
    assert row["recomputed"] == pytest.approx(by_hand, rel=1e-4)


def test_the_skeletons_inputs_move_its_bound(executed):
    texts = house_rules.glued(executed)
    assert float(texts["skeleton-gain"]) == pytest.approx(np.sqrt(float(texts["threshold-gain"])), rel=0.03)


def test_nothing_of_the_skeleton_stays_in_a_chapter():
    """Whoever copies it gives inputs, bound, formulas and source names of their own."""
    sources = [*(ROOT / "chapters").rglob("*.ipynb"), *(ROOT / "lib" / "nuem" / "data").rglob("*.yml")]
    for path in [*sources, ROOT / "references.bib"]:
        left = re.search(r"skeleton|doe-2001", path.read_text("utf-8"))
        assert not left or ".ipynb_checkpoints" in path.parts, f"{path}: {left[0]} is the skeleton's name; choose yours"
