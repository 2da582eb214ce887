"""Where a number comes from: notebooks are executed, and the list behind a number is never shorter than the truth."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nuem.press.provenance import origins

CELLS = {
    "start": """
import functools
import nuem
chapter = nuem.Chapter({})
now = chapter.today
names = ('electron', 'muon')
""",
    "functions": """
def rate(inputs):
    return inputs.fermi_constant**2
def mass(inputs, of):
    return getattr(inputs, f"{of}_mass")
@functools.cache
def kept(of):
    return getattr(now, f"{of}_mass")
def fill(table, value):
    table.append(value)
def with_later():
    return later_global
collected = []
def collect(of):
    collected.append(getattr(now, f"{of}_mass"))
class Other:
    muon_mass = 1.0
""",
    "quiet": """
carried = mass(now, "tau")
rows = []
for of in names:
    rows.append(getattr(now, f"{of}_mass"))
apart = now.hbar_c
warm = kept("muon")
filled = []
fill(filled, now.hbar_c)
listed = []
_ = [listed.append(getattr(now, f"{one}_mass")) for one in ("tau",)]
collect("tau")
later_global = now.boltzmann_constant
chained = [apart]
second = chained
chained.append(now.fermi_constant)
""",
    "plain": "chapter.number('plain', now.electron_mass / now.muon_mass, 'ratio')",
    "computed": """
chapter.number('computed', getattr(now, f"{names[0]}_mass"), 'a mass')
chapter.number('separate', now.hbar_c, 'another statement')
for of in names:
    chapter.number(f'loop-{of}', mass(now, of), of)
""",
    "carried": "chapter.number('carried', 2 * carried, 'c')\nchapter.number('rows', sum(rows), 'r')",
    "cached": "chapter.number('cached', kept('muon'), 'k')",
    "filled": "chapter.number('filled', filled[0], 'f')\nchapter.number('collected', collected[0], 'c')",
    "listed": "chapter.number('listed', listed[0], 'l')",
    "later": "chapter.number('later', with_later(), 'l')",
    "aliased": "chapter.number('aliased', second[-1], 'a')",
    "function": "value = rate(now)\nother = now.muon_mass\nchapter.number('function', value, 'rate')",
    "error": "chapter.number('error', now.value('fermi_constant').error, 'error')",
    "stranger": "other = Other()\nchapter.number('stranger', other.muon_mass, 'no input')\ntext = 'tau_mass'",
    "anew": "x = now.muon_mass\nx = 2\nchapter.number('anew', x, 'two')",
    "changed": "y = now.muon_mass\ny += now.hbar_c\nchapter.number('changed', y, 'sum')",
    "package": """
from nuem.physics import recoil
constants = recoil.Constants.of(now)
chapter.number('package', 1.0, 'one')
chapter.number('through', constants.mass, 'read by the package')
""",
    "multi": """
chapter.number(
    'multi',
    now
    .tau_mass,
    'over several lines',
)
""",
}


@pytest.fixture(scope="module")
def found():
    cells = [new_code_cell(source.strip(), id=name) for name, source in CELLS.items()]
    notebook = nbformat.from_dict(new_notebook(cells=cells))
    NotebookClient(notebook, kernel_name="python3").execute()
    return origins(notebook)


@pytest.mark.parametrize(
    "key, cell, inputs",
    [
        ("plain", "plain", {"electron_mass", "muon_mass"}),
        ("computed", "computed", {"electron_mass"}),
        ("separate", "computed", {"hbar_c"}),
        ("loop-muon", "computed", {"electron_mass", "muon_mass"}),  # one statement
        ("carried", "carried", {"tau_mass"}),
        ("rows", "carried", {"electron_mass", "muon_mass"}),
        ("cached", "cached", {"muon_mass"}),  # read in an earlier cell, by the cached function
        ("filled", "filled", {"hbar_c"}),
        ("collected", "filled", {"tau_mass"}),
        ("listed", "listed", {"tau_mass"}),
        ("later", "later", {"boltzmann_constant"}),
        ("aliased", "aliased", {"hbar_c", "fermi_constant"}),
        ("function", "function", {"fermi_constant"}),
        ("error", "error", {"fermi_constant"}),
        ("stranger", "stranger", set()),
        ("anew", "anew", set()),
        ("changed", "changed", {"muon_mass", "hbar_c"}),
        ("package", "package", set()),
        ("multi", "multi", {"tau_mass"}),
    ],
)
def test_the_cell_and_the_inputs_of_a_number(found, key, cell, inputs):
    assert found[key].cell == cell
    assert set(found[key].inputs) == inputs


def test_what_the_package_reads_counts(found):
    assert {"electron_mass", "hbar_c"} <= set(found["through"].inputs)


def test_a_notebook_without_numbers_has_no_origins():
    markdown = {"cell_type": "markdown", "id": "m", "source": "# x ="}
    quiet = {"cell_type": "code", "id": "c", "source": "y = 1", "outputs": [], "execution_count": 1}
    assert origins({"cells": [markdown, quiet]}) == {}
