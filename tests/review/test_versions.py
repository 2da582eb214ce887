"""Public files of older versions, as they were written then, read as today's."""

import json
from pathlib import Path

import pytest
from nuem import NuemError, bounds, ledger
from nuem.review import records, versions

OLDER = Path(__file__).parent / "older"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(("name", "rows"), [("bounds", "bounds"), ("ledger", "claims")])
def test_an_older_file_says_all_that_it_said(name, rows, version):
    old = json.loads((OLDER / f"{name}-{version}.json").read_text("utf-8"))
    new = versions.upgraded(old)
    records.validate(new, name)
    assert old["schema"] == version and new["schema"] == versions.CURRENT
    for before, after in zip(old[rows], new[rows], strict=True):
        assert {field: after[field] for field in before if field not in ("parts", "inputs")} == {
            field: content for field, content in before.items() if field not in ("parts", "inputs")
        }
        for nested in ("parts", "inputs"):
            for one, other in zip(before.get(nested, []), after.get(nested, []), strict=True):
                assert one.items() <= other.items()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_bounds_of_an_older_file_are_typed(version):
    found = {bound.id: bound for bound in bounds(OLDER / f"bounds-{version}.json")}
    assert found["r2-texono/today"].kind == "interval" and found["eps-muonium-1s2s/today"].kind == "measurement"
    limit = found["eps-muon-moment/recomputed"]
    assert limit.times_stronger(limit) == 1 and limit.url == f"{limit.chapter}.html#bound-eps-muon-moment"
    assert limit.inputs and limit.unverified == (), "what wasn't recorded is not held against an input"


def test_what_an_older_file_said_in_words_becomes_a_field():
    found = {bound.id: bound for bound in bounds(OLDER / "bounds-1.1.json")}
    origins = {
        "eps-muon-moment/published": "printed",
        "eps-muon-moment/recomputed": "computed",
        "q-laboratory/today": "quoted",
        "plane-argoneut/today": "quoted",
        "plane-overclosure/today": "computed",
    }
    assert {name: found[name].origin for name in origins} == origins
    assumed = {name: bound.assumes for name, bound in found.items() if bound.assumes}
    assert assumed == {
        "plane-overclosure/today": ("no paraphoton",),
        "plane-overclosure-paraphoton/today": ("paraphoton",),
    }


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_an_older_ledger_does_not_say_is_empty(version):
    rows = [part for row in ledger(OLDER / f"ledger-{version}.json") for part in (row, *row["parts"])]
    added = ("checked",) if version == "1.1" else ("checked", "root", "unstated", "unstated_range")
    assert rows and all(row[field] is None for row in rows for field in added)


@pytest.mark.parametrize("document", [[], 7, {}, {"schema": "9.9", "bounds": []}, {"schema": versions.CURRENT}])
def test_what_is_of_no_older_version_is_left_alone(document):
    assert versions.upgraded(document) is document


@pytest.mark.parametrize("name", ["bounds", "ledger"])
def test_a_damaged_row_is_left_to_the_schema(name):
    rows = "bounds" if name == "bounds" else "claims"
    for row in ({"id": "a/today"}, 7, {"id": "a/today", "inputs": [7], "parts": [7]}):
        with pytest.raises(NuemError, match=rf"^{name}\.json, record "):
            records.validate(versions.upgraded({"schema": "1.0", rows: [row]}), name)
