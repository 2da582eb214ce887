"""A chapter without its solutions, and what of it would miss them."""

import pytest
from nuem.press.students import leaning, without_solutions


def text(source, identifier="text"):
    return {"cell_type": "markdown", "id": identifier, "source": [source], "metadata": {}}


def code(source, *tags, identifier="code"):
    return {
        "cell_type": "code",
        "id": identifier,
        "source": [source],
        "metadata": {"tags": [*tags]},
        "outputs": ["out"],
    }


START, END = "```{solution-start} a\n:class: dropdown\n```", "```{solution-end}\n```"


def kept(*cells):
    return ["".join(cell["source"]) for cell in without_solutions({"cells": cells, "metadata": {}})["cells"]]


def test_text_code_and_output_between_the_gates_go_and_all_else_stays():
    assert kept(
        text(f"before\n\n{START}\n\nhidden"),
        code("hidden()", "solution"),
        text("hidden"),
        code("hidden() # without a tag"),
        text(f"hidden\n\n{END}\n\nafter"),
        code("shown()"),
    ) == ["before", "after", "shown()"]


def test_a_cell_of_nothing_but_a_solution_goes_and_two_solutions_in_one_text_do():
    assert kept(text(START), code("hidden()", "solution"), text(END)) == []
    assert kept(text(f"one\n\n{START}\nhidden\n{END}\n\ntwo\n\n{START}\nhidden\n{END}\n\nthree")) == [
        "one\n\n\n\ntwo\n\n\n\nthree"
    ]


def test_what_is_tagged_a_solution_or_stands_in_one_directive_goes_without_gates():
    assert kept(code("hidden()", "solution"), text("a\n\n````{solution} a\nhidden\n```\ncode\n```\n````\n\nb")) == [
        "a\n\n\n\nb"
    ]


def test_the_notebook_itself_stays_whole():
    cells = [text(START), code("hidden()", "solution"), text(END)]
    without_solutions({"cells": cells, "metadata": {}})
    assert len(cells) == 3 and cells[1]["outputs"] == ["out"]


SOLUTION = [text(START), code('x = 3\nchapter.number("gain", x, "gain")', "solution"), text(END)]


@pytest.mark.parametrize(
    ("outside", "problem"),
    [
        (code("print(x)"), "cell code: x is made in a solution only, or nowhere"),
        (text("it is {glue:text}`gain`"), "cell text: the number 'gain' is made in a solution"),
    ],
)
def test_what_leans_on_a_solution_is_found(outside, problem):
    assert leaning({"cells": [*SOLUTION, outside], "metadata": {}}) == [problem]


def test_what_stands_alone_is_let_be():
    cells = [
        code("import numpy as np\n\ndef f(y, *, z=1):\n    return np.sqrt(y + z)"),
        *SOLUTION,
        code('x = 1\n[f(a) for a in range(x)]\nchapter = 1\nchapter.number("other", x, "other")'),
        text("it is {glue:text}`other`, {glue:text}`bound.today`"),
    ]
    assert leaning({"cells": cells, "metadata": {}}) == []
