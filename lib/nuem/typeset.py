"""Numbers as a physicist writes them: 3.2 × 10⁻¹⁹, never 3.2e-19."""

from __future__ import annotations

import html
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# a letter, perhaps with a bar over it, or an average, and what stands below the line behind it
SUBSCRIPT = re.compile(r"(?<![A-Za-z0-9_])([^\W\d_]\u0304?|⟩)_([A-Za-zΑ-ω0-9]{1,6})(?![A-Za-z0-9_])")
_PLAIN_EXPONENTS = range(-2, 4)  # 0.012 and 1234 read better without a power of ten


def power_of_ten(exponent: int) -> str:
    """
    >>> power_of_ten(-19)
    '10⁻¹⁹'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def _rounded(value: float, digits: int) -> Decimal:
    # Ties go away from zero, as in the browser's rounding of the live formulas.
    return Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(value))


def _fixed(value: float, decimals: int) -> str:
    # A true minus sign; and no "-0.0", which only rounding can produce.
    text = f"{value:.{max(decimals, 0)}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def number(value: float, digits: int = 2) -> str:
    """A number with `digits` significant digits.

    >>> number(2.5835e-6), number(1.0e-6, 1), number(0.0123), number(137.036, 6)
    ('2.6 × 10⁻⁶', '1 × 10⁻⁶', '0.012', '137.036')
    >>> number(-4.4e12), number(0), number(float("inf"))
    ('−4.4 × 10¹²', '0', '∞')
    """
    if math.isnan(value):
        raise ValueError("a number that is not a number cannot be typeset")
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    mantissa, exponent = f"{_rounded(value, digits):.{digits - 1}e}".split("e")
    power = int(exponent)
    if power in _PLAIN_EXPONENTS:
        return _fixed(float(f"{mantissa}e{power}"), digits - 1 - power)
    return f"{_fixed(float(mantissa), digits - 1)} × {power_of_ten(power)}"


def with_error(value: float, error: float) -> str:
    """A value with its standard uncertainty, the uncertainty to two significant digits.

    A small uncertainty stands in brackets, in units of the last digits.

    >>> with_error(1.1e-9, 2.1e-9), with_error(12.3, 0.45)
    ('(1.1 ± 2.1) × 10⁻⁹', '12.30 ± 0.45')
    >>> with_error(1.16592071e-3, 1.5e-10), with_error(4463302.88, 0.16)
    ('1.16592071(15) × 10⁻³', '4463302.88(16)')
    """
    if not 0 <= error < math.inf:
        raise ValueError(f"an uncertainty of {error} can't be typeset")
    if error == 0:
        return number(value)
    power = math.floor(math.log10(max(abs(value), error)))
    error_power = int(f"{error:.1e}".split("e")[1])
    concise = error < 1e-3 * abs(value)
    plain = power in _PLAIN_EXPONENTS or (concise and 0 <= power <= 8)
    scale = 1.0 if plain else 10.0**power
    decimals = 1 - error_power + (0 if plain else power)
    factor = "" if plain else f" × {power_of_ten(power)}"
    if concise and decimals >= 2:
        in_last_digits = round(error / scale * 10**decimals)
        return f"{_fixed(value / scale, decimals)}({in_last_digits}){factor}"
    text = f"{_fixed(value / scale, decimals)} ± {_fixed(error / scale, decimals)}"
    return text if plain else f"({text}){factor}"


def percent(fraction: float) -> str:
    """A fraction in percent, with as many digits as it takes not to round up to certainty.

    >>> percent(0.9), percent(0.6827), percent(0.9973)
    ('90 %', '68 %', '99.7 %')
    """
    digits = 2
    while fraction < 1 and float(_rounded(100 * fraction, digits)) >= 100:
        digits += 1
    return f"{number(100 * fraction, digits)} %"


def unit(text: str) -> str:
    """A unit in print; the dimensionless unit is silent.

    >>> unit("1"), unit("cm^-2 s^-1"), unit("mu_B")
    ('', 'cm⁻² s⁻¹', 'μ_B')
    """
    if text == "1":
        return ""
    words = []
    for word in text.split():
        base, caret, exponent = word.partition("^")
        words.append(base + (exponent.translate(_SUPERSCRIPT) if caret else ""))
    return " ".join(words).replace("mu_", "μ_").replace("_mu", "_μ").replace("e0", "e₀")


def join(value: str, unit_text: str) -> str:
    """A typeset value followed by its unit.

    >>> join("1.2", "keV"), join("1.2", "1")
    ('1.2 keV', '1.2')
    """
    return f"{value} {unit(unit_text)}".rstrip()


def capital(words: str) -> str:
    """Words with a capital at their beginning, and all other letters as they are.

    >>> capital("a GeV"), capital("")
    ('A GeV', '')
    """
    return words[:1].upper() + words[1:]


def in_html(text: str) -> str:
    """Plain text as HTML, with the indices of its symbols below the line; words in snake_case stay as they are.

    >>> in_html("|μ_ij| < 3 × 10⁻¹² μ_B, ν̄_e & muon_mass in eV**2")
    '|μ<sub>ij</sub>| &lt; 3 × 10⁻¹² μ<sub>B</sub>, ν̄<sub>e</sub> &amp; muon_mass in eV²'
    """
    return SUBSCRIPT.sub(r"\1<sub>\2</sub>", html.escape(_raised(text), quote=False))


def in_words(text: str) -> str:
    """Plain text for where nothing can stand below the line, such as the words that a browser shows at a mark.

    >>> in_words("3 × 10⁻¹² μ_B, ν_e & muon_mass, 0.1 cm**2")
    '3 × 10⁻¹² μB, νₑ & muon_mass, 0.1 cm²'
    >>> in_words("limit on mu^2 of D_{{s}}, <3900E-10 mu(B), nu_tau e- --> nu_tau e-")
    'limit on mu² of Dₛ, <3900 × 10⁻¹⁰ μB, ντ e- → ντ e-'
    """
    return SUBSCRIPT.sub(lambda found: found[1] + found[2].translate(_BELOW), _raised(text))


_BELOW = str.maketrans("0123456789aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")


_LISTINGS = {"mu(B)": "μ_B", "mu_B": "μ_B", "mu_nu": "μ_ν", "nu_e": "ν_e", "nu_mu": "ν_μ", "nu_tau": "ν_τ", "-->": "→"}
_LISTED = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in _LISTINGS))
_PROGRAMMED = re.compile(r"(?<![\w.#-])(\d+(?:\.\d*)?|\.\d+)[eE]([-−+]?\d{1,3})(?!\w)")


def _raised(text: str) -> str:
    """Powers, indices and names as programs and listings write them, `cm**2`, `3E-12`, `mu(B)`, as people do."""
    text = _LISTED.sub(lambda found: _LISTINGS[found[0]], re.sub(r"_\{+(\w{1,6})\}+", r"_\1", text))
    text = _PROGRAMMED.sub(lambda found: f"{found[1]} × {power_of_ten(int(found[2].replace('−', '-')))}", text)
    return re.sub(r"(?:\*\*|(?<=\w)\^)(-?\d+)", lambda found: found[1].translate(_SUPERSCRIPT), text)
