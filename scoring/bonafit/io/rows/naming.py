"""Who a row is of: id, handle, name and platform from each other and from links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bonafit.io.rows.codes import platform_code
from bonafit.io.rows.context import RowContext
from bonafit.io.rows.identity import derived_id, handle_of, is_post_link, named_handle, of_link
from bonafit.records import Creator

if TYPE_CHECKING:
    from bonafit.io.rows.steps import Out


def identify(values: dict[str, Any], out: Out, reader: RowContext) -> None:
    """Fill id, handle and platform from each other and from links."""
    account, link = values.pop("account", None), values.pop("profile_url", None)
    names = [name for name in (values.pop("first_name", None), values.pop("last_name", None)) if name]
    if names:
        values.setdefault("display_name", " ".join(names))
    name = values.get("display_name")
    if account is None and link is None and isinstance(name, str) and not {"handle", "creator_id"} & values.keys():
        account = name if named_handle(name) is not None else None
        values.pop("display_name") if account is not None else None
    if isinstance(account, str):
        if (both := named_handle(account)) is not None:
            values.setdefault("display_name", both[0])
            account = both[1]
        handle, platform = of_link(account)
        values.setdefault("platform", platform) if platform else None
        # a list may call somebody by a name and link to the profile
        if handle is None and " " not in account.strip() and (link is None or of_link(link)[0] is None):
            handle = handle_of(account)
        if handle is not None:
            values.setdefault("handle", handle)
        else:
            values.setdefault("display_name", account)
    for text in (
        link,
        values.get("creator_id"),
        values.get("handle"),
        values.get("external_url") if link is None else None,
    ):
        if isinstance(text, str) and "/" in text:
            handle, platform = of_link(text)
            if text is values.get("external_url"):
                break
            if platform is not None:
                values.setdefault("platform", platform)
            if handle is not None and (text is link or text is values.get("creator_id")):
                values.setdefault("handle", handle)
    handle = values.get("handle")
    if "creator_id" not in values and isinstance(handle, str) and any(map(str.isspace, handle)):
        del values["handle"]
        values.setdefault("display_name", handle)
        reader.note("handle: with spaces, which no handle has, read as the name")
    if link is not None and "external_url" not in values and of_link(link) == (None, None) and reader.kind is Creator:
        values["external_url"] = link
    if reader.linked is not None:
        values.setdefault("platform", reader.linked)
    if "platform" not in values and reader.platform is not None:
        values["platform"] = platform_code(reader.platform)
    is_own = "creator_id" in values and out.ranks["creator_id"] == 0
    if not is_own and "handle" not in values and _is_handle(values.get("display_name")):
        values["handle"] = values["display_name"].removeprefix("@")
    if "creator_id" not in values:
        values["creator_id"] = _derived(values, link, reader)
    if reader.who is None:
        reader.who = str(values["creator_id"])[:300]


def _derived(values: dict[str, Any], link: Any, reader: RowContext) -> str:
    """The id of a row without one: handle and platform, a link, else the name. Raises RecordError where nobody is
    named."""
    handle = values.get("handle")
    if handle is not None:
        reader.note("creator_id: absent, handle and platform serve as id")
        return derived_id(handle, values.get("platform"))
    name = values.get("display_name")
    if link is not None and not (name and is_post_link(link)):
        return str(link)
    if name:
        reader.note("creator_id: absent, the name serves as id")
        return str(name)
    reason = reader.lost_id or "creator_id is missing; every row needs it, or a handle"
    raise reader.rejected(reason, field="creator_id")


def _is_handle(text: Any) -> bool:
    """Whether a name can only be a handle: no spaces, and a mark or a digit that names do not have."""
    return isinstance(text, str) and bool(re.fullmatch(r"@?[\w]+(?:[._][\w]+)+|@[\w.]+", text.strip(), re.ASCII))
