"""The scripts in findings/ have the form that CONTRIBUTING asks for. None is run: their answers belong to others."""

import os
import re
import subprocess

import pytest
import upstream

SCRIPTS = sorted(upstream.FINDINGS.glob("*.sh"))


def head(script):
    """The comment at the top, as one line of words."""
    lines = script.splitlines()[1:]
    comment = lines[: next(number for number, line in enumerate(lines) if not line.startswith("#"))]
    return " ".join(line.lstrip("# ") for line in comment)


def test_there_are_findings():
    assert len(SCRIPTS) >= 10


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_form_of_a_finding(path):
    script = path.read_text()
    assert os.access(path, os.X_OK), "not executable"
    assert re.match(r"[\w ,-]* \d+\.\d+", head(script)), "the first line names no version"
    guess, found, matters = (head(script).find(word) for word in ("Guess:", "Found:", "Matters "))
    assert 0 < guess < found < matters
    assert upstream.pinned(script), "installs nothing"
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in upstream.pinned(script))
    assert "mktemp -d" in script and "trap 'rm -rf \"$folder\"' EXIT" in script
    assert f'"{upstream.AS_SEEN}' in script and f'"{upstream.CHANGED}"' in script and "sys.exit(not as_seen)" in script
    assert "nuem" not in script, "a finding stands without this book"
    assert not re.search(r"https?://|/home/|/tmp\b|/work\b", script), "an address or a path of one machine"
    subprocess.run(["bash", "-n", path], check=True)


def test_the_version_in_the_head_is_the_one_that_is_installed():
    for path in SCRIPTS:
        script = path.read_text()
        versions = upstream.pinned(script).values()
        title = head(script).split(": ")[0]
        named = re.findall(r"\d+(?:\.\d+)+", title)
        assert named and set(named) & set(versions), f"{path.name}: {title}"


def test_newest_drops_every_version_and_keeps_the_rest():
    script = SCRIPTS[0].read_text()
    newest = upstream.with_newest(script)
    installs = next(line for line in newest.splitlines() if "--quiet install" in line)
    assert "==" not in installs
    assert all(name in installs for name in upstream.pinned(script))
    assert newest.split("<<'PYTHON'")[1] == script.split("<<'PYTHON'")[1]


def test_a_changed_answer_is_told_from_a_kept_one():
    assert upstream.run("echo as seen in May")[1] == ""
    assert upstream.run("echo this has changed; exit 1")[1] == upstream.CHANGED
    assert upstream.run("echo as seen in May; exit 1")[1], "the status counts, not the words alone"
    assert upstream.run("echo 'ImportError: gone' >&2; exit 1")[1] == "ImportError: gone"
