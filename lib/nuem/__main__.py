"""The command line: `nuem bounds` reads results, and needs nothing of what `nuem build` needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """What was asked for; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["bounds"]:
        return _bounds(given[1:])
    try:
        from nuem.press import commands
    except ModuleNotFoundError as error:
        print(
            f"error: there is no {error.name}; `nuem bounds --help` reads results and needs no more, "
            'the build needs `pip install "nuem[press]"`',
            file=sys.stderr,
        )
        return 1
    return commands.main(given)


def _bounds(given: Sequence[str]) -> int:
    from nuem.errors import NuemError
    from nuem.review import listing

    parser = argparse.ArgumentParser(prog="nuem bounds", description="Bounds on neutrinos' electromagnetic properties.")
    listing.add_arguments(parser)
    try:
        print(listing.text(parser.parse_args(given)), end="")
    except NuemError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
