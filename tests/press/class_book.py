"""A small book with exercises, for the tests of what students and lecturers get."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CHAPTER = "chapters/laboratory/small"

GUESS = """\
```{guess} Does a storage ring see $Q^2$ or $Q^3$?
:label: small-guess
* $Q^2$
  : The tempting one: a square, as in {cite:t}`babu-volkas-1992`.
* $Q^3$
  : No, ``parity`` forbids it.
```"""

EXERCISES = """\
## Exercises

````{exercise} A charge in disguise
:label: small-number
:kind: paper
:level: 2
:minutes: 20

Which charge has the moment $\\mu$?

```{hint}
Compare the energies at $Q^2$.
```
````

```{solution-start} small-number
:label: small-number-solution
:class: dropdown
```

SECRETTEXT stands here."""

SOLUTION = """\
SECRETCODE = 3.2e-12
print("SECRETOUTPUT", "SECRET" + "STREAM")
chapter.number("SECRETKEY", SECRETCODE, "SECRETLABEL", unit="e0")
chapter.answer("small-number", SECRETCODE, unit="e0", within=0.05, mistakes={"SECRETMISTAKE with a 3": 9.6e-12})
"""

NEXT = """\
So it is SECRETPROSE {glue:text}`SECRETKEY`.

```{solution-end}
```

```{exercise} A formula
:label: small-formula
:kind: judgement
:level: 1
:minutes: 5
:planted:

Which $f(x, m_e)$, and which of the two? See {ref}`small-number` and the {ref}`guess <small-guess>`.

* (a) the first
* (b) the second
```

```{solution-start} small-formula
:label: small-formula-solution
:class: dropdown
```
"""

FORMULA = """\
import sympy as sp

x, m = sp.symbols("x m_e", positive=True)
chapter.answer("small-formula", sp.sqrt(x) * m**2 / sp.pi, part="f")
chapter.choice("small-formula", "b", part="which")
"""

END = "The end of SECRETTWO.\n\n```{solution-end}\n```"


def chapter_with_exercises(root, **changed):
    """Write the chapter; keywords replace its texts."""
    texts = {"exercises": EXERCISES, "solution": SOLUTION, "next": NEXT, "formula": FORMULA, "end": END} | changed
    tags = {"tags": ["solution"]}
    cells = [
        new_markdown_cell(f"# small\n\nA chapter with exercises.\n\n{GUESS}", id="title"),
        new_code_cell("overrides = {}", id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell("import nuem\nchapter = nuem.Chapter(overrides)", id="chapter"),
        new_markdown_cell(texts["exercises"], id="exercises"),
        new_code_cell(texts["solution"], id="solution-1", metadata=tags),
        new_markdown_cell(texts["next"], id="solution-1-end"),
        new_code_cell(texts["formula"], id="solution-2", metadata=tags),
        new_markdown_cell(texts["end"], id="solution-2-end"),
    ]
    nbformat.write(new_notebook(cells=cells), root / f"{CHAPTER}.ipynb")
