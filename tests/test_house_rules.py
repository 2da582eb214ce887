"""Every house rule can fail: each check is fed something bad, and something good that looks similar."""

import copy
import json
import re
from types import SimpleNamespace

import house_rules
import pytest


def notebook(*cells):
    return {"cells": list(cells)}


def code(source, identifier="a-cell", outputs=(), count=1, tags=()):
    return {
        "cell_type": "code",
        "id": identifier,
        "source": source,
        "outputs": list(outputs),
        "execution_count": count,
        "metadata": {"tags": list(tags)},
    }


def text(source, identifier="a-text"):
    return {"cell_type": "markdown", "id": identifier, "source": source, "metadata": {}}


PARAMETERS = code("overrides = {}", "parameters", count=None, tags=["parameters"])


def test_a_clean_notebook_has_no_outputs_and_readable_ids():
    assert house_rules.unclean_cells(notebook(PARAMETERS, text("Hello."))) == []
    assert house_rules.unclean_cells(notebook(PARAMETERS, code("1", outputs=[{"output_type": "stream"}], count=None)))
    assert house_rules.unclean_cells(notebook(PARAMETERS, code("1", count=3)))
    assert house_rules.unclean_cells(notebook(PARAMETERS, text("Hello.", identifier="7")))
    assert house_rules.unclean_cells(notebook(text("no parameters")))
    executed = {**code("1", count=None), "metadata": {"papermill": {"duration": 1.0}}}
    assert house_rules.unclean_cells(notebook(PARAMETERS, executed))


@pytest.mark.parametrize(
    "bad",
    [
        "The limit is 2.6.",
        "below 3e-9",
        r"$10^{-6}$",
        "about 10⁻⁶",
        r"$3\times10^{-9}$",
        "improves by 30 %",
        "90 percent of it",
        "a mass of 5 keV",
        r"$m<5\,\mathrm{keV}$",
        r"$m<5~{\rm keV}$",
        "after 3 s",
        "some 5500 of them",
        "at 2 K",
        "3 sigma away",
    ],
)
def test_typed_quantities_are_found(bad):
    assert house_rules.typed_quantities(bad), bad


@pytest.mark.parametrize(
    "good",
    [
        "In 1992 and 2025.",
        "eq. (13)",
        "eqs. (10)–(12)",
        r"$\alpha/2\pi$",
        r"$4m^2$",
        r"$s=4m^2$",
        "three times",
        "2 of them",
        "the 1S–2S interval",
        r"$F_2(0)=\frac{1}{2}$",
        "Python 3.11",
        "CC BY 4.0",
        "{cite}`liu-1999`",
        "`1e-10` in code",
        "{glue:text}`eps.today`",
        "$4\\times4$ matrices",
        "$x^2$ and $10x$",
        "```{exercise} Data\nTake 5.3 keV.\n```",
        "[a page](https://example.org/1.2/345)",
        "$g-2$",
        "arXiv:2411.03122",
    ],
)
def test_names_and_coefficients_are_not_quantities(good):
    assert house_rules.typed_quantities(good) == []


def test_sentences_in_code_are_read_too():
    bad = notebook(code('chapter.settle("x", explanation="The limit is weaker by 2.6 in all.")'))
    good = notebook(code('chapter.settle("x", explanation=f"The limit is weaker by {ratio:.2f} in all.", tol=1e-9)'))
    assert house_rules.typed_quantities_in_notebook(bad)
    assert house_rules.typed_quantities_in_notebook(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        "sp.integrate(f, x)",
        "f.integrate((x, 0, 1))",
        "(f + g).integrate(x)",
        "sp.limit(f, x, 0)",
        "f.limit(x, 0)",
        "sp.summation(f, (n, 1, sp.oo))",
        "sp.Sum(f, (n, 1, sp.oo)).doit()",
        "area = sp.Integral(f, (x, 0, 1))\narea.doit()",
        "sp.series(f, x, 0, 3)",
        "f.series(x, 0, 3).removeO()",
        "from sympy import integrate",
        "from sympy.integrals import laplace_transform as transform",
        "from sympy import *",
        "import sympy\nsympy.integrals.integrate(f, x)",
        "import sympy as symbolic\nsymbolic.limit(f, x, 0)",
        "steps = map(sp.integrate, parts)",
        "sp.product(f, (n, 1, 3))",
    ],
)
def test_symbolic_results_without_a_check_are_found(bad):
    assert house_rules.unverified_symbolics("import sympy as sp\n" + bad), bad
    assert house_rules.unverified_symbolics_in_notebook(
        notebook(text("# sp.integrate("), code("import sympy as sp\n" + bad))
    )


@pytest.mark.parametrize(
    "good",
    [
        "verified.integrate(f, (x, 0, 1))",
        "nuem.physics.verified.limit(f, x, 0)",
        "from scipy.integrate import quad",
        "scipy.integrate.quad(f, 0, 1)",
        "display(sp.Integral(f, (x, 0, 1)))",
        "sp.Integral(f, (x, 0, 1)).evalf()",
        "limit = 3\nproduct(limit, 2)",
        "loops.integrate_z(f)",
        "series.append(1)",
    ],
)
def test_what_is_verified_or_only_shown_is_allowed(good):
    assert house_rules.unverified_symbolics("import sympy as sp\n" + good) == []


@pytest.mark.parametrize(
    "bad",
    [
        "length = 1e-13 * inputs.hbar_c",
        "area = (inputs.hbar_c * 1e-3 * 1e-13) ** 2",
        "length /= 1e18 * now.hbar_c",
        "length = now.hbar_c\nlength *= 2\nother = 1\nother *= now.hbar_c * 1e-9",
        "critical = 1e21 * mass**2 / now.hbar_c",
        "per_ratio = squares / (2e-9 * now.hbar_c)",
        "fermi = 1e-6 * inputs.fermi_constant",
        "fermi = inputs.fermi_constant / 1000**2",
        "fermi = inputs.fermi_constant / 10**6",
        "heavy = 1e3 * inputs.newton_constant**-0.5",
        "heavy = 1e3 / np.sqrt(inputs.newton_constant)",
        "warm = 1e-6 * inputs.boltzmann_constant * temperature",
        "MEV = 1e6\nlength = MEV * inputs.hbar_c",
        "A, CM_PER_FM = 1e3, 1e-13\nlength = inputs.hbar_c * CM_PER_FM",
        "grams = -1e3 * mass / inputs.kilogram_in_ev",
        "values = {G: inputs.fermi_constant * 1e-6}",
        "HOUR, DAY = 3600.0, 86400.0",
        "year = 365.25 * DAY",
        "years = 1 / rate / 3.15576e7",
        "years = 1 / rate / 31557600",
        "days = 365 * years",
        "speed = scipy.constants.c",
        "from scipy.constants import c",
        "from scipy import constants",
    ],
)
def test_conversions_typed_by_hand_are_found(bad):
    assert house_rules.typed_conversions(bad), bad
    assert house_rules.typed_conversions_in_notebook(notebook(text("1e-13 * inputs.hbar_c"), code(bad)))


@pytest.mark.parametrize(
    "good",
    [
        "length = radius * Units(inputs).cm",
        "fermi = units.fermi_constant",
        "temperature = inputs.boltzmann_constant * inputs.cmb_temperature",
        "energy = alpha * inputs.hbar_c / (2 * radius)",
        "values = 1e-3 * mass, inputs.fermi_constant",
        "at = evaluate(1e-3, inputs.fermi_constant)",
        "close = abs(inputs.hbar_c / other - 1) < 1e-9",
        "# 1e-13 * inputs.hbar_c",
        "words = '1e-13 * inputs.hbar_c'",
        "from nuem.physics.units import DAY\ntime = 3 * DAY",
        "points = np.linspace(0, 1, 360)",
        "square = inputs.hbar_c**10",
        "k = scipy.constants\nassert abs(evaluate(1.0) / (k.e * k.c) - 1) < 1e-9",
        "import scipy.constants",
    ],
)
def test_units_and_numbers_that_convert_nothing_are_allowed(good):
    assert house_rules.typed_conversions(good) == []


def test_a_power_of_ten_may_be_named_in_another_cell():
    pair = notebook(code("MEV = 1e6", "one"), code("length = MEV * inputs.hbar_c", "two"))
    (problem,) = house_rules.typed_conversions_in_notebook(pair)
    assert problem.startswith("cell two, line 1: MEV beside hbar_c")


def test_execution_problems_are_found():
    fine = notebook(code("1", count=1), text("between"), code("2", count=2))
    assert house_rules.execution_problems(fine) == []
    assert house_rules.execution_problems(notebook(code("1", count=2)))
    assert house_rules.execution_problems(notebook(code("1", count=None)))
    error = {"output_type": "error", "ename": "ValueError"}
    warning = {"output_type": "stream", "name": "stderr", "text": "careful"}
    assert house_rules.execution_problems(notebook(code("1", outputs=[error])))
    assert house_rules.execution_problems(notebook(code("1", outputs=[warning])))


def test_glued_numbers_must_be_visible_in_their_section():
    shown = {
        "output_type": "display_data",
        "data": {"text/plain": "2.6", "text/html": "<b>limit: 2.6</b>"},
        "metadata": {"scrapbook": {"name": "limit", "mime_prefix": ""}},
    }
    hidden = {
        "output_type": "display_data",
        "data": {house_rules.GLUE + "text/plain": "2.6"},
        "metadata": {"scrapbook": {"name": "limit", "mime_prefix": house_rules.GLUE}},
    }
    use = text("It is {glue:text}`limit`.")
    heading = text("## Section")
    assert house_rules.invisible_numbers(notebook(heading, code("x", outputs=[shown]), use)) == []
    assert house_rules.invisible_numbers(notebook(heading, code("x", outputs=[hidden]), use))
    assert house_rules.invisible_numbers(notebook(heading, code("x", outputs=[shown]), text("## Next"), use))
    assert house_rules.invisible_numbers(notebook(heading, text("{glue:text}`nowhere`")))
    # The head of the chapter is its summary: it may use numbers from below.
    assert house_rules.invisible_numbers(notebook(use, heading, code("x", outputs=[shown]))) == []


def test_typed_verdicts_are_found():
    row = {"id": "babu-volkas-1992/amu-bound", "kind": "number", "parts": [], "explanation": "", "recomputed": 2.6e-6}
    row |= {"unstated": None, "unstated_range": None}
    assert house_rules.typed_verdicts([{**row, "verdict": "order-of-magnitude"}]) == []
    assert house_rules.typed_verdicts([{**row, "verdict": None}]) == []
    assert house_rules.typed_verdicts([{**row, "verdict": "reproduced"}])
    assert house_rules.typed_verdicts([{**row, "verdict": "quoted"}])
    assert house_rules.typed_verdicts([{**row, "recomputed": 1e-6, "verdict": "quoted"}]) == []


def test_an_unstated_input_excuses_only_what_the_rule_allows():
    row = {"id": "babu-volkas-1992/amu-bound", "kind": "number", "parts": [], "recomputed": 5e-5}
    row |= {"verdict": "order-of-magnitude", "explanation": "Unstated: everything.", "unstated_range": None}
    assert house_rules.typed_verdicts([{**row, "unstated": None}])
    assert house_rules.typed_verdicts([{**row, "unstated": "everything"}]), "fifty times too large"
    assert house_rules.typed_verdicts([{**row, "unstated": "everything", "unstated_range": [3e-6, 9e-5]}])
    assert house_rules.typed_verdicts([{**row, "unstated": "everything", "unstated_range": [1e-7, 9e-5]}]) == []
    statement = {**row, "kind": "statement", "recomputed": "it may"}
    assert house_rules.typed_verdicts([{**statement, "unstated": None}])
    assert house_rules.typed_verdicts([{**statement, "unstated": "everything"}]) == []


GOOD_PAGE = """<html><head><link rel="stylesheet" href="style.css"></head><body id="top">
<a href="#top">up</a><a href="other.html#there">other</a><a href="https://example.org/">far</a>
<svg class="nuem-figure" aria-label="a line that rises from left to right"></svg><img src="dot.png" alt="a dot">
<div id="bound-x"></div></body></html>"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text(GOOD_PAGE)
    (tmp_path / "other.html").write_text('<p id="there"></p>')
    (tmp_path / "dot.png").write_bytes(b"")
    (tmp_path / "style.css").write_text("@font-face { src: url('font.woff') }")
    return tmp_path


CHECKS = ["dead_links", "foreign_requests", "pictures_without_words", "twin_ids"]


def test_a_good_site_passes(site):
    built = house_rules.Site(site)
    assert [getattr(built, check)() for check in CHECKS] == [[], [], [], []]


@pytest.mark.parametrize(
    "check, old, new",
    [
        ("dead_links", "other.html#there", "other.html#nowhere"),
        ("dead_links", "other.html#there", "missing.html"),
        ("dead_links", "#top", "#bottom"),
        ("dead_links", "dot.png", "no-dot.png"),
        ("foreign_requests", 'href="style.css"', 'href="https://cdn.example.org/style.css"'),
        ("foreign_requests", "</body>", '<script src="//cdn.example.org/x.js"></script></body>'),
        ("pictures_without_words", ' alt="a dot"', ""),
        ("pictures_without_words", 'aria-label="a line that rises from left to right"', 'aria-label="plot"'),
        ("twin_ids", "</body>", '<div id="bound-x"></div></body>'),
    ],
)
def test_each_fault_of_a_site_is_found(site, check, old, new):
    assert old in GOOD_PAGE
    (site / "index.html").write_text(GOOD_PAGE.replace(old, new))
    assert getattr(house_rules.Site(site), check)()


def test_a_style_sheet_that_loads_from_elsewhere_is_found(site):
    (site / "style.css").write_text("@font-face { src: url('https://fonts.example.org/font.woff') }")
    assert house_rules.Site(site).foreign_requests()


def test_a_heavy_page_is_found(site):
    (site / "dot.png").write_bytes(b"x" * 2000)
    assert house_rules.Site(site).heavy_pages(3000) == []
    assert house_rules.Site(site).heavy_pages(1000) == ["index.html weighs 0.00 MB"]


def test_checks_do_not_change_what_they_read():
    original = notebook(PARAMETERS, text("x {glue:text}`a`"))
    before = copy.deepcopy(original)
    house_rules.unclean_cells(original)
    house_rules.typed_quantities_in_notebook(original)
    house_rules.invisible_numbers(original)
    assert json.dumps(original) == json.dumps(before)


# -- checks and inputs -----------------------------------------------------------------------------------------------


def test_a_check_is_an_assert_that_a_reader_sees():
    heading, check = text("Intro\n\n## Checks and limits"), code("x = 1\nassert x == 1")
    assert house_rules.visible_asserts(notebook(heading, check), "Checks") == 1
    assert house_rules.visible_asserts(notebook(heading, text("We assert that it holds.")), "Checks") == 0
    assert house_rules.visible_asserts(notebook(heading, code("# assert x\nprint('assert x')")), "Checks") == 0
    assert house_rules.visible_asserts(notebook(check, heading, text("## Today"), check), "Checks") == 0
    hidden = code("assert True", tags=["hide-input"])
    assert house_rules.visible_asserts(notebook(heading, hidden), "Checks") == 0


DERIVED = text("## Derivation: a square\n\n$$\nx^2=4\n$$ (square)\n\nand so on")


def test_an_assert_below_its_name_confirms_a_formula():
    good = notebook(DERIVED, code("x = 2\n# confirms: square\nassert x**2 == 4"))
    assert house_rules.unconfirmed_formulas(good) == [] and house_rules.confirmed_formulas(good) == 1
    both = notebook(DERIVED, text("$$\nx=2\n$$ (root)"), code("# confirms: square, root\nassert 2**2 == 4"))
    assert house_rules.unconfirmed_formulas(both) == [] and house_rules.confirmed_formulas(both) == 2


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([text("## Derivation\n\n$$\nx^2=4\n$$")], r"cell a-text: a formula without a label: x\^2=4"),
        ([text("## Derivation"), text("Then\n\n$$\nx^2=4\n$$")], "cell a-text: a formula without a label"),
        ([DERIVED], r"no assert confirms the formula \(square\)"),
        ([DERIVED, code("# confirms: square\nx = 2")], r"no assert confirms the formula \(square\)"),
        ([DERIVED, code("assert True\n# confirms: square")], r"no assert confirms the formula \(square\)"),
        ([DERIVED, code("print('# confirms: square')\nassert True")], r"no assert confirms the formula \(square\)"),
        (
            [DERIVED, code("# confirms: square\nx = 2\n# confirms: root\nassert x == 2")],
            r"no assert confirms the formula \(square\).*confirms \(root\), which isn't displayed",
        ),
    ],
)
def test_a_displayed_formula_that_no_cell_confirms_is_found(cells, problem):
    assert re.search(problem, "; ".join(house_rules.unconfirmed_formulas(notebook(*cells))))


def test_laws_need_no_confirmation_and_other_sections_no_labels():
    law = text("## Derivation\n\n$$\nF=ma\n$$ (given-newton)\n\n## Today\n\n$$\nx=1\n$$")
    assert house_rules.unconfirmed_formulas(notebook(law)) == []


@pytest.mark.parametrize(
    "source, read",
    [
        ("now.muon_mass / 2", {"muon_mass"}),
        ('now.value("muon_mass").error', {"muon_mass"}),
        ('getattr(now, f"{lepton}_mass")', {"muon_mass", "tau_mass"}),
        ('for name in ("muon_mass",): getattr(now, name)', {"muon_mass"}),
        ('chapter.show_inputs("muon_mass", "tau_mass")', set()),
        ("muon_mass = 1  # now.tau_mass", set()),
        ('print("the muon_mass is an input")', set()),
        ('print(f"{tau}_mass")', set()),
        ("now.muon_mass = 3", set()),
    ],
)
def test_an_input_counts_as_read_where_code_asks_for_its_value(source, read):
    assert house_rules.inputs_read([source], {"muon_mass", "tau_mass"}) == read


@pytest.mark.parametrize(
    "bad",
    [
        "def take():\n    global mass\n    mass = now.muon_mass",
        "def outer():\n    def inner():\n        nonlocal mass\n        mass = 1",
        'exec("mass = now.muon_mass")',
        'globals()["mass"] = now.muon_mass',
        'setattr(table, "mass", now.muon_mass)',
        "kept = functools.cache(lambda: now.muon_mass)",
        "from joblib import Parallel",
        "import multiprocessing.pool",
        "np.copyto(table, now.muon_mass)",
        "np.multiply(table, now.muon_mass, out=table)",
        "table = np.loadtxt(kept_before)",
        "class Lepton:\n    @functools.cached_property\n    def mass(self):\n        return now.muon_mass",
        "class Lepton:\n    def load(self):\n        self.mass = now.muon_mass\n        return 1",
        "class Lepton:\n    def load(self):\n        self.table[0] = now.muon_mass",
    ],
)
def test_what_provenance_cannot_follow_is_found(bad):
    assert house_rules.hidden_stores(bad)


@pytest.mark.parametrize(
    "good",
    [
        "@functools.cache\ndef mass():\n    return now.muon_mass",
        "@functools.lru_cache(maxsize=1)\ndef mass():\n    return now.muon_mass",
        "from functools import cache",
        "class Lepton:\n    def __init__(self, mass):\n        self.mass = mass",
        "@dataclass\nclass Lepton:\n    m: float\n\n    @property\n    def half(self):\n        return self.m / 2",
        "rows = []\nrows.append(now.muon_mass)",
    ],
)
def test_what_provenance_follows_is_allowed(good):
    assert house_rules.hidden_stores(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        "today = chapter.today",
        "then = chapter.today",
        "then, today = chapter.published, chapter.today",
        "now, then = chapter.published, chapter.today",
        "mass = chapter.today.muon_mass",
        "draw(chapter.published)",
        "now = clock()",
        "for now in times:\n    pass",
        "def bound(now):\n    return now.muon_mass",
    ],
)
def test_inputs_of_a_vintage_under_another_name_are_found(bad):
    (problem, *_) = house_rules.misnamed_inputs(notebook(text("chapter.today"), code(bad)))
    assert problem.startswith("cell a-cell, line 1: ")


@pytest.mark.parametrize(
    "good",
    [
        "then, now = chapter.published, chapter.today",
        "now = chapter.today",
        "mass = now.muon_mass",
        "def bound(inputs):\n    return inputs.muon_mass",
        'limit = bounds["today"].value',
        "first, *rest = 1, 2, 3",
        "# today = chapter.today",
    ],
)
def test_the_one_name_of_the_inputs_of_a_vintage_is_allowed(good):
    assert house_rules.misnamed_inputs(notebook(code(good))) == []


ANATOMY = [
    text("# A bound\n\n```{glue} eps.card\n```"),
    text("## Before you start"),
    text("## Checks"),
    code("assert 1 + 1 == 2"),
    text("## What could be wrong"),
    text("## Try it"),
    text("## Exercises\n\n```{exercise} One\n```\n\n```{solution-start} one\n```"),
    code("1", tags=["solution"]),
]


def test_a_chapter_with_all_its_parts_is_allowed():
    assert house_rules.missing_anatomy(notebook(*ANATOMY)) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("# A bound", "A bound", "the answer comes first"),
        ("eps.card", "eps.today", "the answer comes first"),
        ("# A bound", "# A bound on $q$", "the title has mathematics"),
        ("## Try it", "## Play", "the section 'Try it' is missing"),
        ("assert 1", "print(1)", "'Checks' has no assert"),
        ("{exercise}", "{note}", "there must be an exercise"),
        ("{solution-start}", "{note}", "each exercise needs a solution"),
    ],
)
def test_what_a_chapter_lacks_is_found(old, new, problem):
    lacking = [{**cell, "source": cell["source"].replace(old, new)} for cell in ANATOMY]
    assert lacking != ANATOMY
    assert any(problem in found for found in house_rules.missing_anatomy(notebook(*lacking)))


# -- exercises -------------------------------------------------------------------------------------------------------


def exercise(**changed):
    facts = {"label": "one", "kind": "paper", "hint": True, "planted": False} | changed
    return SimpleNamespace(**facts)


GOOD_EXERCISES = [exercise(), exercise(), exercise(), exercise(planted=True, kind="judgement")]


@pytest.mark.parametrize(
    ("exercises", "problem"),
    [
        (GOOD_EXERCISES[1:], "3 exercises: four are the least"),
        ([*GOOD_EXERCISES, exercise(kind="")], "one: kind, level and minutes are missing"),
        ([*GOOD_EXERCISES, exercise(hint=False)], "one: the hint is missing"),
        (GOOD_EXERCISES[:3] * 2, "exactly one exercise shows a planted error"),
        (GOOD_EXERCISES * 2, "exactly one exercise shows a planted error"),
    ],
)
def test_what_exercises_lack_is_found(exercises, problem):
    assert house_rules.exercise_faults(GOOD_EXERCISES) == []
    assert house_rules.exercise_faults(exercises) == [problem]
