"""`python -m bonafit.schemas FOLDER...`: write the schemas from the records."""

import sys
from pathlib import Path

from bonafit.schemas import KINDS, derived, path_of

for given in sys.argv[1:]:
    for name in KINDS:
        path_of(name, Path(given)).write_text(derived(name), encoding="utf-8")
