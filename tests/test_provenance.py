"""Where a number comes from."""

import pytest
from nuem.provenance import origins

KNOWN = {"electron_mass", "fermi_constant", "muon_mass", "threshold"}


def code(identifier, source, *keys):
    outputs = [{"data": {}, "metadata": {"scrapbook": {"name": key, "mime_prefix": ""}}} for key in keys]
    return {"cell_type": "code", "id": identifier, "source": source, "outputs": outputs}


def inputs_of(key, *cells):
    found = origins({"cells": list(cells)}, KNOWN)
    return found[key].inputs


def test_the_cell_and_the_inputs_of_a_number():
    cell = code("ratio", "chapter.number('r', now.electron_mass / now.muon_mass, 'ratio')", "r")
    origin = origins({"cells": [cell]}, KNOWN)["r"]
    assert (origin.cell, origin.inputs) == ("ratio", ("electron_mass", "muon_mass"))


def test_inputs_are_followed_through_functions_of_earlier_cells():
    first = code("function", "def rate(inputs):\n    return inputs.fermi_constant**2\n")
    second = code("value", "value = rate(now)\nother = now.muon_mass\nchapter.number('rate', value, 'rate')", "rate")
    assert inputs_of("rate", first, second) == ("fermi_constant",)


def test_a_name_given_anew_forgets_what_stood_behind_it():
    cell = code("a", "x = now.muon_mass\nx = 2\nchapter.number('two', x, 'two')", "two")
    assert inputs_of("two", cell) == ()


@pytest.mark.parametrize("change", ["x += now.threshold", "x['k'] = now.threshold", "x.append(now.threshold)"])
def test_a_name_that_is_changed_remembers(change):
    cell = code("a", f"x = now.muon_mass\n{change}\nchapter.number('sum', x, 'sum')", "sum")
    assert inputs_of("sum", cell) == ("muon_mass", "threshold")


def test_an_input_named_by_a_text_counts():
    cell = code("a", "chapter.number('m', now.value('electron_mass').error, 'error')", "m")
    assert inputs_of("m", cell) == ("electron_mass",)


def test_a_computed_key_gets_the_inputs_of_its_cell():
    cell = code("a", "for n in names:\n    chapter.number(f'{n}-x', now.muon_mass, n)", "b-x")
    assert inputs_of("b-x", cell) == ("muon_mass",)


def test_reading_an_input_does_not_change_the_inputs():
    cell = code("a", "chapter.number('m', now.muon_mass, 'm')\nchapter.number('e', now.electron_mass, 'e')", "m", "e")
    assert inputs_of("e", cell) == ("electron_mass",)


def test_markdown_and_cells_without_numbers_are_passed_over():
    assert (
        origins({"cells": [{"cell_type": "markdown", "id": "m", "source": "# x ="}, code("a", "y = 1")]}, KNOWN) == {}
    )
