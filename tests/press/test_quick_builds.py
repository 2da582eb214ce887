"""A quick build is a clean build: after changes at random both make the same site, to the byte.

`make test` does a few rounds on a small book; `QUICK_BUILD_ROUNDS=200 pytest tests/press/test_quick_builds.py` many.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nuem
import pytest
from conftest import ROOT
from test_book import CHAPTER, SYNTHESIS, write_chapter

ROUNDS = int(os.environ.get("QUICK_BUILD_ROUNDS", "2"))
DERIVING = """
import nuem
from nuem import dirac
chapter = nuem.Chapter(overrides)
chapter.number("error", {factor} * chapter.today.muon_anomaly_error, "the error")
chapter.show_inputs("muon_anomaly_error")
print(nuem.claims.claim("babu-volkas-1992/five-u1").claim)
"""
COMPARING = """
import nuem
bounds, ledger = nuem.reader.other_chapters()
print(len(bounds), ledger[0]["claim"])
"""


@pytest.fixture
def root(tmp_path):
    """A small book beside a copy of the package, both of which may be changed."""
    root = tmp_path / "book"
    (root / "reference").mkdir(parents=True)
    for name in ("_config.yml", "references.bib", "requirements.txt", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "assets", root / "assets")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(nuem.__file__).parent, root / "lib" / "nuem", ignore=ignore)
    pages = {
        "index": "# A small book\n\n```{nuem-verdicts}\n```\n",
        "reference/inputs": "# Inputs\n\n```{nuem-inputs}\n```\n",
    }
    pages["reference/bibliography"] = "# Bibliography\n\n```{bibliography}\n:all:\n```\n"
    for name, text in pages.items():
        (root / f"{name}.md").write_text(text)
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n- caption: Parts\n  chapters:\n"
        + "".join(f"  - file: {name}\n" for name in (CHAPTER, SYNTHESIS, "reference/inputs", "reference/bibliography"))
    )
    write_chapter(root, CHAPTER, DERIVING.format(factor=1))
    write_chapter(root, SYNTHESIS, COMPARING)
    return root


def built(root):
    """Every file of the site after `make book`."""
    environment = {**os.environ, "PYTHONPATH": str(root / "lib")}
    command = [sys.executable, "-m", "nuem", "build", "--jobs", "2"]
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr + result.stdout
    html = root / "_build" / "html"
    files = {path.relative_to(html): path.read_bytes() for path in html.rglob("*") if path.is_file()}
    del files[Path(".fingerprint")]  # times and hashes of the build itself
    return files, result.stdout


def edit(path, old, new):
    """Replace the first place of a pattern, which must be found again after the change: many rounds do it anew."""
    changed, count = re.subn(old, new, path.read_text("utf-8"), count=1)
    assert count and re.search(old, changed), (path, old)
    path.write_text(changed, "utf-8")


def a_sentence(root, number):
    edit(root / f"{CHAPTER}.ipynb", "# small", rf"# small\\n\\nSentence {number}.\\n\\n# small")


def a_title(root, number):
    edit(root / f"{SYNTHESIS}.ipynb", "# summary", f"# summary {number} and")


def a_line_of_code(root, number):
    write_chapter(root, CHAPTER, DERIVING.format(factor=number))


def an_input(root, number):
    edit(root / "lib/nuem/data/inputs/muon-g-2.yml", r'value: "9(\.\d+)?e-9"', f'value: "9.{number}e-9"')


def another_input(root, number):
    edit(root / "lib/nuem/data/inputs/neutrality-of-matter.yml", "describe: ", f"describe: {number} ")


def a_claim(root, number):
    edit(root / "lib/nuem/data/claims/babu-volkas-1992.yml", "claim: '(by \\d+ )?the", f"claim: 'by {number} the")


def a_module_in_reach(root, number):
    edit(root / "lib/nuem/physics/dirac.py", "from __future__", f"# {number}\nfrom __future__")


def a_module_out_of_reach(root, number):
    edit(root / "lib/nuem/physics/recoil.py", "from __future__", f"# {number}\nfrom __future__")


def a_word_of_the_press(root, number):
    edit(root / "lib/nuem/press/tables.py", r"claims (\(\d+\) )?go back to", f"claims ({number}) go back to")


def a_style(root, number):
    edit(root / "assets/nuem.css", r"\{", f"{{ --number: {number};")


CHANGES = [
    a_sentence,
    a_title,
    a_line_of_code,
    an_input,
    another_input,
    a_claim,
    a_module_in_reach,
    a_module_out_of_reach,
    a_word_of_the_press,
    a_style,
]


def test_a_quick_build_is_a_clean_build(root):
    choose = random.Random(1)
    built(root)
    waiting = []
    for number in range(ROUNDS):
        waiting = waiting or choose.sample(CHANGES, len(CHANGES))  # each before any comes again
        changes = [waiting.pop() for _ in range(min(choose.randint(1, 4), len(waiting)))]
        for change in changes:
            change(root, number)
        quick, _ = built(root)
        shutil.rmtree(root / "_build")
        clean, _ = built(root)
        differing = sorted(str(name) for name in quick.keys() | clean.keys() if quick.get(name) != clean.get(name))
        assert differing == [], f"round {number}, after {[change.__name__ for change in changes]}"


@pytest.mark.parametrize(
    "change", [a_sentence, another_input, a_claim, a_word_of_the_press, a_style, a_module_out_of_reach]
)
def test_a_chapter_runs_if_what_it_asked_for_changed_and_only_then(root, change):
    built(root)
    change(root, 1)
    _, said = built(root)
    assert ("executing" in said) is (change is a_claim)
