"""What several test files share: the book as it stands in the repository, and claims of a paper that doesn't exist."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings
from nuem.press.book import Book
from nuem.review import claims

ROOT = Path(__file__).parent.parent

# The same examples on every machine, however slow it is; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")


@pytest.fixture(scope="session")
def book():
    """The built book; `make test` builds it first."""
    return Book(ROOT, ROOT / "_build")


@pytest.fixture(scope="session")
def printed_claims():
    """Ids of the claims in their files, in order, read off the text without the package's reader."""
    files = sorted((ROOT / "lib" / "nuem" / "data" / "claims").glob("*.yml"))
    return [name for path in files for name in re.findall(r"^- id: (\S+)$", path.read_text("utf-8"), re.M)]


def pytest_terminal_summary(terminalreporter):
    """A skipped test is a promise that nobody checked: `-q` hides it, this says it last and in red."""
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        *_, reason = report.longrepr if isinstance(report.longrepr, tuple) else (str(report.longrepr),)
        reasons.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    if not reasons:
        return
    terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
    for reason, tests in reasons.items():
        terminalreporter.line(f"{reason}:", red=True, bold=True)
        for name in tests:
            terminalreporter.line(f"  {name}", red=True)


@pytest.fixture(autouse=True)
def environment():
    """A build tells its chapters by the environment where it stands; no test may inherit that from another."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


MADE_UP_CLAIMS = """
- {id: made-up/power, where: eq. (1), claim: a bare power, kind: number, relation: '<', published: 1e-3, unit: '1'}
- {id: made-up/digits, where: eq. (2), claim: a mass, kind: number, relation: <=, published: '25', unit: keV}
- {id: made-up/formula, where: eq. (3), claim: 'a $square$', kind: formula, published: '$(x+1)^2$'}
- {id: made-up/statement, where: summary, claim: it holds, kind: statement, published: it holds}
- id: made-up/pair
  where: table 1
  claim: two numbers
  kind: several
  parts:
  - {id: low, claim: lower end, kind: number, published: '2.0', unit: keV}
  - {id: high, claim: upper end, kind: number, published: '4.0', unit: keV}
"""


@pytest.fixture
def made_up_claims(tmp_path, monkeypatch):
    """Five claims of a paper that doesn't exist stand in for the printed ones."""
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "made-up.yml").write_text(MADE_UP_CLAIMS)
    loaded = claims.load(folder)
    monkeypatch.setattr(claims, "_load", lambda _: loaded)
    return loaded
