"""Printed claims and the rule that judges them, with every end of every interval in it."""

import ast
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import assume, given
from hypothesis import strategies as st
from nuem.errors import NuemError
from nuem.review import claims, records
from nuem.review.claims import judge, read_printed
from nuem.view import cards
from nuem.view.style import STYLE

GOOD, ORDER, BAD = "reproduced", "order-of-magnitude", "discrepant"

# -- the printed text ------------------------------------------------------------------------------------------------


@given(st.integers(1, 9), st.text("0123456789", min_size=1, max_size=6), st.integers(-30, 30))
def test_the_last_printed_digit_is_the_last_decimal(leading, decimals, exponent):
    printed = read_printed(f"{leading}.{decimals}e{exponent}")
    assert printed.last_digit == pytest.approx(float(Decimal(1).scaleb(exponent - len(decimals))))
    assert printed.value == pytest.approx(float(Decimal(f"{leading}.{decimals}").scaleb(exponent)))
    assert not printed.bare


@pytest.mark.parametrize(
    ("text", "last_digit", "bare"),
    [
        ("1e-6", 1e-6, True),
        ("100", 100, True),
        ("-1e-6", 1e-6, True),
        ("1 x 1e-6", 1e-6, False),
        ("1.0e-6", 1e-7, False),
        ("2e-6", 1e-6, False),
        ("1", 1, False),
        ("0.1", 0.1, False),
        ("5500", 100, False),
        ("5500.", 1, False),
        ("0.550", 0.001, False),
    ],
)
def test_precision_of_a_number_as_printed(text, last_digit, bare):
    printed = read_printed(text)
    assert (printed.last_digit, printed.bare) == (pytest.approx(last_digit), bare)


@pytest.mark.parametrize("text", ["", "five", "1-2", "1e", "3 keV", "nan", "inf"])
def test_a_printed_text_that_is_not_one_plain_number_is_named(text):
    with pytest.raises(NuemError, match=f"'{text}' is not one plain number"):
        read_printed(text)


@pytest.mark.parametrize("word", ["<~", "~", "about", "< about", "approximately", "few", "or so", "roughly"])
def test_words_that_mark_a_number_as_approximate(word):
    assert claims.is_marked(word)


@pytest.mark.parametrize("word", ["", "=", "<", ">", "<=", ">=", "measured"])
def test_words_that_leave_a_number_exact(word):
    assert not claims.is_marked(word)


# -- the verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "relation", "recomputed", "verdict"),
    [
        # a bare power of ten: factor 2, then 10, ends included
        ("1e-6", "<", 2e-6, GOOD),
        ("1e-6", "<", 0.5e-6, GOOD),
        ("1e-6", "<", 2.001e-6, ORDER),
        ("1e-6", "<", 0.4999e-6, ORDER),
        ("1e-6", "<", 1e-5, ORDER),
        ("1e-6", "<", 1e-7, ORDER),
        ("1e-6", "<", 1.001e-5, BAD),
        ("1e-6", "<", 0.999e-7, BAD),
        # a bare power of ten that is also marked keeps its factor 10
        ("1e-6", "about", 1e-5, ORDER),
        # a marked number: factor 2, then 3
        ("4e-6", "~", 8e-6, GOOD),
        ("4e-6", "about", 2e-6, GOOD),
        ("4e-6", "about", 8.01e-6, ORDER),
        ("4e-6", "approximately", 1.2e-5, ORDER),
        ("4.5", "few", 1.5, ORDER),
        ("4.5", "few", 1.499, BAD),
        ("4e-6", "~", 1.201e-5, BAD),
        # printed digits: one unit of the last, ends included
        ("2.1e-9", "=", 2.2e-9, GOOD),
        ("2.1e-9", "<", 2.0e-9, GOOD),
        ("2.1e-9", "=", 2.201e-9, BAD),
        ("2.1e-9", "=", 1.999e-9, BAD),
        ("0.55", "=", 0.56, GOOD),
        ("0.55", "=", 0.54, GOOD),
        ("5500", "=", 5600, GOOD),
        ("5500", "=", 5601, BAD),
        ("-2.1", "=", -2.2, GOOD),
        # a wrong sign is worse than any factor
        ("1e-6", "about", -1e-6, BAD),
        ("-2.1", "=", 2.1, BAD),
        ("2.1", "about", 0.0, BAD),
        ("0", "=", 0.0, GOOD),
        ("0", "=", 1e-30, BAD),
    ],
)
def test_each_end_of_the_rule(published, relation, recomputed, verdict):
    assert judge(published, relation, recomputed) == verdict


@pytest.mark.parametrize(
    ("published", "recomputed", "verdict"),
    [
        ("2.0", 2.1, GOOD),
        ("2.0", 2.99, ORDER),
        ("2.0", 1.01, ORDER),
        ("2.0", 3.0, BAD),
        ("2.0", 1.0, BAD),
        ("0.4", 0.6, BAD),
        ("0.8", 0.4, BAD),
    ],
)
def test_an_unstated_input_allows_less_than_half(published, recomputed, verdict):
    assert judge(published, "=", recomputed, unstated="a definition") == verdict


@pytest.mark.parametrize(
    ("published", "relation", "recomputed", "ends", "verdict"),
    [
        # the central value is outside every allowance, the range decides
        ("0.34", "=", 0.61, (0.22, 0.61), ORDER),
        ("0.34", "=", 0.61, (0.61, 0.22), ORDER),
        ("0.34", "=", 0.90, (0.36, 0.90), BAD),
        ("0.34", "=", 0.90, (0.35, 0.90), ORDER),  # the printed rounding belongs to the print
        ("0.34", "=", 0.10, (0.10, 0.33), ORDER),
        ("0.34", "=", 0.10, (0.10, 0.32), BAD),
        # a range is no excuse for another number than the printed one
        ("0.34", "=", 0.90, (0.80, 0.95), BAD),
        ("2.1", "=", -5.0, (-9.0, -1.0), BAD),
        ("-2.1", "=", 5.0, (-3.0, 9.0), ORDER),
        # a central value that reproduces stays so, and a range never makes a verdict harder
        ("0.34", "=", 0.341, (0.1, 0.9), GOOD),
        ("1e-6", "<", 8e-6, (5e-6, 9e-6), ORDER),
        ("0.34", "=", 0.40, (0.40, 0.45), ORDER),  # less than half off, as for an unstated input without a range
        # a bare power of ten and a marked number are met within a factor two
        ("1e-6", "<", 5e-5, (2e-6, 9e-5), ORDER),
        ("1e-6", "<", 5e-5, (2.1e-6, 9e-5), BAD),
        ("4e-6", "about", 5e-5, (8e-6, 9e-5), ORDER),
        ("4e-6", "about", 5e-5, (8.1e-6, 9e-5), BAD),
        # the range holds the central value by definition
        ("1 x 1e-9", "=", 1.5e-9, (2.1e-9, 2.3e-9), GOOD),
        ("0.34", "=", 0.10, (0.5, 0.6), ORDER),
    ],
)
def test_a_range_of_an_unstated_input_that_encloses_the_print_is_no_discrepancy(
    published, relation, recomputed, ends, verdict
):
    assert judge(published, relation, recomputed, unstated="an input", unstated_range=ends) == verdict


@given(st.decimals("0.011", "99", places=3), st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_range_never_makes_a_verdict_harder(printed, factor, other):
    central = float(printed) * factor
    alone = judge(f"{printed:e}", "=", central, unstated="an input")
    ends = (central, float(printed) * other)
    ranged = judge(f"{printed:e}", "=", central, unstated="an input", unstated_range=ends)
    assert claims.rank(ranged) <= claims.rank(alone)
    if min(factor, other) <= 1 <= max(factor, other):
        assert ranged != BAD


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unstated_range": (1.0, 2.0)}, "unstated_range= needs unstated="),
        ({"unstated": "a", "unstated_range": (1.0, float("inf"))}, "takes the two finite ends"),
        ({"unstated": "a", "unstated_range": (1.0,)}, "takes the two finite ends"),
        ({"unstated": "a", "unstated_range": ()}, "takes the two finite ends"),
    ],
    ids=str,
)
def test_a_range_without_a_name_or_without_two_ends_is_refused(options, message):
    with pytest.raises(NuemError, match=message):
        judge("1.0", "=", 1.0, **options)


@pytest.mark.parametrize(
    ("published", "neighbour"), [("4463302.776", 4463302.777), ("4463302.776", 4463302.775), ("1.16592071", 1.1659207)]
)
def test_one_unit_in_the_last_digit_is_allowed_also_for_many_digits(published, neighbour):
    assert judge(published, "=", neighbour) == GOOD


printed_digits = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(20, 99999).filter(lambda digits: digits % 10),
    st.integers(-25, -5),
)


@given(printed_digits, st.sampled_from([1, -1]))
def test_one_unit_in_the_last_digit_is_the_whole_allowance(printed, direction):
    unit = Decimal(1).scaleb(printed.as_tuple().exponent) * direction
    assert judge(f"{printed:e}", "=", float(printed + unit)) == GOOD
    assert judge(f"{printed:e}", "=", float(printed + unit * Decimal("1.001"))) == BAD


@given(st.integers(-25, 25).filter(bool), st.floats(1, 100))
def test_a_bare_power_of_ten_is_judged_alike_above_and_below(exponent, factor):
    assume(all(factor == end or abs(factor / end - 1) > 1e-8 for end in (2, 10)))
    power = float(f"1e{exponent}")
    assert judge(f"1e{exponent}", "<", power * factor) == judge(f"1e{exponent}", "<", power / factor)


@given(
    st.sampled_from(["1e-6", "1e3", "1", "2", "3e-9", "2.1e-9", "0.55", "5500", "-1e-6", "-2.1", "100", "1 x 1e-6"]),
    st.sampled_from(["=", "<", "about", "<~"]),
    st.sampled_from(["", "an input"]),
    st.floats(0, 50),
    st.floats(0, 50),
    st.sampled_from([1, -1]),
)
def test_moving_away_from_the_printed_number_never_improves_the_verdict(
    published, relation, unstated, one, another, direction
):
    printed = float(published.replace(" x 1", ""))
    near, far = sorted([one, another])
    grades = [
        claims.rank(judge(published, relation, printed * (1 + direction * distance), unstated=unstated))
        for distance in (0, near, far)
    ]
    assert grades == sorted(grades)
    assert grades[0] == claims.rank(GOOD)


@given(printed_digits, st.floats(0.01, 100), st.integers(-12, 12))
def test_a_verdict_does_not_depend_on_the_unit(printed, factor, shift):
    other = printed.scaleb(shift)
    units_off = abs(factor - 1) * float(printed.scaleb(-printed.as_tuple().exponent))
    assume(abs(units_off - 1) > 1e-6)  # on the very end, rounding of the test's own arithmetic decides
    assert judge(f"{printed:e}", "=", float(printed) * factor) == judge(f"{other:e}", "=", float(other) * factor)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_verdict_needs_a_finite_number(value):
    with pytest.raises(NuemError, match=r"is not finite.*needs a number"):
        judge("1e-6", "about", value)


FROM_WORST = ("discrepant", "order-of-magnitude", "quoted", "reproduced")


@given(st.lists(st.sampled_from(FROM_WORST), min_size=1))
def test_a_claim_is_as_good_as_its_worst_part(verdicts):
    assert claims.worst(verdicts) == next(verdict for verdict in FROM_WORST if verdict in verdicts)


# -- the files -------------------------------------------------------------------------------------------------------


def test_all_claims_of_the_papers_load(printed_claims):
    loaded = claims.load()
    assert list(loaded) == printed_claims
    assert len({claim.paper for claim in loaded.values()}) >= 5
    for identifier, claim in loaded.items():
        assert identifier.startswith(claim.paper + "/")
        part_ids = [part.id for part in claim.parts]
        assert len(set(part_ids)) == len(part_ids)


def test_every_printed_number_reproduces_itself():
    loaded = claims.load().values()
    numbers = [claim for whole in loaded for claim in (whole, *whole.parts) if claim.kind == "number"]
    assert len(numbers) > 92  # 92 whole claims are numbers, and some parts
    for claim in numbers:
        assert judge(claim.number or claim.published, claim.relation, claim.printed.value) == GOOD


def test_a_part_is_found_by_its_name(made_up_claims):
    part = claims.claim("made-up/pair#high")
    assert (part.published, part.where, part.anchor) == ("4.0", "table 1", "claim-made-up-pair-high")


def test_an_unknown_claim_lists_near_names(made_up_claims):
    with pytest.raises(NuemError, match=r"no claim 'made-up/powre'; did you mean made-up/power.*Allowed are: made-up/"):
        claims.claim("made-up/powre")


def test_a_claim_of_an_unknown_paper_lists_the_papers(made_up_claims):
    with pytest.raises(NuemError, match=r"no claim 'maid-up/power'.*Allowed are: made-up$"):
        claims.claim("maid-up/power")


def test_an_unknown_part_lists_the_parts(made_up_claims):
    with pytest.raises(NuemError, match=r"made-up/pair has no part 'hihg'; did you mean high.*high, low"):
        claims.claim("made-up/pair#hihg")


GOOD_CLAIM = {"id": "p/one", "where": "eq. (1)", "claim": "one", "kind": "number", "published": "1.0"}


def load_one(tmp_path, **changes):
    raw = {name: value for name, value in {**GOOD_CLAIM, **changes}.items() if value is not None}
    text = ", ".join(f"{name}: {value!r}" for name, value in raw.items())
    (tmp_path / "p.yml").write_text(f"- {{{text}}}\n")
    return claims.load(tmp_path)


def test_a_well_formed_claim_loads_with_its_defaults(tmp_path):
    claim = load_one(tmp_path)["p/one"]
    assert (claim.paper, claim.relation, claim.unit, claim.printed.value) == ("p", "=", "1", 1.0)


@pytest.mark.parametrize(
    ("published", "text"), [("1e-6", "10⁻⁶"), ("1 x 1e-6", "1 × 10⁻⁶"), ("2.10e-9", "2.10 × 10⁻⁹"), ("0.550", "0.550")]
)
def test_a_printed_number_keeps_its_digits_in_print(tmp_path, published, text):
    assert load_one(tmp_path, published=published)["p/one"].number_text == text


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "nummer"},
        {"kind": None},
        {"where": None},
        {"kind": "several"},
        {"parts": [{"id": "a", "claim": "a", "kind": "statement"}]},
        {"published": "one or two"},
        {"claim": None},
        {"id": None},
        {"id": 12},
        {"claim": ["a", "b"]},
        {"published": 2.10},  # YAML would drop the last digit
        {"published": "1_000"},
        {"published": "1e99999"},
        {"published": "NaN"},
        {"uncertainty": "0.3 or so"},
        {"implied": "true"},
        {"publishd": "2"},
        {"parts": "a and b"},
        {"kind": "several", "parts": ["a"]},
        {"kind": "several", "parts": [{"id": "a", "claim": "a", "kind": "number", "published": 2.10}]},
    ],
    ids=str,
)
def test_a_malformed_claim_is_named_with_its_file(tmp_path, changes):
    with pytest.raises(NuemError, match=r"p\.yml"):
        load_one(tmp_path, **changes)


def test_two_claims_with_one_id_are_refused(tmp_path):
    load_one(tmp_path)
    (tmp_path / "q.yml").write_text((tmp_path / "p.yml").read_text())
    claims._load.cache_clear()
    with pytest.raises(NuemError, match=r"q\.yml: the id p/one stands twice; make it unique"):
        claims.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("p/one: {claim: a}", "not a list of claims"),
        ("- p/one", "'p/one' is not a mapping"),
        ("- {id: p/one, claim: a, claim: b}", "line 1: claim stands twice"),
        ("", "not a list of claims"),
    ],
)
def test_a_claims_file_of_another_form_is_named(tmp_path, content, words):
    (tmp_path / "p.yml").write_text(content)
    with pytest.raises(NuemError, match=rf"claims/p\.yml.*{words}"):
        claims.load(tmp_path)


def test_a_claims_file_that_is_not_yaml_is_named(tmp_path):
    (tmp_path / "p.yml").write_text("- {id: p/one")
    with pytest.raises(NuemError, match=r"p\.yml.*not valid YAML"):
        claims.load(tmp_path)


# -- the table of verdicts -------------------------------------------------------------------------------------------


def test_a_new_kind_of_verdict_needs_its_line_in_the_table_only(monkeypatch, made_up_claims):
    monkeypatch.setitem(claims.VERDICTS, "misprinted", claims.VerdictKind("bad", wrong=True, found="meant"))
    options = records.schema("ledger")["$defs"]["claim"]["properties"]["verdict"]["enum"]
    assert options == [*claims.VERDICTS, None] and "misprinted" in options
    assert claims.worst(["misprinted", *claims.VERDICTS]) == "misprinted"
    with pytest.raises(NuemError, match="made-up/digits comes out misprinted: give explanation="):
        records.Verdict(claim="made-up/digits", verdict="misprinted", recomputed=52.0)
    severe = {"explanation": "digits exchanged", "severity": "editorial"}
    verdict = records.to_json(
        records.Verdict(claim="made-up/digits", verdict="misprinted", recomputed=52.0, factor=2.1, **severe)
    )
    assert records.independent_errors([verdict]) == 1
    card = cards.render({"kind": "verdict", "verdict": verdict}, cards.Links())
    assert 'class="nuem-badge nuem-bad">misprinted (editorial)<' in card and "<dt>meant</dt>" in card


def test_a_new_kind_that_agrees_is_quoted_and_excuses_a_range(monkeypatch):
    monkeypatch.setitem(claims.VERDICTS, "rounded", claims.VerdictKind("good", agrees=True))
    assert claims.as_quoted("rounded") == "quoted"
    plain = claims.judge

    def judge_with_it(*claim, **options):
        verdict = plain(*claim, **options)
        return "rounded" if verdict == GOOD else verdict

    monkeypatch.setattr(claims, "judge", judge_with_it)
    assert plain("0.34", "=", 0.61, unstated="the density", unstated_range=(0.22, 0.61)) == ORDER


def test_no_other_module_types_a_verdict():
    for path in Path(claims.__file__).parents[1].rglob("*.py"):
        if path != Path(claims.__file__):
            typed = {
                node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
            }
            assert not typed & (set(claims.VERDICTS) - {"quoted"}), path  # a bound may be quoted, too


def test_site_and_notebooks_have_a_colour_for_each_tone():
    site = (ROOT / "assets" / "nuem.css").read_text("utf-8")
    for kind in claims.VERDICTS.values():
        badge, card = f".nuem-{kind.tone}", f".nuem-verdict:has(.nuem-{kind.tone})"
        for name, style in (("assets/nuem.css", site), ("view/style.py", STYLE)):
            assert re.search(rf"{re.escape(badge)}[^{{}}]*\{{ ?color:", style), f"{name} colours no badge {badge}"
            assert card in style, f"{name} colours no edge of a card, {card}"


@pytest.mark.parametrize("name", ["bounds", "ledger"])
def test_the_public_schema_has_no_placeholder(name):
    assert re.findall(r'"\$(?!ref|schema|defs)[^"]*"', json.dumps(records.schema(name))) == []
