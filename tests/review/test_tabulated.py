"""CODATA and the PDG as installed: what is read, and what their packages would answer but the book refuses."""

import json

import pytest
import scipy.constants
from nuem.errors import NuemError
from nuem.review import tabulated

# -- CODATA ----------------------------------------------------------------------------------------------------------


def test_a_constant_of_codata():
    # CODATA 2022 as published: 7.297 352 5643(11)e-3
    assert tabulated.codata("fine-structure constant") == (7.2973525643e-3, 1.1e-12, "1")


def test_a_constant_that_only_older_sets_had_is_refused():
    name = "tau mass energy equivalent in MeV"
    assert scipy.constants.physical_constants[name][0] == 1776.82  # what scipy gives: CODATA 2014
    with pytest.raises(NuemError, match=f"no constant '{name}'; scipy keeps it from an older set only"):
        tabulated.codata(name)


def test_no_stale_constant_passes():
    """Whatever scipy itself marks as not in the newest set."""
    stale = set(scipy.constants.physical_constants) - set(scipy.constants.find())
    assert len(stale) > 50
    for name in stale:
        with pytest.raises(NuemError, match="older set only"):
            tabulated.codata(name)


def test_the_weak_mixing_angle_of_codata_needs_its_scheme():
    # CODATA 2022: sin²θ_W = 1 − (m_W/m_Z)² = 0.22305(23)
    assert tabulated.codata("weak mixing angle", "on-shell") == (0.22305, 0.00023, "1")
    for scheme in ("", "MS-bar"):
        with pytest.raises(
            NuemError, match=r"'weak mixing angle'.*CODATA gives the on-shell one; write scheme: on-shell"
        ):
            tabulated.codata("weak mixing angle", scheme)
    with pytest.raises(NuemError, match=r"'fine-structure constant'.*leave the field scheme out"):
        tabulated.codata("fine-structure constant", "on-shell")


# -- PDG -------------------------------------------------------------------------------------------------------------


def test_a_value_of_the_pdg():
    # world average of the muon anomaly as published in 2025: 1 165 920 715(145)e-12
    assert tabulated.pdg("S004MM") == (pytest.approx(1165920715e-12, rel=1e-12), pytest.approx(145e-12), "1")


def test_the_value_is_read_and_not_its_rounded_display():
    # The average of the three measurements of the neutron's charge that the listing shows as −0.2 ± 0.8:
    # (−0.1 ± 1.1)e-21 (Bressi 2011) and (−0.4 ± 1.1)e-21 (Baumann 1988).
    value, error, unit = tabulated.pdg("S017Q")
    assert (value, error, unit) == (pytest.approx(-0.25e-21), pytest.approx(1.1e-21 / 2**0.5), "e")


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("S000M", "<1 E-18, is not a measured value"),  # an upper limit with the error 0.0
        ("S066MNM", "<0.19, is not a measured value"),  # a limit that exists as text only
        ("S056MR", ">715, is not a measured value"),  # a lower limit
        ("S035MM", "-0.0024 to 0.0047, is not a measured value"),  # an interval, stored as its middle and half width
        ("S035EDM", "is not a measured value"),
        ("M066M1", "~1430, has no uncertainty"),
        ("S031L01", "78.1 E-2, has no uncertainty"),  # error 0.0 of an estimate
        ("S066MNS", "doesn't give exactly one such value; quote one as text"),
        ("S999M", "no property 'S999M'"),
        ("S004MM/2024", "names an edition; leave it out"),
    ],
)
def test_what_is_no_measured_value_of_this_edition_is_refused(identifier, words):
    with pytest.raises(NuemError, match=f"{identifier}.*") as error:
        tabulated.read_pdg(identifier)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("identifier", "normal", "inverted"),
    [
        ("S067P23", "Assuming normal mass ordering", "Assuming inverted mass ordering"),
        ("S067DM1", "Assuming normal ordering", "Assuming inverted ordering"),
    ],
)
def test_a_value_that_depends_on_the_ordering_is_one_of_two(identifier, normal, inverted):
    with pytest.raises(NuemError, match=f"PDG {identifier} .*say which one by comment: '{inverted}' or '{normal}'"):
        tabulated.read_pdg(identifier)
    with pytest.raises(NuemError, match="say which one by comment"):
        tabulated.read_pdg(identifier, "Assuming ordering")
    assert tabulated.read_pdg(identifier, normal)[0] > 0
    assert tabulated.read_pdg(identifier, normal)[0] > tabulated.read_pdg(identifier, inverted)[0]


def test_an_error_at_another_confidence_level_must_be_named():
    with pytest.raises(NuemError, match=r"Q004M.*90 % confidence; write confidence_level: 0\.9, .*divided by 1\.645"):
        tabulated.read_pdg("Q004M")
    with pytest.raises(NuemError, match="90 % confidence"):
        tabulated.read_pdg("Q004M", confidence_level=0.95)
    with pytest.raises(NuemError, match=r"S004MM.*one standard deviation; leave confidence_level out"):
        tabulated.read_pdg("S004MM", confidence_level=0.9)
    # the charm quark's mass as the PDG prints it, 1.2729 ± 0.0045 at 90 %; a Gaussian holds 90 % in ±1.6449 deviations
    assert tabulated.read_pdg("Q004M", confidence_level=0.9) == (
        1.2729,
        pytest.approx(0.0045 / 1.644854, rel=1e-6),
        "GeV",
    )


def test_of_two_errors_the_larger_counts():
    # the CP phase: 1.21 +0.19 −0.17, in units of π rad
    value, error, unit = tabulated.read_pdg("S067DEL")
    assert (round(value, 2), round(error, 2), unit) == (1.21, 0.19, "pi rad")


def test_a_build_hands_pdg_values_to_its_chapters(tmp_path, monkeypatch):
    store = tmp_path / "book.json"
    monkeypatch.setenv("NUEM_BOOK", str(store))
    tabulated.pdg.cache_clear()
    kept = {
        ("S004MM", "", None): (1.0, 0.5, "keV"),
        ("S067P23", "Assuming normal mass ordering", None): (2.0, 0.5, "1"),
    }
    values = {tabulated.pdg_key(*one): value for one, value in kept.items()}
    store.write_text(json.dumps({"edition": tabulated.edition(), "pdg": values}))
    assert tabulated.pdg("S004MM") == (1.0, 0.5, "keV")
    assert tabulated.pdg("S067P23", "Assuming normal mass ordering") == (2.0, 0.5, "1")
    assert tabulated.pdg("S067P23", "Assuming inverted mass ordering")[0] < 1
    tabulated.pdg.cache_clear()
    store.write_text(json.dumps({"edition": "1994", "pdg": values}))
    assert tabulated.pdg("S004MM")[0] != 1.0
    tabulated.pdg.cache_clear()
