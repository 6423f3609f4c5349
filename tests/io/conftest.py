"""Files of tests, put where the test wants them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def put(name: str, content: str | bytes | list[Any], *, posts: str | None = None, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        if isinstance(content, list):
            content = "\n".join(json.dumps(row) for row in content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        if posts is not None:
            (tmp_path / f"{name.split('.', maxsplit=1)[0]}.posts.csv").write_text(posts, encoding="utf-8")
        return path

    return put
