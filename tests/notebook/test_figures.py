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
    root = ElementTree.fromstring(f"<div>{figures.svg(line(), ALT)}</div>")
    assert [element.tag.rpartition("}")[2] for element in root] == ["svg", "svg"]
    assert {(element.get("role"), element.get("aria-label")) for element in root} == {("img", ALT)}


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


@pytest.mark.parametrize("building", [True, False])
def test_showing_displays_the_figure_and_its_alternative_and_the_one_for_a_phone_in_a_build(monkeypatch, building):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, raw: shown.append(data))
    monkeypatch.setattr(figures.handover, "read", lambda: {"root": "."} if building else {})
    figures.show(line(), ALT)
    assert shown == [{"text/html": figures.svg(line(), ALT, phone=building), "text/plain": f"[figure: {ALT}]"}]
    assert ("nuem-narrow" in shown[0]["text/html"]) is building


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
    text = figures.svg(figure, ALT, {"line": figures.Tip("a < b", "../x.ipynb#y", "computed")})
    assert '<a class="nuem-tip" xlink:href="../x.ipynb#y" data-group="computed"><title>a &lt; b</title>' in text
    assert "ns0:" not in text and text.startswith('<svg class="nuem-figure nuem-wide" fill="currentColor" role="group"')


@pytest.mark.parametrize(("group", "boxes"), [("computed|today", True), ("", False)])
def test_groups_bring_their_tick_boxes_with_them(monkeypatch, group, boxes):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, raw: shown.append(data["text/html"]))
    figure, axes = figures.subplots()
    axes.plot([1, 2], [1, 2])[0].set_gid("line")
    figures.show(figure, ALT, {"line": figures.Tip("a", "", group)})
    assert ("box.type='checkbox'" in shown[0]) is boxes


def test_ink_without_a_colour_of_its_own_is_that_of_the_text_around():
    assert [text.split('fill="')[1].split('"')[0] for text in figures.svg(line(), ALT).split("<svg")[1:]] == [
        "currentColor",
        "currentColor",
    ]


def test_in_a_notebook_only_the_wide_figure_shows():
    wide, narrow = figures.svg(line(), ALT).split("<svg")[1:]
    assert narrow.startswith(figures.UNSEEN) and not wide.startswith(figures.UNSEEN)


def test_a_tip_may_lead_to_another_place_of_the_page():
    figure, axes = figures.subplots()
    axes.plot(1, 1, "o", gid="mark")
    shown = figures.svg(figure, "a figure with one mark", {"mark": figures.Tip("words", "#elsewhere")})
    assert 'href="#elsewhere"' in shown
    ids = set(re.findall(r' id="([^"]+)"', shown))
    used = re.findall(r'<use xlink:href="#([^"]+)"', shown)
    assert used and set(used) <= ids


def test_a_tip_for_nothing_is_refused():
    figure, _ = figures.subplots()
    with pytest.raises(NuemError, match="no artist has the gid 'line'"):
        figures.svg(figure, ALT, {"line": figures.Tip("words")})


# -- for a phone -----------------------------------------------------------------------------------------------------


def sizes(svg):
    return [
        tuple(map(float, found)) for found in re.findall(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    ] or [
        tuple(map(float, reversed(found)))
        for found in re.findall(r'<svg [^>]*?height="([\d.]+)pt"[^>]*?width="([\d.]+)pt"', svg)
    ]


def test_a_wide_figure_comes_twice_and_a_narrow_one_once():
    wide, narrow = sizes(figures.svg(line(), ALT))
    assert wide[0] == 6.4 * 72 and narrow[0] == pytest.approx(3.6 * 72)
    figure, axes = figures.subplots(figsize=(3.5, 3))
    axes.plot([1, 2], [1, 2])
    assert len(sizes(figures.svg(figure, ALT))) == 1


def test_panels_side_by_side_stand_one_above_the_other_on_a_phone():
    figure, panels = figures.subplots(1, 2, figsize=(9, 3), sharey=True)
    for axes in panels:
        axes.plot([1, 2], [1, 2])
    wide, narrow = sizes(figures.svg(figure, ALT))
    assert narrow[1] > 1.5 * wide[1]
    (left, right), (low, high) = ([getattr(axes.get_position(), side) for axes in panels] for side in ("x0", "y0"))
    assert left < right and low == pytest.approx(high)  # the figure itself is as it was


def test_what_is_drawn_for_a_phone_leaves_the_figure_as_it_was():
    figure = figures.dots(
        [("a name of many words and letters", 1e-9, figures.BLUE)], "a label of many, many words on an axis"
    )
    axes = figure.axes[0]
    before = figures.svg(figure, ALT)
    assert axes.get_yticklabels()[0].get_text() == "a name of many words and letters"
    assert axes.get_xlabel() == "a label of many, many words on an axis"
    assert figures.svg(figure, ALT) == before


def test_small_letters_are_large_enough_on_a_phone():
    figure, axes = figures.subplots()
    note = axes.annotate("small", (0.5, 0.5), fontsize=6)
    with figures._narrowed(figure):
        assert note.get_fontsize() * 96 / 72 >= 11
    assert note.get_fontsize() == 6
