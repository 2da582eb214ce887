"""`python -m nuem build` builds the book."""

import sys

from nuem.press.build import main

if __name__ == "__main__":
    sys.exit(main())
