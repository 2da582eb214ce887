"""The compared reference lists: what counts as a slip, and entries that don't say enough."""

import pytest
from nuem import NuemError
from nuem.review import claims
from nuem.synthesis import references

LISTS = """
papers:
  made-up:
    references:
    - {number: '1', printed: {year: '1990'}, status: agrees, by: memory}
    - {number: '2', printed: {year: '1991'}, status: agrees, by: database}
    - {number: '3', printed: {year: '1992', page: '7'}, status: unchecked, by: none}
    - {number: '4', printed: {page: '7'}, status: differs, by: database, found: {year: '1993', page: '8'},
       differs: [year, page], confidence: high}
    citations:
    - {where: p. 2, printed: '[3]', found: '[4]'}
    - {where: p. 3, printed: '[1]', found: '[2]', confidence: low}
    - {where: p. 4, printed: (a), found: (b), settled: made-up/notes}
    - {where: p. 4, printed: (b), found: (b), settled: made-up/notes}
"""


@pytest.fixture
def made_up(tmp_path):
    def read(text=LISTS):
        path = tmp_path / "lists.yml"
        path.write_text(text)
        return references.read(path)["made-up"]

    return read


def test_entries_are_counted_by_status(made_up):
    found = made_up()
    assert [found.count(status) for status in references.STATUSES] == [2, 1, 1]
    assert found.from_memory() == 1


def test_a_slip_names_every_field_that_differs(made_up):
    assert made_up().slips_in_list() == ["[4] nothing → 1993, 7 → 8"]


def test_what_another_claim_settles_or_nobody_is_sure_of_is_no_slip_of_the_text(made_up):
    assert made_up().slips_in_text() == ["p. 2: [3] → [4]"]
    assert [slip["printed"] for slip in made_up().settled_by("made-up/notes")] == ["(a)"]


@pytest.mark.parametrize(
    "old, new, words",
    [
        (
            "status: unchecked",
            "status: fine",
            r"lists.yml, made-up \[3\]: unknown status; .*agrees, differs, unchecked",
        ),
        ("differs: [year, page], ", "", r"made-up \[4\]: it differs; say with found"),
        (", by: memory", "", r"made-up \[1\]: say with printed what is printed, and with by"),
    ],
)
def test_an_entry_that_does_not_say_enough_is_refused(made_up, old, new, words):
    assert old in LISTS
    with pytest.raises(NuemError, match=words):
        made_up(LISTS.replace(old, new))


def test_the_book_s_lists_are_of_its_papers_and_name_claims_that_exist():
    lists = references.read()
    assert lists and set(lists) <= {claim.paper for claim in claims.load().values()}
    for found in lists.values():
        for slip in found.citations:
            if "settled" in slip:
                claims.claim(slip["settled"])
