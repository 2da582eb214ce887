"""What a page asks its reader: exercises, with their number and what they are, and a guess before the derivation."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.directive import ExerciseDirective

from nuem.press import exercises
from nuem.press.tables import the_book
from nuem.view import selfcheck

NAMES = "nuem-names"  # of a text that names what one opens


class ExerciseOfBook(ExerciseDirective):
    """An exercise, with the number that it has in the book and a line that says what it is."""

    option_spec: ClassVar = {
        **ExerciseDirective.option_spec,
        "kind": directives.unchanged,
        "level": directives.unchanged,
        "minutes": directives.unchanged,
        "planted": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Let the extension make the exercise, and give it its number."""
        self.options["nonumber"] = None  # Sphinx counts through the whole book
        made = super().run()
        exercise = _of_page(self.env.app, self.env.docname).get(self.options.get("label", ""))
        if not made or not exercise:
            return made
        words = f"Exercise {exercise.number}".rstrip()
        for node in (made[0], self.env.sphinx_exercise_registry[exercise.label]["node"]):
            node["title"] = words
            node[0][0] = nodes.Text(words)
        for part, seal in self._answers(exercise).items():
            key = f"answer-{exercise.label}{f'-{nodes.make_id(part)}' if part else ''}"
            made[0] += nodes.raw("", selfcheck.field(key, part, seal, exercise.choices), format="html")
        if exercise.facts:
            made[0].insert(1, nodes.paragraph("", exercise.facts, classes=["nuem-facts"]))
        return made

    def _answers(self, exercise: exercises.Exercise) -> dict[str, Any]:
        """The sealed answers of the exercise by their part, as the executed chapter registers them."""
        kept = self.env.temp_data.get("nuem_answers")
        if kept is None:
            book = the_book(self.env.app)
            executed = book.executed_copy(exercise.chapter)
            kept = self.env.temp_data["nuem_answers"] = exercises.answers_of(book, exercise.chapter, executed)
        return kept.get(exercise.label, {}).get("parts", {})


def _of_page(app: Sphinx, docname: str) -> dict[str, exercises.Exercise]:
    """The exercises of the page that is being read, by label; one that is no notebook has none of the book's."""
    kept = app.env.temp_data.get("nuem_exercises")
    if kept is None:
        book = the_book(app)
        found = exercises.of_chapter(book, docname, book.notebook(docname)) if docname in book.chapters() else []
        kept = app.env.temp_data["nuem_exercises"] = {one.label: one for one in found}
    return kept


class Guess(SphinxDirective):
    """A question before the derivation, with tempting answers; each says, once it is opened, why it is right or not."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"label": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Question and choices, each an element that opens without a script."""
        text = "\n".join(self.content)
        choices = list(exercises.CHOICE_AND_REASON.finditer(text))
        left = exercises.CHOICE_AND_REASON.sub("", text).strip()
        if len(choices) < 2 or left or not self.options.get("label"):
            mend = f"; mend {left.splitlines()[0]!r}" if left else ""
            raise self.error(
                f"guess {self.options.get('label', self.arguments[0])!r}: it needs a :label: and at least two choices, "
                f"`* choice` with its reason in the next line, `  : reason`{mend}"
            )
        guess = nodes.container(classes=["nuem-guess"])
        guess += nodes.paragraph("", "", nodes.strong("", "Guess first. "), *self._inline(self.arguments[0]))
        for choice in choices:
            guess += nodes.raw("", '<details class="nuem-choice"><summary>', format="html")
            guess += nodes.inline("", "", *self._inline(choice["choice"]), classes=[NAMES])
            guess += nodes.raw("", "</summary>", format="html")
            line = self.content_offset + text[: choice.start("reason")].count("\n")
            lines = [part.strip() for part in choice["reason"].splitlines()]
            self.state.nested_parse(StringList(lines, self.state.document["source"]), line, guess)
            guess += nodes.raw("", "</details>", format="html")
        self.options["name"] = self.options["label"]
        self.add_name(guess)
        return [guess]

    def _inline(self, text: str) -> list[nodes.Node]:
        found, _ = self.state.inline_text(text, self.lineno)
        return found


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("exercise", ExerciseOfBook, override=True)  # of sphinx-exercise's own
    app.add_directive("guess", Guess)
