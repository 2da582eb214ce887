"""Feynman diagrams: lines end where they should, vertices have dots, and what can't be drawn is refused."""

import numpy as np
import pytest
from nuem.errors import NuemError
from nuem.notebook import diagrams, figures
from nuem.notebook.diagrams import QUARTER, Diagram, Line

ALT = "a neutrino exchanges a photon with an electron"
EXCHANGE = diagrams.exchange("neutrino", "lepton", "photon", "$q$", caption="photon")


def paths(figure):
    """Drawn ways, as arrays (2, n), without dots and arrows."""
    return [np.array(line.get_data()) for line in figure.axes[0].lines if len(line.get_xdata()) > 1]


def dots(figure):
    return {(line.get_xdata()[0], line.get_ydata()[0]) for line in figure.axes[0].lines if line.get_marker() == "o"}


def test_each_line_runs_from_its_start_to_its_end():
    for line, path in zip(EXCHANGE.lines, paths(diagrams.draw(EXCHANGE)), strict=True):
        assert np.allclose(path[:, 0], line.start) and np.allclose(path[:, -1], line.end)


def test_vertices_have_dots_and_outer_ends_have_none():
    assert dots(diagrams.draw(EXCHANGE)) == {(1, 1), (1, 0)}


def test_an_exchange_has_its_labels_beside_its_lines():
    assert [line.label for line in EXCHANGE.lines] == ["$k$", "$k'$", "$q$", "$p$", "$p'$"]
    assert [line.kind for line in EXCHANGE.lines].count("neutrino") == 2
    figure = diagrams.draw(diagrams.exchange("neutrino", "nucleus", "boson", blobs=("", "F")))
    assert [note.get_text() for note in figure.axes[0].texts if note.get_text()].count("F") == 1


def test_in_a_loop_the_photon_meets_the_emitter():
    labels = ("$p$", "$p'$", "W", "e", "$q$")
    figure = diagrams.draw(diagrams.loop("neutrino", "boson", "lepton", labels))
    assert {note.get_text() for note in figure.axes[0].texts} - {""} == set(labels)
    assert len(dots(figure)) == 3
    lines = diagrams.loop("neutrino", "boson", "lepton", labels).lines
    (photon,) = (line for line in lines if line.kind == "photon")
    assert sum(photon.start in (line.start, line.end) for line in lines if line.kind == "boson") == 2


def test_fermions_have_arrows_along_their_way_and_bosons_none():
    arrows = [line.get_marker() for line in diagrams.draw(EXCHANGE).axes[0].lines if len(line.get_xdata()) == 1]
    assert sum(isinstance(marker, tuple) for marker in arrows) == 4


def test_a_bent_line_is_an_arc_of_a_circle_on_the_left():
    (half,) = paths(diagrams.draw(Diagram([Line("lepton", (0, 0), (2, 0), bend=0.5)])))
    assert np.allclose(np.hypot(half[0] - 1, half[1]), 1) and half[1].max() == pytest.approx(1)
    (quarter,) = paths(diagrams.draw(Diagram([Line("lepton", (0, 0), (1, 1), bend=QUARTER)])))
    assert np.allclose(np.hypot(quarter[0] - 1, quarter[1]), 1)


def test_a_diagram_is_a_figure_of_the_book(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, raw: shown.append(data["text/html"]))
    diagrams.show(EXCHANGE, EXCHANGE, alt=ALT)
    assert shown == [figures.svg(diagrams.draw(EXCHANGE, EXCHANGE), ALT, phone=False)]
    assert shown[0].startswith('<svg class="nuem-figure') and "var(--nuem-green" in shown[0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Line("graviton", (0, 0), (1, 0)), "kind='graviton' is unknown; the kinds are neutrino,"),
        (lambda: Line("photon", (1, 0), (1, 0)), "draw a loop as two arcs"),
        (lambda: diagrams.draw(), "give every diagram at least one Line"),
        (lambda: diagrams.draw(EXCHANGE, Diagram([])), "give every diagram at least one Line"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, words):
    with pytest.raises(NuemError, match=words):
        make()
