"""The page of the errata: a discrepant claim without a place stops the build, and the page counts what is there."""

import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from docutils.parsers.rst import DirectiveError
from nuem import NuemError
from nuem.press import errata
from nuem.review import claims, records
from nuem.review.place import at
from nuem.review.records import Verdict
from sphinx.errors import ExtensionError

LISTS = "head: [made-up/power]\nsigns: [made-up/digits]\nfactors: []\n"
PAGE = "chapters/synthesis/errata"


def verdict(name, severity=None, **fields):
    wrong = {"verdict": "discrepant", "severity": severity, "explanation": "a sign"}
    right = {"verdict": "reproduced"}
    return at(Verdict(claim=name, recomputed=1.0, **(wrong if severity else right), **fields), "chapters/a/b", "cell")


def verdicts(**severities):
    names = [part.id for claim in claims.load().values() for part in claim.parts or [claim]]
    return [verdict(name, severities.get(name.partition("/")[2])) for name in names]


FOUND = {"power": "substantive", "digits": "minor", "formula": "editorial"}


def rows(**severities):
    return records.ledger_json(records.Book(verdicts=verdicts(**severities)))["claims"]


@pytest.fixture
def page(tmp_path, made_up_claims, monkeypatch):
    """Makes the directive of a list, on the page of a book with these lists and verdicts."""

    def make(name, found=FOUND, text=LISTS, overrides=None):
        path = tmp_path / errata.LISTS
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (tmp_path / "references.bib").write_text("@article{made-up, author = {Doe, Jane}, title = {A}, year = {1992}}")
        book = SimpleNamespace(root=tmp_path, overrides=overrides or {})
        monkeypatch.setattr(errata, "the_book", lambda app: book)
        following = SimpleNamespace(note_dependency=lambda _: None)
        found_records = records.Book(verdicts=verdicts(**found))
        app = SimpleNamespace(srcdir=str(tmp_path), env=following, _nuem_records=found_records)
        environment = SimpleNamespace(app=app, docname=PAGE)
        state = SimpleNamespace(document=SimpleNamespace(settings=SimpleNamespace(env=environment)))
        return errata.Errata("nuem-errata", [name], {}, None, 1, 0, "", state, SimpleNamespace(reporter=None))

    return make


def listed(directive):
    [node] = directive.run()
    body = BeautifulSoup(node.astext(), "html.parser").tbody
    return [row.find_all("td")[1].a["href"].partition("#claim-")[2] for row in body.find_all("tr")]


def test_a_list_shows_its_claims_and_leads_to_their_cards(page):
    assert listed(page("signs")) == ["made-up-digits"]
    assert listed(page("factors")) == []


def test_slips_of_the_pen_need_no_list(page):
    assert listed(page("editorial")) == ["made-up-formula"]


@pytest.mark.parametrize(
    "found, text, words",
    [
        ({**FOUND, "statement": "minor"}, LISTS, "the lists .* add made-up/statement, take out nothing"),
        ({**FOUND, "digits": None}, LISTS, "the lists .* add nothing, take out made-up/digits"),
        ({**FOUND, "statement": "substantive"}, LISTS, "the head .* add made-up/statement, take out nothing"),
        (FOUND, LISTS.replace("head: [made-up/power]", "head: []"), "the head .* add made-up/power"),
        (FOUND, LISTS.replace("[]", "[made-up/digits]"), "made-up/digits stands there twice"),
        (FOUND, LISTS.replace("[made-up/digits]", "made-up/digits"), "not lists of claims"),
    ],
)
def test_lists_that_do_not_fit_the_ledger_stop_the_build(page, found, text, words):
    with pytest.raises(DirectiveError) as error:
        page("signs", found, text).run()
    assert re.search(words, error.value.msg) and errata.LISTS in error.value.msg


def test_an_unknown_list_is_named(page):
    with pytest.raises(DirectiveError) as error:
        page("sings").run()
    assert "there is no list 'sings'; did you mean signs?" in error.value.msg


def test_with_a_reader_s_own_inputs_a_listed_claim_may_hold(page):
    own = {"muon_anomaly_error": 1e-9}
    assert listed(page("signs", {**FOUND, "digits": None, "statement": "minor"}, overrides=own)) == []


def test_a_claim_without_a_verdict_is_named(made_up_claims):
    unsettled = [{**row, "verdict": None} if row["id"] == "made-up/formula" else row for row in rows()]
    with pytest.raises(NuemError, match="claims without a verdict: made-up/formula; settle"):
        errata.check(unsettled, {})


def test_claims_and_independent_errors_are_counted(made_up_claims):
    found = rows(power="substantive", digits="substantive", formula="editorial")
    found = [{**row, "root": "made-up/power"} if row["id"] == "made-up/digits" else row for row in found]
    counts = errata.counts(found)
    assert (counts["claims"], counts["discrepant"], counts["reproduced"], counts["quoted"]) == (5, 3, 2, 0)
    assert (counts["substantive"], counts["minor"], counts["editorial"]) == (2, 0, 1)
    assert (counts["independent"], counts["substantive-errors"]) == (2, 1)


def role(kind, text, **known):
    made = kind()
    made.text, made.inliner = text, SimpleNamespace()
    following = SimpleNamespace(note_dependency=lambda _: None)
    environment = SimpleNamespace(docname=PAGE, app=SimpleNamespace(srcdir=str(ROOT), env=following, **known))
    made.inliner.document = SimpleNamespace(settings=SimpleNamespace(env=environment))
    return made


def test_a_count_stands_in_the_text(made_up_claims):
    known = {"_nuem_records": records.Book(verdicts=verdicts(**FOUND))}
    [node], _ = role(errata.Count, "discrepant", **known).run()
    assert node.astext() == "3"
    with pytest.raises(ExtensionError, match=r"errata: 'descrepant' can't be counted; did you mean discrepant"):
        role(errata.Count, "descrepant", **known).run()


def test_a_number_of_another_chapter_leads_to_its_line():
    known = {"_nuem_numbers": {"chapters/synthesis/comparisons": {"edge": "2.0 × 10⁻⁹"}}}
    [node], _ = role(errata.NumberOf, "comparisons edge", **known).run()
    link = BeautifulSoup(node.astext(), "html.parser").a
    assert (link["href"], link.string) == ("comparisons.html#number-edge", "2.0 × 10⁻⁹")
    with pytest.raises(ExtensionError, match="chapters/synthesis/comparisons shows no number 'hedge'"):
        role(errata.NumberOf, "comparisons hedge", **known).run()


def test_the_numbers_of_a_notebook_are_those_that_it_shows():
    number = {"data": {records.VIEW_MIME: {"kind": "number", "key": "edge", "label": "an edge", "text": "2.0"}}}
    recalled = {"data": {records.VIEW_MIME: {"kind": "recalled", "label": "an edge", "text": "2.0"}}}
    notebook = {"cells": [{"outputs": [number, {"data": {"text/plain": "x"}}, {}]}, {"outputs": [recalled]}, {}]}
    assert errata.shown_numbers(notebook) == {"edge": "2.0"}


def test_the_book_s_lists_name_claims_that_exist():
    names = {name for names in errata.lists(ROOT).values() for name in names}
    assert names and names <= set(claims.load())


def test_readers_are_told_every_kind_of_verdict():
    """The head of the errata counts each, the index says what it is, the rule and the module say when it is given."""
    head, _, rest = (ROOT / f"{PAGE}.md").read_text("utf-8").partition("\n## ")
    rule = rest.partition("(the-rule)=")[2].partition("\n## ")[0].lower()
    index = (ROOT / "index.md").read_text("utf-8").replace("*", "")
    for kind in claims.VERDICTS:
        assert f"{{nuem-count}}`{kind}`" in head, f"the head of the errata doesn't count {kind}"
        assert kind.replace("-", " ") in index, f"the index doesn't say what {kind} means"
        assert kind.replace("-", " ") in rule, f"the rule on the page of the errata doesn't say when a claim is {kind}"
        assert f"* {kind}: " in claims.__doc__, f"the head of claims.py doesn't say when a claim is {kind}"


def test_the_page_shows_each_list_once():
    text = (ROOT / f"{PAGE}.md").read_text("utf-8")
    shown = re.findall(r"^```\{nuem-errata\} (\S+)$", text, re.M)
    assert sorted([*shown, errata.HEAD]) == sorted([*errata.lists(ROOT), "editorial"])
