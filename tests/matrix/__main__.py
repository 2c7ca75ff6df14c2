"""`python -m tests.matrix` runs the matrix. Its processes import `whole`, which this module cannot be."""

from __future__ import annotations

import sys

from tests.matrix.whole import main

if __name__ == "__main__":
    sys.exit(main())
