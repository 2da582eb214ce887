"""What makes the outputs of a chapter stale, and what doesn't."""

import shutil

import pytest
from nuem.press import fingerprint
from nuem.review import claims, inputs

CODE = "import nuem\nfrom nuem import figures, plasma\nchapter = nuem.Chapter(overrides)"
NAMED = {
    "inputs": ["muon_anomaly_error"],
    "claims": ["babu-volkas-1992/five-u1"],
    "files": ["reactor-antineutrinos.yml"],
}


def notebook(code=CODE, prose="words", **metadata):
    return {
        "cells": [
            {"cell_type": "markdown", "id": "words", "metadata": {}, "source": prose},
            {"cell_type": "code", "id": "code", "metadata": metadata, "source": code},
        ]
    }


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the package that may be changed."""
    copy = shutil.copytree(fingerprint.PACKAGE, tmp_path / "package", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "PACKAGE", copy)
    monkeypatch.setattr(claims, "FOLDER", copy / "data" / "claims")
    read = inputs.read_files
    monkeypatch.setattr(inputs, "read_files", lambda: read(copy / "data" / "inputs"))
    (tmp_path / "requirements.txt").write_text("numpy==2\n")
    fingerprint.forget()
    yield copy
    fingerprint.forget()


@pytest.fixture
def hash_now(package, tmp_path):
    def hash_now(source=None, named=NAMED, overrides=None):
        fingerprint.forget()
        return fingerprint.of_chapter(fingerprint.snapshot(tmp_path), source or notebook(), named, overrides or {})

    return hash_now


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (notebook(prose="other words"), True),
        (notebook(collapsed=True), True),
        (notebook(code=CODE + "\n"), False),
        (notebook(tags=["parameters"]), False),
    ],
)
def test_code_counts_and_prose_does_not(hash_now, source, same):
    assert (hash_now(source) == hash_now()) is same


@pytest.mark.parametrize(
    ("file", "old", "new", "same"),
    [
        ("physics/plasma/collisions.py", "import", "import  ", False),
        ("physics/units.py", "import", "import  ", False),  # plasma needs it
        ("notebook/chapter.py", "import", "import  ", False),  # nuem.Chapter
        ("physics/loops.py", "import", "import  ", True),
        ("press/tables.py", "import", "import  ", True),
        ("view/cards.py", "import", "import  ", True),
        ("__init__.py", "import", "import  ", False),
        ("data/schemas/bounds.schema.json", "{", "{ ", False),
        ("data/reactor-antineutrinos.yml", "below_two_mev", "below_three_mev", False),
        ("data/inputs/muon-g-2.yml", '"9e-9"', '"8e-9"', False),
        ("data/inputs/neutrality-of-matter.yml", "describe: ", "describe: more ", True),
        ("data/inputs/muon-g-2.yml", "muon_anomaly_error:", "# a comment\nmuon_anomaly_error:", True),
        ("data/claims/babu-volkas-1992.yml", "claim: 'the", "claim: 'more of the", False),
        ("data/claims/gemma-2014.yml", "claim: ", "claim: more ", True),
    ],
)
def test_what_a_chapter_reaches_and_names_counts(package, hash_now, file, old, new, same):
    before = hash_now()
    change(package / file, old, new)
    assert (hash_now() == before) is same


def test_the_lock_counts(hash_now, tmp_path):
    before = hash_now()
    (tmp_path / "requirements.txt").write_text("numpy==3\n")
    assert hash_now() != before


def test_own_inputs_count_where_they_are_asked_for(hash_now):
    assert hash_now(overrides={"muon_anomaly_error": 1}) != hash_now()
    assert hash_now(overrides={"gemma_threshold": 1}) == hash_now()


def test_an_uncertainty_follows_the_input_that_it_belongs_to(hash_now):
    """Today's `muon_anomaly_error` is the error of `muon_anomaly`."""
    assert hash_now(overrides={"muon_anomaly": "1(1)e-9"}) != hash_now()


@pytest.mark.parametrize(
    "code",
    [
        "from nuem import loops",
        "import nuem\nnuem.loops.moment",
        "import nuem.physics.loops",
        "from nuem.physics import loops",
        "from nuem.physics.loops import moment",
        "def later():\n    from nuem.physics.loops import moment",
        "import nuem\ngetattr(nuem, 'lo' + 'ops')",
        "import nuem as book\nbook.loops",
    ],
)
def test_every_way_to_a_module_is_seen(package, hash_now, code):
    before = hash_now(notebook(code))
    change(package / "physics" / "loops.py", "import", "import  ")
    assert hash_now(notebook(code)) != before


def test_all_names_of_a_kind(package, hash_now):
    named = {**NAMED, "claims": [fingerprint.ALL]}
    before = hash_now(named=named)
    change(package / "data" / "claims" / "gemma-2014.yml", "claim: ", "claim: more ")
    assert hash_now(named=named) != before
