"""`python -m bonafit` is the command `bonafit`."""

import sys

from bonafit.cli import main

sys.exit(main())
