"""Figures: inline SVG that says what it shows, follows the page's colours and lives with others on a page."""

import re
from xml.etree import ElementTree

import pytest
from nuem import typeset
from nuem.errors import NuemError
from nuem.notebook import figures

ALT = 'Limits "today" & yesterday, charge < 1'


def line(colour=figures.BLUE, height=1.0):
    figure, axes = figures.subplots()
    axes.plot([1, 2], [height, 2], color=colour, label="a line")
    axes.fill_between([1, 2], [0, 1], color=figures.GREEN)
    axes.set(xlabel="mass $m$", ylabel="charge")
    axes.legend()
    return figure


def ids(svg):
    return re.findall(r'\bid="([^"]+)"', svg)


def test_a_figure_is_well_formed_with_its_text_alternative():
    root = ElementTree.fromstring(figures.svg(line(), ALT))
    assert root.tag.endswith("svg")
    assert (root.get("role"), root.get("aria-label")) == ("img", ALT)


@pytest.mark.parametrize("alt", ["", "a plot", "limits on the charge"])
def test_a_text_alternative_that_says_nothing_is_refused(alt):
    with pytest.raises(NuemError, match=r"figure: alt=.*say in a sentence what the figure shows"):
        figures.svg(line(), alt)


def test_the_same_figure_gives_the_same_bytes():
    assert figures.svg(line(), ALT) == figures.svg(line(), ALT)


def test_figures_of_one_page_share_no_id():
    one, other = (figures.svg(line(height=height), ALT) for height in (1.0, 3.0))
    assert ids(one) and not set(ids(one)) & set(ids(other))


def test_the_ids_of_a_figure_are_unique_and_each_reference_is_met():
    svg = figures.svg(line(), ALT)
    assert len(set(ids(svg))) == len(ids(svg))
    targets = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
    assert targets and {a or b for a, b in targets} <= set(ids(svg))


@pytest.mark.parametrize("name", ["blue", "vermilion", "green", "purple"])
def test_a_curve_takes_its_colour_from_the_page(name):
    colour = getattr(figures, name.upper())
    svg = figures.svg(line(colour), ALT)
    assert f"stroke: var(--nuem-{name}, {colour})" in svg
    assert svg.count(colour) == svg.count(f"var(--nuem-{name}, {colour})")


def test_axes_and_text_take_the_colour_of_the_text_around():
    svg = figures.svg(line(), ALT)
    assert "currentColor" in svg
    assert "#000001" not in svg and "#000000" not in svg


def test_a_figure_has_no_date_and_names_no_program():
    svg = figures.svg(line(), ALT)
    assert "<metadata" not in svg and "matplotlib" not in svg.lower()


def test_showing_displays_the_figure_and_its_alternative(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, raw: shown.append(data))
    figures.show(line(), ALT)
    assert shown == [{"text/html": figures.svg(line(), ALT), "text/plain": f"[figure: {ALT}]"}]


ROWS = [("first", 3e-19, figures.BLUE), ("second", 2e-6, figures.GREEN), ("third", 5e-12, figures.PURPLE)]


def test_dots_stand_at_their_values_first_row_on_top():
    (axes,) = figures.dots(ROWS, "charge").axes
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    dots = {curve.get_ydata()[0]: curve.get_xdata()[0] for curve in axes.lines if len(curve.get_xdata()) == 1}
    assert labels == ["third", "second", "first"]
    assert [dots[height] for height in (2, 1, 0)] == [value for _, value, _ in ROWS]
    assert (axes.get_xscale(), axes.get_xlabel()) == ("log", "charge")


def test_each_dot_carries_its_typeset_value_inside_the_axes():
    (axes,) = figures.dots(ROWS, "charge").axes
    assert {note.get_text() for note in axes.texts} == {typeset.number(value) for _, value, _ in ROWS}
    left, right = axes.get_xlim()
    assert all(left < value < right for _, value, _ in ROWS)


def test_a_tip_gives_an_artist_its_words_and_its_link():
    figure, axes = figures.subplots()
    axes.plot([1, 2], [1, 2])[0].set_gid("line")
    text = figures.svg(figure, ALT, {"line": figures.Tip("a < b", "../x.html#y", "computed")})
    assert '<a class="nuem-tip" href="../x.html#y" data-group="computed"><title>a &lt; b</title>' in text
    assert "ns0:" not in text and text.startswith('<svg class="nuem-figure"')


def test_a_tip_for_nothing_is_refused():
    figure, _ = figures.subplots()
    with pytest.raises(NuemError, match="no artist has the gid 'line'"):
        figures.svg(figure, ALT, {"line": figures.Tip("words")})
