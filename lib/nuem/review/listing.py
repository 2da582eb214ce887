"""Bounds on the command line.

nuem bounds --parameter "μ_ν" --vintage today --csv
"""

from __future__ import annotations

import argparse

from nuem.review import reader
from nuem.review.bounds import VINTAGES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for, the same as of `nuem.bounds`."""
    parser.add_argument("--parameter", help="symbol of what is bounded, such as μ_ν, q_ν, ε, ⟨r²⟩ or m_γ")
    parser.add_argument("--flavour", help="such as ν_e")
    parser.add_argument("--vintage", choices=VINTAGES)
    parser.add_argument("--mass", nargs=2, type=float, metavar=("LOWEST", "HIGHEST"), help="regions with masses, in eV")
    parser.add_argument("--file", help="a bounds.json; otherwise the results that this package carries")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="all columns, as comma-separated values")
    form.add_argument("--cite", action="store_true", help="BibTeX of the book and of the sources")


def text(options: argparse.Namespace) -> str:
    """The bounds that were asked for: a line each, or as CSV or BibTeX.

    Raises:
        NuemError: as `nuem.bounds`.
    """
    found = reader.bounds(
        options.file,
        parameter=options.parameter,
        flavour=options.flavour,
        vintage=options.vintage,
        mass=tuple(options.mass) if options.mass else None,
    )
    if options.csv:
        return found.csv()
    if options.cite:
        return found.cite()
    return "".join(f"{bound.id}: {bound.value_text()} ({bound.cl_text()}) {bound.title}\n" for bound in found)
