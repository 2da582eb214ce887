"""`python -m nuem build` builds the book."""

import sys

from nuem.press.book import main

if __name__ == "__main__":
    sys.exit(main())
