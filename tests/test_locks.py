"""The locks: every package with hashes, no index address, nothing that the project file doesn't ask for."""

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
import renew
from conftest import ROOT

TEXTS = {name: (ROOT / name).read_text("utf-8") for name in renew.LOCKS}


@pytest.mark.parametrize("name", renew.LOCKS)
def test_every_package_is_locked_with_hashes_and_names_no_address(name):
    blocks = list(renew.BLOCK.finditer(TEXTS[name]))
    rest = renew.BLOCK.sub("", TEXTS[name]).splitlines()
    assert rest == [renew.HEAD.strip(), *(["-r requirements.txt"] if name != "requirements.txt" else [])]
    assert all("--hash=sha256:" in block[0] for block in blocks)
    assert not re.search(r"://|--(extra-)?index|find-links", TEXTS[name])


def test_the_environment_is_the_locked_one():
    from importlib.metadata import version

    from packaging.requirements import Requirement

    for block in renew.BLOCK.finditer(TEXTS["requirements.txt"]):
        locked = Requirement(re.sub(r"\s*\\?\n[\s\S]*", "", block[0]))
        if locked.marker is None or locked.marker.evaluate():
            assert version(locked.name) in locked.specifier, locked.name


def test_the_project_file_asks_for_nothing_that_is_not_locked():
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {"requirements.txt": [*project["dependencies"], *extras["notebook"], *extras["press"]]}
    asked |= {f"requirements-{extra}.txt": extras[extra] for extra in ("test", "lab")}
    for name, wanted in asked.items():
        locked = renew.versions(TEXTS["requirements.txt"]) | renew.versions(TEXTS[name])
        for requirement in map(Requirement, wanted):
            if requirement.name != "nuem":
                assert locked[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def installs(folder, digest):
    lock = folder / "requirements.txt"
    lock.write_text(f"made-up==1.0 --hash=sha256:{digest}\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--require-hashes",
        "--no-index",
        "--find-links",
        folder,
    ]
    result = subprocess.run([*command, "--target", folder / digest, "-r", lock], capture_output=True, text=True)
    return result.returncode == 0


def test_a_package_with_another_hash_is_not_installed(tmp_path):
    """With the options that the Makefile gives to pip."""
    assert "--no-deps --require-hashes" in (ROOT / "Makefile").read_text()
    wheel = tmp_path / "made_up-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("made_up.py", "")
        archive.writestr("made_up-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
        archive.writestr(
            "made_up-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("made_up-1.0.dist-info/RECORD", "")
    assert installs(tmp_path, hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert not installs(tmp_path, "0" * 64)


PROJECT = """
dependencies = [
    "numpy>=2.1,<3",
    "sympy>=1.14,<1.15", # stays: derivations were read with this one
    "dask[distributed]>=2025.1",
    "nbstripout>=0.9,<1", # a word
]
"""


def test_ceilings_rise_to_the_newest_version_but_for_those_that_say_why_they_stay():
    newest = {"numpy": "3.2.1", "sympy": "1.16.0", "nbstripout": "0.9.7"}
    raised = renew.with_raised_ceilings(PROJECT, newest)
    assert raised == PROJECT.replace("numpy>=2.1,<3", "numpy>=2.1,<4")
