"""Figures as pages carry them."""

import re

import numpy as np
import pytest
from nuem.notebook import figures
from nuem.press import drawings


def corners(path):
    """Absolute corners of a path of the letters M, L, l and z."""
    found, place, start = [], np.zeros(2), np.zeros(2)
    for letter, numbers in re.findall(r"([MLlz])([^MLlz]*)", path):
        for step in np.array(numbers.split(), float).reshape(-1, 2):
            place = place + step if letter == "l" else step
            start = place if letter == "M" else start
            found.append(place)
        place = start if letter == "z" else place
    return np.array(found)


@pytest.mark.parametrize(
    "path, light",
    [
        ("M 1.004 2 \nL 1.004 2 \n", "M1 2l0 0"),  # a point is drawn
        ("M 1 2 \nL 3 4 \nL 3.001 4 \nL 2 4.126 \n", "M1 2l2 2 -1 .13"),
        ("M 0 0 \nL 1 0 \nz\nM 5 5 \nL 4 4.5 \nz\n", "M0 0l1 0zM5 5l-1 -.5z"),
        ("M 0 -1.23456 \nC 0.1 0.26516 2 3 4 5.5 \nz\n", "M 0 -1.23 C 0.1 .27 2 3 4 5.5 z"),
    ],
)
def test_a_path_is_short(path, light):
    assert drawings.light(f'<svg class="nuem-figure"><path d="{path}"/></svg>').split('"')[3] == light


def test_a_long_curve_does_not_drift():
    figure, axes = figures.subplots()
    x = np.linspace(0, 1, 5000)
    axes.plot(x, np.sin(300 * x))
    drawn = figures.svg(figure, "a wave with very many corners in it")
    for one, other in zip(
        re.findall(r' d="([^"]*)"', drawn), re.findall(r' d="([^"]*)"', drawings.light(drawn)), strict=True
    ):
        if not re.search("[CQ]", one):
            before, after = corners(one), corners(other)
            distance = np.abs(before[:, None] - after).max(axis=2) if len(before) < 3000 else np.zeros((1, 1))
            assert distance.min(axis=1).max() < 0.0101
    assert len(drawings.light(drawn)) < 0.85 * len(drawn)


def test_what_is_no_figure_stays():
    other = '<svg class="home"><path d="M 1.23456 2 \nL 3 4 \n"/></svg><p x="1.23456"></p>'
    assert drawings.light(other) == other
