"""What is known today: which bounds compete, which of them stands in the table, and what is said of it."""

import dataclasses

import pytest
from nuem import NuemError
from nuem.review import inputs
from nuem.synthesis import answers, standing
from nuem.synthesis.compared import Compared
from records_made_up import limit

TABLE = """
- what: Size of the snark
  symbol: $s$
  parameters: ["|ε|"]
  direct: {near: measured, far: measured}
  others: {star: star model}
  aside: {shadow: nobody believes it}
"""


@pytest.fixture
def line(tmp_path, monkeypatch):
    def read(text=TABLE):
        path = tmp_path / "answers.yml"
        path.write_text(text)
        (found,) = standing.lines(path)
        monkeypatch.setattr(answers, "lines", lambda: [found])
        return found

    return read


def compared(**sizes):
    found = [limit(id=f"{name}/today", value=value, cl=0.9, sided=1, flavour="ν_e") for name, value in sizes.items()]
    return Compared(found, [])


SNARKS = {"near": 3e-9, "far": 2e-9, "star": 1e-12, "shadow": 1e-30}


def test_the_smallest_that_competes_stands_in_the_table(line):
    line()
    head, [(what, direct, best)] = answers.table(compared(**SNARKS))
    assert what == ["Size of the snark", "$s$"] and len(head) == 3
    assert (direct[0]["text"], direct[0]["bound"]) == ("< 2.0 × 10⁻⁹ e", "far")
    assert direct[1]["text"] == "90 % CL; ν_e"
    assert (best[0]["bound"], best[3]["together"][0]["text"]) == ("star", "star model")
    assert best[3]["together"][0]["page"] == "chapters/stars/made-up.html#what-could-be-wrong"


def test_what_is_direct_and_best_stands_once(line):
    line()
    _, [(_, direct, best)] = answers.table(compared(**{**SNARKS, "star": 1.0}))
    assert direct[0]["bound"] == "far" and best == ["the direct one"]


def test_a_smaller_number_stays_out_with_its_reason(line):
    line()
    [row] = answers.aside(compared(**SNARKS))
    assert row[0] == "Size of the snark" and row[1]["bound"] == "shadow" and row[3] == "nobody believes it"


def test_a_smaller_bound_that_nobody_named_stops_the_build_and_a_larger_one_does_not(line):
    line()
    answers.table(compared(**SNARKS, boojum=1e-3))
    with pytest.raises(NuemError, match=r"boojum/today is smaller than what answers\.yml knows of the size"):
        answers.table(compared(**SNARKS, boojum=1e-20))


@pytest.mark.parametrize("fields", [{"cl": 0.68, "sided": 1}, {"parameter": "μ_ν", "unit": "mu_B"}])
def test_a_standard_deviation_and_another_property_are_no_rivals(line, fields):
    line()
    found = compared(**SNARKS)
    answers.table(Compared([*found.bounds, limit(id="boojum/today", value=1e-20, **fields)], []))


def test_a_reader_s_own_inputs_may_make_any_bound_the_smallest(line):
    line()
    bounds = [dataclasses.replace(bound, overridden=True) for bound in compared(**SNARKS, boojum=1e-20).bounds]
    answers.table(Compared(bounds, []))


def test_an_unknown_word_is_refused(line):
    with pytest.raises(NuemError, match=r"Size of the snark: unknown word; .*measured"):
        line(TABLE.replace("star model", "stellar"))


def test_a_bound_that_was_renamed_is_named(line):
    line()
    with pytest.raises(NuemError, match="no chapter publishes the bound star/today"):
        answers.table(compared(near=1.0, far=1.0, shadow=1.0))


KNOWN = """
width: {describe: w, unit: "1", today: {value: "1.0(1)", source: doe-1990, where: p. 1}}
width_error: {describe: e, unit: "1", today: {error_of: width}}
weight: {describe: a, unit: "1", today: {value: "3", source: scales-2016, where: p. 2}}
speed: {describe: c, unit: "1", today: {value: "3", source: codata-2022, where: p. 3}}
listed: {describe: l, unit: "1", today: {value: "3", source: pdg-2026, where: p. 3}}
"""


@pytest.mark.parametrize(
    "weights, expected",
    [
        ({"width": 0.1, "width_error": 0.9, "weight": 1.0, "speed": 2.0}, ["doe-1990"]),
        ({"width_error": 0.01, "weight": 1.0, "speed": 2.0}, ["scales-2016"]),
        ({"listed": 1.0, "speed": 2.0}, ["pdg-2026"]),
        ({"speed": 2.0}, []),
    ],
)
def test_who_made_a_bound_are_the_sources_of_its_uncertainties_and_no_constants(
    tmp_path, monkeypatch, weights, expected
):
    (tmp_path / "made-up.yml").write_text(KNOWN)
    known = inputs.read_files(tmp_path)
    monkeypatch.setattr(standing, "_raw_inputs", lambda: known)
    rows = tuple(
        {
            "name": name,
            "source": known[name][1]["today"].get("source", "doe-1990"),
            "value": 1.0,
            "error": None,
            "elasticity": weight,
            "contribution": None,
            "checked": "source",
        }
        for name, weight in weights.items()
    )
    assert standing.sources(limit(inputs=rows)) == expected
