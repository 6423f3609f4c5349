"""From a template and its content to one self-contained page: nothing it shows can run or fetch anything.

The policy of a page is `default-src 'none'`: its script and its style are allowed by the digest of their bytes, images
only as data, and sinks that make code of text are closed (`require-trusted-types-for`).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bonafit.errors import InputError
from bonafit.io.write import write_lines
from bonafit.report import texts

if TYPE_CHECKING:
    import jinja2

TEMPLATES = files("bonafit.report") / "templates"
ENDINGS = (".html", ".htm")


def environment() -> jinja2.Environment:
    """Templates with escaping on and unknown names refused. Raises InputError where the extra is not installed."""
    try:
        import jinja2
    except ImportError:
        raise InputError("a page needs the package Jinja2; pip install 'bonafit[report]'") from None
    templates = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(lambda name: (TEMPLATES / name).read_text(encoding="utf-8")),
    )
    templates.filters.update(
        count=texts.count, percent=texts.percent, two=texts.two, stranger=texts.stranger, money=texts.money,
        percent1=texts.percent1, platform=texts.platform_name,
    )  # fmt: skip
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    return templates


def rendered(template: str, *, style: tuple[str, ...], script: tuple[str, ...], **content: Any) -> bytes:
    """A template filled in, UTF-8. style, script : files beside the template whose text stands inside the page."""
    style_text, script_text = _inside(style), _inside(script)
    policy = "; ".join((
        "default-src 'none'",
        f"style-src '{_digest(style_text)}'",
        f"script-src '{_digest(script_text)}'" if script_text else "script-src 'none'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ))  # fmt: skip
    page: str = (
        environment()
        .get_template(template)
        .render(policy=policy, style=_trusted(style_text), script=_trusted(script_text), **content)
    )
    return page.encode("utf-8", "replace")


def macro(template: str, name: str) -> Callable[..., str]:
    """A macro of a template, to be called alone: escaping on, as in a page."""
    of: Callable[..., str] = getattr(environment().get_template(template).module, name)
    return of


def write_page(path: str | os.PathLike[str], page: bytes) -> None:
    """Write a page whole or not at all; `-` is standard output."""
    write_lines(path, [page])


def check_page(path: str | os.PathLike[str]) -> None:
    """Raise InputError where a page cannot be written there: before the work that it is for."""
    if os.fspath(path) == "-":
        return
    place = Path(path)
    if place.suffix.lower() not in ENDINGS:
        raise InputError(f"{place}: a page is HTML; expected a name that ends with .html")
    if place.is_dir():
        raise InputError(f"{place}: is a folder, expected the name of a file")
    if not place.parent.is_dir():
        raise InputError(f"{place.parent}: no such folder; make it first or name another")
    if not os.access(place.parent, os.W_OK):
        raise InputError(f"{place.parent}: not allowed to write there; choose another folder")
    environment()


def _inside(names: tuple[str, ...]) -> str:
    return "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _trusted(text: str) -> Any:
    """Our own script or style, which stands in the page as it is. Raises ValueError where it would end its element."""
    from markupsafe import Markup

    if "</" in text:
        raise ValueError("a script or style of ours holds '</', which would end its element early")
    return Markup(text)
