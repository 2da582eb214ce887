"""The listings' entries: ends, methods, and what the installed edition holds."""

from types import SimpleNamespace

import pytest
from nuem.synthesis import listings


@pytest.mark.parametrize(
    "text, power, ends",
    [
        ("-3.6 - 4.7E-13", 0, (-3.6e-13, 4.7e-13)),
        ("−3.6 to 4.7", -13, (-3.6e-13, 4.7e-13)),
        ("-27.5 to 3", -32, (-27.5e-32, 3e-32)),
        ("<0.01-0.04 E-10", 0, (1e-12, 4e-12)),
        ("<=.3E-10", 0, (0.0, 3e-11)),
        ("< 3", -10, (0.0, 3e-10)),
    ],
)
def test_the_ends_of_an_entry_in_print(text, power, ends):
    assert listings.ends_in_print(text, power) == pytest.approx(ends, rel=1e-12, abs=0)


def test_words_have_no_ends():
    assert listings.ends_in_print("no limit feasible") is None


def value(**fields):
    known = {"value": 2.0, "is_limit": False, "error_negative": None, "error_positive": None}
    return SimpleNamespace(**{**known, "display_value_text": "9", "display_power_of_ten": 0, **fields})


def test_a_number_of_the_database_goes_before_its_print():
    assert listings.ends_of(value(is_limit=True)) == (0.0, 2.0)
    assert listings.ends_of(value(error_negative=0.5, error_positive=1.0)) == (1.5, 3.0)
    assert listings.ends_of(value(value=None)) == (0.0, 9.0)


def entry(**fields):
    known = {"who": "Doe", "year": 2001, "doi": None, "cl": 90, "how": None, "technique": "", "is_limit": True}
    rest = {"text": "<3", "unit": "e", "ends": (0.0, 3.0), "used": False, "notes": ()}
    return listings.Entry(**{**known, **rest, **fields})


@pytest.mark.parametrize(
    "fields, method",
    [
        ({"technique": "ASTR", "how": "nuclear reactor"}, listings.STARS),
        ({"how": "Red giant luminosity"}, listings.STARS),
        ({"how": "XENON1T, solar neutrinos elast"}, listings.SUN),
        ({"how": "Nuclear reactor"}, listings.BEAMS),
        ({"how": "nu_e e --> nu_e e"}, listings.BEAMS),
        ({}, listings.OTHER),
    ],
)
def test_the_method_is_read_off_the_group_s_words(fields, method):
    assert entry(**fields).method == method


def test_an_entry_says_whether_it_has_a_level_and_keeps_its_notes():
    assert entry(how="reactor", notes=("A note.",)).words == "Doe: <3 e, 90 % CL, reactor A note."
    assert ", no CL stated, " in entry(cl=None).words


def test_the_edition_has_entries_of_each_listing_with_years_and_ordered_ends():
    for name, found in listings.read().items():
        assert found, name
        for one in found:
            assert 1950 < one.year < 2030 and one.text
            assert one.ends is None or one.ends[0] <= one.ends[1], one
