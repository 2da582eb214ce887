"""The letters of a formula, where they come first, and what the box and the table say of them."""

import pytest
from nuem.errors import NuemError
from nuem.press import symbols


def text(markdown):
    return {"cell_type": "markdown", "source": markdown}


TITLES = {"chapters/x/one": "One", "chapters/x/two": "Two"}
CELLS = [
    text("# A title with $T$"),
    text("## Before you start\n\n*What you need.*\n[Two](two.ipynb).\n\nThe charge is $q$."),
    {"cell_type": "code", "source": "x = '$Z$'"},
    text("## Derivation\n\n### Step 2: a rate\n\n$$\nR=q\\,T\n$$ (rate)"),
]
MEANINGS = {
    "chapters/x/one": {"R": "rate", "q": "charge over $e$"},
    "chapters/x/two": {"R": "radius", "q": "charge over $e$"},
}


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        (r"\alpha a", [r"\alpha", "a"]),
        (r"N_{\rm a}^{b}", ["N"]),
        (r"x_\mu^2 y", ["x", "y"]),
        (r"\sum_{i=1}^{n_{\max}}s_i", ["s"]),
        (r"\frac{dR}{dT}\quad\text{per year}", ["d", "R", "d", "T"]),
        (r"\begin{array}{c|cc}A&B\end{array}", ["A", "B"]),
        (r"\varepsilon\ne\epsilon", [r"\varepsilon", r"\epsilon"]),
        (r"E_{\text{up}}\to\infty", ["E"]),
    ],
)
def test_a_letter_counts_without_its_scripts_and_words_do_not(tex, found):
    assert symbols.letters(tex) == found


def test_a_letter_has_the_heading_below_which_it_stands_first():
    assert symbols.places(CELLS) == {"T": "", "q": "Before you start", "R": "Step 2: a rate"}


def test_only_displayed_formulas_of_derivations_need_their_letters_explained():
    assert symbols.derived(CELLS) == {"R", "q", "T"}
    assert symbols.derived([text("## Derivation\n\nhere $Z$\n\n## Today\n\n$$\nA\n$$")]) == set()


def test_the_box_names_letters_in_their_order_with_what_needed_chapters_mean_by_them():
    lines = symbols.box("chapters/x/one", MEANINGS, CELLS, TITLES).splitlines()
    assert lines[2:-1] == [
        "* $q$: charge over $e$.",
        "* $R$: rate (step 2).",
        "  *Two:* radius.",
    ]


def test_a_letter_that_no_formula_has_is_refused():
    with pytest.raises(NuemError, match=r"chapters/x/one has no formula with Y; take it out"):
        symbols.box("chapters/x/one", {"chapters/x/one": {"Y": "years"}}, CELLS, TITLES)


def test_the_table_has_a_row_for_each_letter_with_links_to_its_chapters():
    rows = symbols.table(MEANINGS, TITLES, "../").splitlines()[2:]
    assert rows == [
        "| $q$ | charge over $e$ ([One](../chapters/x/one.ipynb), [Two](../chapters/x/two.ipynb)) |",
        "| $R$ | rate ([One](../chapters/x/one.ipynb)); radius ([Two](../chapters/x/two.ipynb)) |",
    ]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "reference").mkdir()
    (tmp_path / symbols.FILE).write_text("usual: [e]\nx/one: {R: rate, q: charge}\n")
    return tmp_path


def test_the_box_stands_behind_the_section_for_beginners(root):
    cells = symbols.with_box("chapters/x/one", root, CELLS)
    kinds = ["".join(cell["source"])[:18] for cell in cells]
    assert kinds.index("```{nuem-symbols}\n") == kinds.index("## Before you star") + 1
    assert len(kinds) == len(CELLS) + 1


def test_a_chapter_whose_letters_nobody_explained_has_no_box(root, tmp_path_factory):
    assert symbols.with_box("chapters/x/two", root, CELLS) == CELLS
    assert symbols.with_box("chapters/x/one", tmp_path_factory.mktemp("empty"), CELLS) == CELLS


@pytest.mark.parametrize("content", ["", "usual: [e]\nx/one: rate\n", "x/one: {R: rate}\n"])
def test_a_malformed_file_is_refused(root, content):
    (root / symbols.FILE).write_text(content)
    with pytest.raises(NuemError, match=r"symbols.yml: not meanings of letters by chapter; write"):
        symbols.load(root)
