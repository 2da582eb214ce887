"""The commands of `python -m nuem`, all but `bounds`: what each of them takes, and what it does."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nuem.errors import NuemError, what_happened
from nuem.press import build
from nuem.press.book import Book
from nuem.press.site import built
from nuem.review.inputs import read_overrides

Options = argparse.Namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        said = options.run(options)
    except NuemError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the last good site stays", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"error: {what_happened(error)}; the last good site stays", file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nuem", description="Build the book, or see what moved in it.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: Callable[[Options], str | None], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words)
        added.set_defaults(run=run)
        return added

    building = command("build", _build, "execute the chapters and build the website")
    building.add_argument("--inputs", type=Path, help="YAML file with a reader's own inputs")
    watching = command("watch", _watch, "build whenever a source is saved, and reload the open page")
    copying = command("copies", _copies, "write the reader's copies of the notebooks")
    copying.add_argument("folder", type=Path, help="where to; copies that a reader has changed stay")
    returning = command("source", _source, "turn a reader's copy back into the source of its chapter")
    returning.add_argument("copy", type=Path, help="the reader's copy")
    teaching = command("course", _course, "the students' and the lecturer's edition of the built book")
    teaching.add_argument(
        "chapters", nargs="*", help="whose notebooks they have, such as muon-g-2 or 6; all unless given"
    )
    comparing = command("diff", _diff, "published numbers against another revision")
    comparing.add_argument("base", help="commit, tag or branch")
    command("wheel", _wheel, "a package with the code and the results of the last build")
    printing = command("handouts", _handouts, "chapters as PDF, without code and solutions and with both")
    sliding = command("slides", _slides, "lectures cut from the built chapters")
    for one in (printing, sliding):
        one.add_argument("chapters", nargs="*", help="some of them; without, all")
    command("pdf", _pdf, "the whole book as one PDF")
    for one, words in (
        (building, "chapters at a time"),
        (watching, "chapters at a time"),
        (teaching, "processes that make pages"),
    ):
        one.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help=words)
    return parser


def _positive(text: str) -> int:
    """A number of chapters at a time; with none the build would wait for ever."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of chapters at a time; give 1 or more")
    return int(text)


def _published() -> Book:
    """The book in this folder, with the inputs that it has."""
    return Book(Path.cwd(), Path.cwd() / "_build")


# -- the commands: each takes its options, and returns what it has to say at its end -----------------------------------


def _build(options: Options) -> None:
    published = _published()
    overrides = read_overrides(options.inputs) if options.inputs else {}
    folder = published.build / "custom" if overrides else published.build
    build.build(Book(published.root, folder, overrides), options.jobs)


def _watch(options: Options) -> None:
    from nuem.press.watch import watch

    watch(_published(), functools.partial(build.build, _published(), options.jobs))


def _copies(options: Options) -> str:
    from nuem.press import copies

    return "\n".join(copies.make_folder(_published(), options.folder))


def _source(options: Options) -> str:
    from nuem.press import copies

    return copies.give_back(_published(), options.copy)


def _course(options: Options) -> str:
    from nuem.press import course

    return course.make(_published(), options.chapters, options.jobs)


def _diff(options: Options) -> str:
    from nuem.press import diff

    return diff.report(Path.cwd(), options.base)


def _wheel(options: Options) -> str:
    from nuem.press import wheel

    return str(wheel.build_wheel(_published()))


def _handouts(options: Options) -> str:
    from nuem.press import paper

    book = built(_published())
    return "\n".join(_short(place) for place in paper.handouts(book, _lectures(book, options.chapters)))


def _slides(options: Options) -> str:
    from nuem.press import slides

    book = built(_published())
    lengths = slides.decks(book, _lectures(book, options.chapters))
    return "\n".join(f"{_short(place)}: about {minutes:.0f} minutes" for place, minutes in lengths.items())


def _pdf(options: Options) -> str:
    from nuem.press import paper

    return _short(paper.whole_book(built(_published())))


def _lectures(book: Book, chapters: list[str]) -> list[str]:
    """The pages of some chapters, or of all."""
    from nuem.press import article, exercises

    return article.named(book, chapters) or exercises.lectures(book)


def _short(place: Path) -> str:
    return str(place.relative_to(Path.cwd()))
