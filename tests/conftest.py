"""What several test files share: the book as it stands in the repository."""

from pathlib import Path

import pytest
from nuem.book import Book

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def book():
    """The built book; `make test` builds it first."""
    return Book(ROOT, ROOT / "_build")
