"""Mathematics typeset while the book is built: nothing of a formula is lost, and what can't be drawn is named."""

import re

import pytest
from fontTools.ttLib import TTFont
from nuem.errors import NuemError
from nuem.press import mathematics


def shown(tex, **options):
    return re.sub("<[^>]*>|\N{INVISIBLE SEPARATOR}", "", mathematics.mathml(tex, **options))


def test_a_formula_keeps_its_tex_for_whoever_copies_it():
    assert 'data-tex="a&lt;&quot;b&quot;"' in mathematics.mathml(' a<"b" ')


@pytest.mark.parametrize(
    "tex, letters",
    [
        (r"\displaystyle \frac{\alpha}{2\pi}", "α2π"),
        (r"\text{lepton $\varphi$ emits:}", "lepton\N{NO-BREAK SPACE}φ\N{NO-BREAK SPACE}emits:"),
        (r"a &= b\\ c &= d", "a=bc=d"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1234)"),
        (r"\begin{cases}1&x>0\\0\end{cases}", "{1x&gt;00"),
        (r"\underbrace{x}_{y}", "x⏟y"),
        (r"\not p", "𝑝̸"),
    ],
)
def test_constructs_of_the_book_are_typeset(tex, letters):
    assert shown(tex, display=True) == letters


def test_rows_are_rows_of_a_table():
    assert mathematics.mathml(r"a &= b\\ c &= d", display=True).count("<mtr>") == 2


def test_a_letter_that_tex_crosses_by_hand_is_one_crossed_letter():
    assert "<mi>\U0001d45d\u0338</mi>" in mathematics.mathml(r"p\!\!\!/'")
    assert "<mi>ℎ\u0338</mi>" in mathematics.mathml(r"h\!\!\!/")
    assert "mspace" not in mathematics.mathml(r"\mathcal J\!\!\!\!/")


def test_primes_are_drawn_at_the_height_of_a_prime():
    assert '<mo class="prime">′</mo>' in mathematics.mathml("p'")


def test_what_cant_be_typeset_is_named():
    with pytest.raises(NuemError, match=re.escape(r"the formula $\nosuchthing x$ can't be typeset")):
        mathematics.mathml(r"\nosuchthing x")


def test_formulas_within_html_are_typeset_and_the_rest_is_left_alone():
    done = mathematics.in_html(r"<b>a &lt; b</b> \(a &lt; b\) and \[c\] <code>f(x)</code>")
    assert done.startswith('<b>a &lt; b</b> <math data-tex="a &lt; b">') and done.endswith("<code>f(x)</code>")
    assert done.count("<math") == 2 and 'display="block"' in done


def test_what_holds_letters_only_gets_letters():
    done = mathematics.in_html(r'<td data-label="limit on \(\mu_\nu\)">1</td><a href="#x">\(\mu_\nu\)</a>')
    assert done.startswith('<td data-label="limit on μν">1</td><a href="#x"><math aria-label="μν"')


def test_letters_need_their_italics():
    assert {"x", "\N{MATHEMATICAL ITALIC SMALL X}", "ℎ"} <= mathematics.characters(
        "<p>y</p><math><mi>x</mi><mi>h</mi></math>"
    )
    assert "y" not in mathematics.characters("<p>y</p><math><mi>x</mi></math>")


def test_the_font_has_what_the_formulas_need_and_is_kept(tmp_path):
    target, kept = tmp_path / "font.woff2", tmp_path / "kept"
    mathematics.write_font({"x", "∫"}, target, kept)
    font = TTFont(target)
    assert {ord("x"), ord("∫"), ord("√")} <= set(font.getBestCmap()) and "MATH" in font
    assert target.stat().st_size < 40_000
    (file,) = kept.iterdir()
    file.write_bytes(b"kept")
    mathematics.write_font({"∫", "x"}, target, kept)
    assert target.read_bytes() == b"kept"
    mathematics.write_font({"x"}, target, kept)
    assert target.read_bytes() != b"kept" and len(list(kept.iterdir())) == 1


def test_a_character_without_a_glyph_is_named(tmp_path):
    with pytest.raises(NuemError, match=r"has no 漢 \(U\+6F22\)"):
        mathematics.write_font({"漢"}, tmp_path / "font.woff2", tmp_path / "kept")


def test_what_is_too_wide_for_a_phone_says_how_wide_it_is():
    short, long = (mathematics.mathml("+".join("x" * times)) for times in (3, 60))
    assert "wide" not in short and "tabindex" not in short
    assert 'class="wide" style="--ems:' in long and 'tabindex="0"' in long
