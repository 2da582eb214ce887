"""Bounds that no chapter publishes, for the tests of this room."""

from nuem.review.bounds import Limit, Region

COMMON = {"title": "a bound", "vintage": "today", "chapter": "chapters/stars/made-up", "cell": "result"}
PLACE = r"chapters/stars/made-up \(cell result\)"


def limit(**fields):
    common = {"id": "charge/today", "parameter": "|ε|", "unit": "1", "value": 1e-9}
    if fields.get("vintage") == "published":
        common["origin"] = "printed"
    return Limit(**{**COMMON, **common, **fields})


def region(name="plane", x=(1.0, 100.0), lower=(1e-9, 1e-9), upper=(1e-8, 1e-8), units=("eV", "1"), **fields):
    curve = {"x": list(x), "lower": list(lower), "upper": list(upper), "units": {"x": units[0], "y": units[1]}}
    return Region(**{**COMMON, "id": f"{name}/today", "parameter": "ε", "unit": units[1], "curve": curve, **fields})


def claim(name, verdict="reproduced", parts=(), **fields):
    paper = name.partition("/")[0]
    row = {"id": name, "paper": paper, "where": "eq. (1)", "verdict": verdict, "parts": list(parts), "chapter": None}
    return {**row, **fields}
