"""The plane of mass and charge: what regions exclude together, and how they are named."""

import numpy as np
import pytest
from nuem import NuemError, figures
from nuem.synthesis import plane
from records_made_up import PLACE, limit, region


@pytest.mark.parametrize("units", [("keV", "1"), ("eV", "mu_B")])
def test_a_region_in_other_units_is_not_drawn(units):
    with pytest.raises(NuemError, match=PLACE + f".* is in {units[0]} and {units[1]}; the plane needs eV and 1"):
        plane.regions([limit(), region(), region("other", units=units)])


def test_only_regions_of_the_vintage_count():
    then = region(id="plane/recomputed", vintage="recomputed")
    found = plane.regions([limit(), then, region()])
    assert found == [then, region()]
    assert plane.of_vintage(found, "recomputed") == [then]


def test_everything_above_the_lowest_charge_is_excluded():
    low = region(lower=(1e-9, 1e-9), upper=(1e-5, 1e-5))
    middle = region("middle", lower=(1e-6, 1e-6), upper=(1e-2, 1e-2))
    top = region("top", lower=(1e-2, 1e-2), upper=(None, None))  # an open edge
    for order in ([low, middle, top], [top, low, middle]):
        assert plane.lowest_charge(order, 10.0) == pytest.approx(1e-9, rel=1e-12, abs=0)
    assert plane.lowest_charge([low, top], 10.0) == pytest.approx(1e-2, rel=1e-12, abs=0)  # a gap
    assert plane.lowest_charge([low, middle], 10.0) == 1.0, "the largest charges are free"
    assert plane.lowest_charge([low, middle, top], 1000.0) == 1.0, "no region reaches this mass"
    assert plane.lowest_charge([], 10.0) == 1.0


def test_the_lowest_charge_at_many_masses_is_that_at_each():
    light = region(x=(1.0, 100.0), lower=(1e-9, 1e-7), upper=(1e-5, 1e-5))
    heavy = region("heavy", x=(50.0, 1e4), lower=(1e-6, 1e-4), upper=(None, None))
    masses = np.geomspace(1.0, 1e5, 31).reshape(1, 31)
    at_each = [plane.lowest_charge([light, heavy], mass) for mass in masses[0]]
    assert len(set(at_each)) > 5
    np.testing.assert_allclose(plane.lowest_charge([light, heavy], masses), [at_each], rtol=1e-12, atol=0)


def test_a_small_region_within_a_larger_one_takes_nothing_back():
    large = region(lower=(1e-9, 1e-9), upper=(None, None))
    small = region("small", lower=(1e-6, 1e-6), upper=(1e-4, 1e-4))
    assert plane.lowest_charge([large, small], 10.0) == pytest.approx(1e-9, rel=1e-12, abs=0)


def test_the_lowest_edge_asks_nothing_of_what_lies_above():
    far = region("far", x=(1e6, 1e7), lower=(1e-12, 1e-12))
    assert plane.lowest_edge([region(), far], 10.0) == pytest.approx(1e-9, rel=1e-12, abs=0)


def test_a_point_is_covered_by_any_region():
    masses, charges = np.array([10.0, 1000.0]), np.array([1e-10, 5e-9, 1e-3])
    top = region("top", x=(1.0, 1e4), lower=(1e-4, 1e-4), upper=(None, None))
    covered = plane.excluded([region(), top], masses, charges)
    assert covered.tolist() == [[False, False], [True, False], [True, True]]


@pytest.mark.parametrize(
    "assumes, words",
    [((), ""), (("paraphoton",), "only with paraphoton"), (("no paraphoton",), "only without paraphoton")],
)
def test_a_region_says_in_which_model_it_holds(assumes, words):
    assert plane.model_of(region(assumes=assumes)) == words


def test_the_table_has_a_line_per_point_and_leaves_open_edges_empty():
    table = plane.as_csv([region(x=(1.0, 2.5), lower=(1e-9, 2e-9), upper=(None, 1e-8))])
    assert table.splitlines() == [
        "id,vintage,mass_eV,lower,upper",
        "plane,today,1,1e-09,",
        "plane,today,2.5,2e-09,1e-08",
    ]


def test_an_area_leads_to_its_card_and_says_what_hides_it():
    _, axes = figures.subplots()
    quoted = region("quoted", origin="quoted", assumes=("paraphoton",), lower=(1e-9, 1e-11))
    tips = plane.draw(axes, [region(), quoted])
    assert tips["today-area-0"].group == "stars|today"
    assert tips["today-area-1"].group == "quoted|today|only with paraphoton"
    assert tips["today-area-1"].url == "../../chapters/stars/made-up.ipynb#bound-quoted"
    assert "charges down to 1.0 × 10⁻¹¹ at 100 eV" in tips["today-area-1"].text
    assert [area.get_gid() for area in axes.collections] == list(tips)
    filled, outlined = axes.collections
    assert len(filled.get_facecolor()) == 1 and len(outlined.get_facecolor()) == 0


def test_the_table_of_areas_says_what_the_figure_shows():
    quoted = region("quoted", origin="quoted", assumes=("paraphoton",), lower=(1e-9, 1e-11))
    computed, other = plane.table([region(), quoted])
    assert [len(row) for row in (computed, other)] == [len(plane.HEAD)] * 2
    assert other[0] == {"text": quoted.title, "bound": "quoted"}
    assert other[1:3] == ["today", "1.0 × 10⁻¹¹ at 100 eV"] and "only with paraphoton" in other[4]


def test_todays_areas_show_first():
    then = plane._tip(region(id="plane/recomputed", vintage="recomputed"))
    assert then.group == f"stars|{figures.HIDDEN}inputs of the time"


def test_quoted_areas_come_last():
    quoted = region("a", origin="quoted")
    assert plane.ordered([quoted, region()]) == [region(), quoted]
