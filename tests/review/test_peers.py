"""Public codes of others: the file of their numbers is refused where it can't be meant, and ours are within."""

import json
import re

import pytest
import yaml
from cells import names
from conftest import ROOT
from nuem import NuemError
from nuem.review import peers

RESULTS = peers.results()
IN_A_TEST = [result for result in RESULTS if result.quantity not in ("helium_per_neutrino", "argoneut")]


@pytest.fixture(scope="module")
def ours():
    """What the cells of the page compute; the two others need a whole chapter, or a built book."""
    return names("chapters/synthesis/peers", "ours")["OURS"]


@pytest.mark.parametrize("result", IN_A_TEST, ids=lambda one: f"{one.quantity}-{'-'.join(map(str, one.at.values()))}")
def test_ours_stays_within_the_stated_tolerance_of_theirs(ours, result):
    ratio = result.compared(ours)
    assert result.agrees(ratio), ratio
    if result.within is None:
        assert abs(ratio - 1) > 0.1, "the code is not outside its range here; state a tolerance"


def test_every_quantity_has_a_place_on_the_page():
    cells = json.loads((ROOT / "chapters" / "synthesis" / "peers.ipynb").read_text("utf-8"))["cells"]
    source = "".join("".join(cell["source"]) for cell in cells)
    shown = {result.quantity for result in RESULTS} - {"helium_per_neutrino"}  # in the chapter on nucleosynthesis
    assert {quantity for quantity in shown if f'"{quantity}"' not in source} == set()


@pytest.mark.parametrize("code", sorted({one.code.name: one.code for one in RESULTS}.values(), key=lambda c: c.name))
def test_what_make_peers_runs_is_pinned_and_has_a_script(code):
    script = ROOT / "peers" / f"with_{code.name.replace('-', '_')}.py"
    assert script.is_file() == bool(code.packages)
    if code.packages:
        pinned = code.packages[0] == f"{code.name}=={code.version}"
        commit = re.search(r"@([0-9a-f]{40})$", code.packages[0])
        assert pinned or (commit and code.version == f"commit {commit[1][:7]}")
        wanted = {one.quantity for one in RESULTS if one.code == code}
        assert {quantity for quantity in wanted if f"def {quantity}(" not in script.read_text("utf-8")} == set()


def test_a_ratio_outside_is_noticed():
    result = peers.Result(RESULTS[0].code, "length", {"times": 3}, theirs=30.0, within=0.01)
    assert result.compared({"length": lambda times: 10.2 * times}) == pytest.approx(1.02)
    assert not result.agrees(1.02) and not result.agrees(0.98) and result.agrees(1.009)


def test_a_quantity_that_nothing_computes_is_named():
    with pytest.raises(NuemError, match="nothing here computes plasma_loss"):
        RESULTS[0].compared({"electron": lambda **_: 1.0})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": "nobody"}, "unknown code 'nobody'"),
        ({"theirs": -1.0}, "theirs or within is not allowed"),
        ({"within": 0.0}, "theirs or within is not allowed"),
        ({"where": "here"}, "a result has the fields code, at, theirs and within"),
    ],
)
def test_what_can_not_be_meant_is_refused(tmp_path, change, message):
    code = {"version": "1", "source": "somebody-2000", "packages": [], "obtained": "read"}
    row = {"code": "some", "at": {}, "theirs": 1.0, "within": 0.1, **change}
    path = tmp_path / "peers.yml"
    path.write_text(yaml.safe_dump({"codes": {"some": code}, "results": {"length": [row]}}))
    with pytest.raises(NuemError, match=f"peers.yml, length: .*{message}"):
        peers.results(path)
