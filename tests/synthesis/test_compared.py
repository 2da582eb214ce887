"""Bounds and claims of other chapters are found by name, and what is gone is named."""

import pytest
from nuem import NuemError
from nuem.synthesis.compared import Compared
from records_made_up import claim, limit, region

BOUNDS = [limit(id="charge/recomputed", vintage="recomputed", value=2e-9), limit(), region()]
PART = claim("paper/pair#low", "discrepant")
OTHERS = Compared(BOUNDS, [claim("paper/one"), claim("paper/open", None), claim("paper/pair", parts=[PART])])


def test_a_number_is_that_of_its_vintage():
    assert OTHERS.value("charge") == 2e-9
    assert OTHERS.value("charge", "today") == 1e-9


def test_a_bound_that_no_chapter_publishes_any_more_is_named():
    with pytest.raises(NuemError, match=r"no chapter publishes the bound charge-of-old/recomputed; .* mend its name"):
        OTHERS.value("charge-of-old")


def test_claims_and_their_parts_have_rows():
    assert OTHERS.row("paper/one")["verdict"] == "reproduced"
    assert OTHERS.row("paper/pair#low") == PART


@pytest.mark.parametrize("name", ["paper/open", "paper/none"])
def test_a_claim_that_no_other_chapter_settles_is_refused(name):
    with pytest.raises(NuemError, match=f"no other chapter settles the claim {name}"):
        OTHERS.row(name)


def test_regions_are_no_lines_of_a_table():
    assert OTHERS.by_vintage() == {"charge": {"recomputed": BOUNDS[0], "today": BOUNDS[1]}}
