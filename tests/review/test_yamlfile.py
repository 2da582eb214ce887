"""The strict reader of YAML files: the same content as the usual one, or one sentence with the line."""

import pytest
import yaml
from conftest import ROOT
from nuem.errors import NuemError
from nuem.review import yamlfile

OWN = sorted([*(ROOT / "lib" / "nuem" / "data").rglob("*.yml"), ROOT / "_toc.yml", ROOT / "_config.yml"])


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_the_book_s_own_files_are_strict_and_read_as_ever(path):
    assert yamlfile.read(path, path.name) == yaml.safe_load(path.read_text("utf-8"))


def test_every_kind_of_plain_content(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text("a: 1\nb: [-1.5, +2, .5, 0, 1e-10, text, 'yes', '010', true, null, 08, '']\nc: {d: {}}\n")
    numbers = [-1.5, 2, 0.5, 0]
    assert yamlfile.read(path, "a.yml") == {
        "a": 1,
        "b": [*numbers, "1e-10", "text", "yes", "010", True, None, "08", ""],
        "c": {"d": {}},
    }
    path.write_text("")
    assert yamlfile.read(path, "a.yml") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "x.yml, line 3: a stands twice, first in line 1; keep one"),
        ("a: 1\n'a': 3", "x.yml, line 2: a stands twice"),
        ("- a: {b: 1,\n   b: 2}", "x.yml, line 2: b stands twice, first in line 1"),
        ("a: 1\n1: 2", "x.yml, line 2: the key 1 isn't text; put it in quotes"),
        ("yes: 2", "x.yml, line 1: the key yes isn't text"),
        ("~: 2", "x.yml, line 1: the key ~ isn't text"),
        ("[a, b]: 2", "x.yml, line 1: the key here isn't text"),
        ("<<: {a: 1}", "x.yml, line 1: the key << isn't text"),
        ("a: &one 1\nb: *one", "x.yml, line 1: this is used again by an anchor; write it out"),
        ("a: &one {b: *one}", "x.yml, line 1: .*anchor"),
        ("a: 2026-01-01", "x.yml, line 1: YAML reads this as timestamp; put it in quotes"),
        ("a: !!set {b}", "x.yml, line 1: YAML reads this as set"),
        ("a: !!python/name:os.system x", "x.yml, line 1: YAML reads this as "),
        ("a: [", "x.yml: not valid YAML: .*line 2, column 1"),
        ("a:\tb\n\t- c", "x.yml: not valid YAML: .*tab.*line 2"),
        ("a: 1\n---\nb: 2", "x.yml: not valid YAML: .*another document at line 2"),
        ("a: " + "[" * 2000 + "]" * 2000, "x.yml: nested too deeply"),
        ("a: 1.0e+999", "x.yml, line 1: '1.0e.999' doesn't fit into a floating-point number"),
        ("a: 1.0e-999", "x.yml, line 1: '1.0e-999' doesn't fit"),
        ("a: yes", "x.yml, line 1: YAML reads yes as a boolean; write true or false, or quotes"),
        ("a: [x,\n Off]", "x.yml, line 2: YAML reads Off as a boolean"),
    ],
)
def test_what_yaml_would_change_or_drop_is_refused_with_its_line(tmp_path, text, message):
    (tmp_path / "x.yml").write_text(text)
    with pytest.raises(NuemError, match=message):
        yamlfile.read(tmp_path / "x.yml", "x.yml")


# What YAML 1.1 makes of each; to a person, or to YAML 1.2, it is another number or none.
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("010", 8),
        ("-017", -15),
        ("1:30", 90),
        ("1:30.5", 90.5),
        ("1_000", 1000),
        ("1_0.5", 10.5),
        ("0x10", 16),
        ("0b11", 3),
    ],
)
def test_numbers_that_yaml_reads_otherwise_than_they_look(tmp_path, written, read):
    assert yaml.safe_load(written) == read
    (tmp_path / "x.yml").write_text(f"a: b\nc: {written}")
    with pytest.raises(
        NuemError, match=f"x.yml, line 2: YAML doesn't read {written} as it looks; write a plain decimal"
    ):
        yamlfile.read(tmp_path / "x.yml", "x.yml")


@pytest.mark.parametrize("written", [".nan", ".inf", "-.Inf"])
def test_numbers_are_finite(tmp_path, written):
    (tmp_path / "x.yml").write_text(f"c: {written}")
    with pytest.raises(NuemError, match=f"x.yml, line 1: YAML doesn't read {written}"):
        yamlfile.read(tmp_path / "x.yml", "x.yml")


@pytest.mark.parametrize("written", ["true", "False", "yes", "no", "on"])
def test_where_numbers_are_expected_there_are_no_booleans(tmp_path, written):
    (tmp_path / "x.yml").write_text(f"c: {written}")
    with pytest.raises(NuemError, match=f"x.yml, line 1: YAML reads {written} as a boolean; write a number"):
        yamlfile.read(tmp_path / "x.yml", "x.yml", booleans=False)


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.yml").write_bytes("a: größe".encode("latin-1"))
    with pytest.raises(NuemError, match=r"latin.yml: not UTF-8 \(byte 6\); save it in that encoding"):
        yamlfile.read(tmp_path / "latin.yml", "latin.yml")
    for path in (tmp_path / "nowhere.yml", tmp_path):
        with pytest.raises(NuemError, match=r"x.yml: .*; give the path of a YAML file"):
            yamlfile.read(path, "x.yml")
