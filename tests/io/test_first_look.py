"""A first look starts at once: what reading a table does not need is not loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("numpy", "pandas", "pyarrow", "sqlite3", "scipy", "sklearn", "torch", "jinja2", "python_calamine")
PROGRAM = """
import sys
from bonafit.cli import main
status = main(sys.argv[1:])
from bonafit.io.rows import codes
loaded = [name for name in {heavy!r} if name in sys.modules]
print(status, loaded, codes._countries_elsewhere.cache_info().currsize)
"""


def test_inspect_loads_what_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "creators.csv"
    path.write_text("handle,followers,bio,country\nmara,8400,Rye,DE\nole,9100,Oats,Germany\n", encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM.format(heavy=HEAVY), "inspect", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 [] 0"
