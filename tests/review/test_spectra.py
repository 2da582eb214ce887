"""Published spectra: what their files must hold, and what the publication says of them."""

import re
from pathlib import Path

import numpy as np
import pytest
from nuem import NuemError, spectra

ROOT = Path(__file__).parents[2]


def test_xenonnt_is_what_its_abstract_says():
    """433 events; (15.8 ± 1.3) events per tonne, year and keV between 1 and 30 keV, once the efficiency is undone."""
    measured = spectra.counts("xenonnt")
    assert measured.events.sum() == 433 and measured.edges[[0, -1]].tolist() == [1, 30]
    centres = (measured.edges[1:] + measured.edges[:-1]) / 2
    efficiency = np.interp(centres, measured.efficiency.energies, measured.efficiency.efficiency)
    assert np.mean(measured.background / efficiency) == pytest.approx(15.8, abs=1.3)


@pytest.mark.parametrize("name", spectra.COUNTS_FILES)
def test_sources_are_in_the_bibliography(name):
    bibliography = (ROOT / "references.bib").read_text("utf-8")
    assert re.search(rf"^@\w+\{{{re.escape(spectra.counts(name).source)},$", bibliography, re.M)


def test_an_unknown_spectrum_lists_the_known_ones():
    with pytest.raises(NuemError, match=r"unknown spectrum 'xenonnnt'; did you mean xenonnt\? Allowed are: xenonnt"):
        spectra.counts("xenonnnt")


@pytest.mark.parametrize(("old", "new"), [("events: [4, ", "events: ["), ("events: [4, ", "events: [-4, ")])
def test_tables_that_do_not_fit_are_refused(tmp_path, monkeypatch, old, new):
    text = spectra.COUNTS_FILES["xenonnt"].read_text("utf-8")
    assert old in text
    (tmp_path / "bad.yml").write_text(text.replace(old, new), "utf-8")
    monkeypatch.setitem(spectra.COUNTS_FILES, "xenonnt", tmp_path / "bad.yml")
    with pytest.raises(NuemError, match=r"bad\.yml: events and background are two tables of equal length"):
        spectra.counts("xenonnt")
