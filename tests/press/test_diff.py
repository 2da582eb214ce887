"""What moved between two revisions."""

import json
import subprocess

import pytest
from nuem.errors import NuemError
from nuem.press import diff


def files(bounds=(), claims=()):
    return {"bounds": {"bounds": list(bounds)}, "ledger": {"claims": list(claims)}}


def bound(name, value=None, curve=None, cl=0.9):
    return {"id": name, "value": value, "lower": None, "upper": None, "error": None, "cl": cl, "curve": curve}


def claim(name, recomputed, verdict="reproduced", severity=None):
    return {"id": name, "parts": [], "recomputed": recomputed, "verdict": verdict, "severity": severity}


def test_the_largest_change_comes_first():
    old = files([bound("a/today", 1.0), bound("b/today", 1.0), bound("c/today", 5.0)], [claim("p/x", 2.0)])
    new = files([bound("a/today", 1.1), bound("b/today", 0.5), bound("c/today", 5.0)], [claim("p/x", 2.0)])
    found = diff.moves(old, new)
    assert [move.name for move in found] == ["b/today value", "a/today value"]
    assert found[0].text == "1.00000 → 0.500000, × 0.5"


def test_a_turned_verdict_comes_before_any_number():
    old = files([bound("a/today", 1.0)], [claim("p/x", 2.0)])
    new = files([bound("a/today", 9.0)], [claim("p/x", 2.0, "discrepant", "minor")])
    assert diff.moves(old, new)[0].text == "reproduced → discrepant minor"


def test_what_is_new_and_what_is_gone_is_said():
    texts = {move.name: move.text for move in diff.moves(files([bound("a", 1.0)]), files([bound("b", -2.0)]))}
    assert texts["a value"].startswith("gone: 1") and texts["b value"].startswith("new: −2")


def test_a_changed_sign_and_a_changed_confidence_are_seen():
    old = files([bound("a", 1.0), bound("b", 0.0), bound("c", 1.0)])
    new = files([bound("a", -1.0), bound("b", 1.0), bound("c", 1.0, cl=0.95)])
    assert [move.name for move in diff.moves(old, new)] == ["a value", "b value", "c confidence"]


def test_rounding_in_another_order_is_no_move():
    assert diff.moves(files([bound("a", 1.0)]), files([bound("a", 1.0 + 1e-12)])) == []


def test_a_moved_edge_of_a_region_names_its_mass():
    curve = {"x": [1.0, 10.0], "lower": [1e-3, 1e-2], "upper": [None, None]}
    old = files([bound("r", curve=curve)])
    new = files([bound("r", curve={**curve, "lower": [1e-3, 2e-2]})])
    assert [move.name for move in diff.moves(old, new)] == ["r lower edge at 10"]


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit whose public files are kept already."""

    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        return subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "--quiet")
    (tmp_path / "requirements.txt").write_text("")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    here = tmp_path / "_build" / "html" / "data"
    base = tmp_path / "_build" / "base" / git("rev-parse", "HEAD")
    for folder, value in ((here, 2.0), (base, 1.0)):
        folder.mkdir(parents=True)
        (folder / "bounds.json").write_text(json.dumps({"bounds": [bound("a/today", value)]}))
        (folder / "ledger.json").write_text(json.dumps({"claims": []}))
    return tmp_path


def test_the_report_names_the_base_and_every_move(repository):
    text = diff.report(repository, "HEAD")
    assert "1 moved" in text and "a/today value  1.00000 → 2.00000, × 2" in text


def test_an_unknown_revision_is_refused(repository):
    with pytest.raises(NuemError, match="BASE=nowhere is no revision; give a commit"):
        diff.report(repository, "nowhere")


def test_a_tree_that_is_not_built_is_refused(repository):
    (repository / "_build" / "html" / "data" / "bounds.json").unlink()
    with pytest.raises(NuemError, match="run `make book` first"):
        diff.report(repository, "HEAD")


def test_a_base_that_cannot_be_built_says_why_and_leaves_no_worktree(repository):
    kept = next((repository / "_build" / "base").iterdir())
    for path in kept.iterdir():
        path.unlink()
    with pytest.raises(NuemError, match=r"the base revision can't be built:\n.*_config\.yml"):
        diff.report(repository, "HEAD")
    trees = subprocess.run(["git", "-C", str(repository), "worktree", "list"], capture_output=True, text=True).stdout
    assert len(trees.splitlines()) == 1


def test_what_own_inputs_moved_is_a_short_table(tmp_path):
    def site(name, value, verdict="reproduced"):
        folder = tmp_path / name
        folder.mkdir()
        content = files([bound(f"b{index}/today", value) for index in range(50)], [claim("p/x", 2.0, verdict)])
        for key, document in content.items():
            (folder / f"{key}.json").write_text(json.dumps(document))
        return folder

    book = site("book", 1.0)
    one = diff.by_own_inputs(book, site("verdict", 1.0, "quoted")).splitlines()
    assert one[0].endswith("that moved: 1; no bound is among them")
    assert one[1:] == ["  p/x verdict  reproduced → quoted"]
    many = diff.by_own_inputs(book, site("many", 2.0)).splitlines()
    assert many[0].endswith("that moved: 50")
    assert many[-1] == "  … and 10 more" and len(many) == 42
