"""What a solution may register as its answer."""

import pytest
import sympy as sp
from nuem.errors import NuemError
from nuem.notebook import chapter as module
from nuem.notebook import solutions
from nuem.view import selfcheck

X = sp.Symbol("x", positive=True)


@pytest.mark.parametrize(
    ("register", "words"),
    [
        (lambda: solutions.answer("e", 0.0), "exercise e: 0.0 is 0 or not finite"),
        (lambda: solutions.answer("e", float("inf")), "is 0 or not finite"),
        (lambda: solutions.answer("e", "4"[:0]), "neither a number nor a formula"),
        (lambda: solutions.answer("e", 4.0, within=0), "within=0 is no tolerance"),
        (lambda: solutions.answer("e", 4.0, unit="parrots"), "the unit 'parrots' is not known"),
        (lambda: solutions.answer("e", sp.sqrt(-X)), "has hardly a real value"),
        (lambda: solutions.answer("e", 4.0, within=0.1, mistakes={"so": 4.2}), "'so' is right within the tolerance"),
        (lambda: solutions.answer("e", X, mistakes={"so": sp.Symbol("y")}), "'so' has other symbols"),
        (lambda: solutions.answer("e", X, mistakes={"so": 1.0 * X}), "'so' is right within the tolerance"),
        (lambda: solutions.choice("e", "first"), "'first' is no letter"),
    ],
)
def test_what_cannot_be_compared_is_refused(register, words):
    with pytest.raises(NuemError, match=words):
        register()


def test_the_points_of_a_formula_are_where_it_has_a_value_and_the_same_each_time():
    n = sp.Symbol("n", integer=True, positive=True)
    formula = sp.sqrt(1 - X**2) / n
    view = solutions.answer("e", formula)
    assert view == solutions.answer("e", formula)
    assert len(view["points"]) == 4
    for (count, x), value in zip(view["points"], view["values"], strict=True):
        assert 0 < x < 1 and count == int(count)
        assert value == pytest.approx((1 - x**2) ** 0.5 / count)


def test_a_chapter_registers_shows_and_checks(capture):
    chapter, shown = capture
    chapter.answer("mass", 3.0, unit="keV", within=0.05)
    chapter.answer("mass", X**2, part="power")
    chapter.choice("which", "b")
    chapter.check("mass", 3.1)
    chapter.check("mass", X, part="power")
    chapter.check("which", "a")
    right, wrong, other = words(shown)
    assert (right, other) == ("Right.", "No, not this one.")
    assert wrong.startswith("Not yet. A square or a root would explain it")
    with pytest.raises(NuemError, match="no answer is known of an exercise 'mas'; did you mean mass"):
        chapter.check("mas", 3.0)
    with pytest.raises(NuemError, match="has no part 'power'"):
        chapter.check("which", "a", part="power")


@pytest.fixture
def capture(monkeypatch):
    """A chapter of no build, and the views that it shows."""
    shown = []
    monkeypatch.setattr(module, "display", lambda data, **_: shown.append(data[module.VIEW_MIME]))
    monkeypatch.setattr(module.handover, "of_last_build", dict)
    return module.Chapter({}), shown


def words(shown):
    return [view["words"] for view in shown if view["kind"] == "checked"]


PUBLISHED = {"mass": {"number": "3.2", "parts": {"": selfcheck.sealed(solutions.answer("mass", 3.0))}}}


def test_a_copy_carries_the_published_answers_and_says_when_inputs_are_others(capture):
    _, shown = capture
    run = {"inputs": ["electron_mass"], "numbers": {}, "shown": [], "exercises": PUBLISHED}
    module.Chapter({}, run).check("3.2", 3.0)
    own = module.Chapter({"electron_mass": 0.6}, run)
    own.check("3.2", 6.0)
    own.answer("mass", 6.0)
    own.check("mass", 6.0)
    others = " It compares with the book’s inputs; yours are others."
    assert words(shown) == ["Right.", f"Not yet. A factor of 2 would explain it.{others}", "Right."]
    assert list(PUBLISHED["mass"]["parts"][""]) == list(run["exercises"]["mass"]["parts"][""])


def test_a_source_knows_the_answers_of_the_last_build(capture, monkeypatch):
    chapter, shown = capture
    monkeypatch.setattr(module.handover, "of_last_build", lambda: {"answers": PUBLISHED})
    chapter.check("3.2", 3.0)
    chapter.check("mass", 3.0)
    assert words(shown) == ["Right.", "Right."]


def test_a_number_of_an_exercise_is_a_text(capture):
    with pytest.raises(NuemError, match=r'give its number as a text, chapter.check\("3.1"'):
        capture[0].check(3.10, 3.0)
