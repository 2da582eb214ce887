"""What a public home of the book needs: it names no address, its parts agree, and one line turns the buttons on."""

import json
import re

import pytest
import yaml
from conftest import ROOT

HOME = [
    *sorted((ROOT / ".github").rglob("*.*")),
    *(ROOT / name for name in (".devcontainer/devcontainer.json", "binder/requirements.txt", "binder/postBuild")),
    *(ROOT / name for name in (".zenodo.json", "CITATION.cff")),
]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# Images and actions have addresses of their own; no page of this book has one until _config.yml says it.
FOREIGN = re.compile(r"https?://\S+")


def targets():
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)) | {".venv/test", ".venv/lab"}


@pytest.mark.parametrize("path", HOME, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_of_the_public_home_points_to_an_address_that_is_not_set(path):
    assert FOREIGN.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_call_commands_that_exist(path):
    workflow = yaml.safe_load(path.read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    said = "\n".join(step.get("run", "") for step in steps)
    called = set(re.findall(r"\bmake ([\w./-]+)", said))
    assert called <= targets(), called - targets()
    assert said.strip()
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]) for step in steps if "uses" in step)


def test_changes_are_tested_on_every_python_that_the_locks_are_made_for():
    workflow = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text())
    pythons = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]
    assert "Python 3.11 to 3.14" in (ROOT / "requirements.txt").read_text().splitlines()[0]


def test_the_versions_agree():
    project = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    archive = json.loads((ROOT / ".zenodo.json").read_text())
    assert citation["version"] == archive["version"] == project
    assert citation["title"] == archive["title"]
    package = (ROOT / "lib/nuem/__init__.py").read_text()
    assert f'__version__ = "{project}"' in package


def test_the_archive_names_every_reviewed_paper():
    from pybtex.database import parse_file

    entries = parse_file(str(ROOT / "references.bib")).entries
    papers = {path.stem for path in (ROOT / "lib/nuem/data/claims").glob("*.yml")}
    named = {row["identifier"] for row in json.loads((ROOT / ".zenodo.json").read_text())["related_identifiers"]}
    known = {key: {entries[key].fields.get("doi"), f"arXiv:{entries[key].fields.get('eprint')}"} for key in papers}
    assert all(known[key] & named for key in papers)
    assert len(named) == len(papers)


def test_forms_ask_for_what_one_needs_to_answer():
    forms = {
        path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")
    }
    asked = {name: {part["id"] for part in form["body"]} for name, form in forms.items()}
    assert {"place", "why", "version"} <= asked["number"]
    assert {"claim", "reading", "source"} <= asked["verdict"]
    assert {"source", "value"} <= asked["source"]
    assert {"command", "result", "system"} <= asked["software"]
