"""Two layers of a chapter: what judges the papers folds, wherever it stands, and nothing else does."""

import re
from types import SimpleNamespace

import pytest
from docutils import nodes
from nuem.press import layers
from sphinx.errors import ExtensionError

CARD = '<div class="nuem-card nuem-verdict x" id="claim"><p><span class="nuem-badge nuem-{}">{}</span> Doe</p></div>'
GOOD, BAD = CARD.format("good", "reproduced"), CARD.format("bad", "discrepant (minor)")


def code(*outputs, tags=()):
    """A code cell as MyST-NB makes it: its source, and a container of outputs."""
    raws = [nodes.raw("", html, format="html") for html in outputs]
    source = nodes.container("", nodes.literal_block("", "x = 1"), nb_element="cell_code_source")
    shown = nodes.container("", *raws, nb_element="cell_code_output")
    return nodes.container("", source, shown, nb_element="cell_code", cell_metadata={"tags": list(tags)})


def begin():
    return nodes.comment("", layers._BEGIN)


def end():
    return nodes.comment("", layers._END)


def words(text):
    return nodes.paragraph("", text)


def folded(monkeypatch, *children):
    """The HTML-like text of a page with these children, after the transform; what folds stands between braces."""
    document = nodes.document(SimpleNamespace(), SimpleNamespace())
    document += list(children)
    book = SimpleNamespace(chapters=lambda: ["chapters/stars/suns"])
    monkeypatch.setattr(layers, "the_book", lambda _: book)
    transform = object.__new__(layers.TwoLayers)
    transform.document = document
    monkeypatch.setattr(layers.TwoLayers, "env", SimpleNamespace(docname="chapters/stars/suns"), raising=False)
    monkeypatch.setattr(layers.TwoLayers, "app", None, raising=False)
    transform.run()
    text = document.astext()
    for opening in re.findall("<details[^>]*><summary>.*?</summary>", text):
        text = text.replace(opening, "{")
    return " ".join(text.replace("</details>", "}").split())


def test_a_verdict_card_leaves_its_cell_for_the_second_layer(monkeypatch):
    assert folded(monkeypatch, code("<p>figure</p>", GOOD)) == f"x = 1 <p>figure</p> {{ {GOOD} }}"


def test_a_tagged_cell_folds_whole(monkeypatch):
    assert folded(monkeypatch, code("<p>table</p>", tags=["papers"])) == "{ x = 1 <p>table</p> }"


def test_neighbours_fold_under_one_line(monkeypatch):
    row = (begin(), words("read so"), end(), code(GOOD, tags=["papers"]))
    assert folded(monkeypatch, words("physics"), *row, words("more")) == f"physics {{ read so x = 1 {GOOD} }} more"


def test_a_marked_heading_folds_its_section(monkeypatch):
    section = nodes.section("", nodes.title("", "Slips"), begin(), words("lost"), code("<p>1</p>"))
    assert folded(monkeypatch, words("physics"), section) == "physics { Slips lost x = 1 <p>1</p> }"


def test_a_section_is_one_fold_with_all_that_it_holds(monkeypatch):
    section = nodes.section("", nodes.title("", "Slips"), begin(), code(GOOD), begin(), words("lost"), end())
    assert folded(monkeypatch, section) == f"{{ Slips x = 1 {GOOD} lost }}"


def test_a_page_without_papers_stays(monkeypatch):
    assert folded(monkeypatch, words("physics"), code("<p>1</p>")) == "physics x = 1 <p>1</p>"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("plain", f"% {layers._BEGIN}\n\nplain\n\n% {layers._END}\n"),
        ("### Slips\n\nlost", f"### Slips\n\n% {layers._BEGIN}\n\nlost"),
    ],
)
def test_a_tagged_text_is_marked(text, marked):
    cell = {"cell_type": "markdown", "id": "x", "metadata": {"tags": ["papers"]}, "source": [text]}
    layers.mark(cell)
    assert cell["source"] == marked


def test_a_text_without_the_tag_is_not():
    cell = {"cell_type": "markdown", "id": "x", "metadata": {}, "source": ["plain"]}
    layers.mark(cell)
    assert cell["source"] == ["plain"]


def test_a_heading_inside_a_tagged_text_is_refused():
    cell = {"cell_type": "markdown", "id": "slips", "metadata": {"tags": ["papers"]}, "source": ["a\n\n## B\n"]}
    with pytest.raises(ExtensionError, match="slips"):
        layers.mark(cell)


def test_the_line_counts_verdicts():
    assert layers.summary(GOOD + BAD + GOOD) == "The papers here: 3 claims, 2 reproduced, 1 discrepant (minor)"
    assert layers.summary(BAD, ["Slips"]) == "The papers here: Slips; 1 claim, discrepant (minor)"
