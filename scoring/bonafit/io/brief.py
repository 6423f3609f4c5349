"""Reading a brief: TOML or JSON, every mistake named with its field and its remedy."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from bonafit.errors import BriefError
from bonafit.io.rows.codes import country_code, language_code, platform_code
from bonafit.records import Brief, SafetyFloors, VerdictMarks, Weights
from bonafit.records.messages import closest, shown, taken_apart, value_at
from bonafit.tiers import TIER_SCHEMES

# A brief is read by people; what is longer is another file given by mistake.
MAX_BRIEF = 1 << 20
# Weights are shares, percents or points; far beyond, their sum is no number.
MAX_WEIGHT = 10**9
CUSTOM = "custom"
CAMPAIGN = "campaign"
CODES: dict[str, Callable[[str], str | None]] = {
    "markets": country_code,
    "languages": language_code,
    "platforms": platform_code,
}


def read_brief(path: str | os.PathLike[str]) -> Brief:
    """The brief in a TOML or JSON file, or on standard input for `-`.

    Raises BriefError naming the file, the field and what to write instead.
    """
    name, obj = read_object(path)
    try:
        return brief_from_dict(obj)
    except BriefError as error:
        raise BriefError(f"{name}: {error}") from error.__cause__


def read_object(path: str | os.PathLike[str]) -> tuple[str, Any]:
    """A brief file as a name for messages and a plain object, unchecked.

    The name's ending decides, and without .toml or .json the content: JSON begins with a brace.
    Raises BriefError where the file cannot be read or is neither.
    """
    name = "standard input" if os.fspath(path) == "-" else os.fspath(path)
    try:
        data = sys.stdin.buffer.read(MAX_BRIEF + 1) if os.fspath(path) == "-" else _start_of(Path(path))
    except OSError as error:
        raise BriefError(f"{name}: cannot be read ({error.strerror or error}); expected a TOML or JSON file") from error
    if len(data) > MAX_BRIEF:
        raise BriefError(f"{name}: is larger than {MAX_BRIEF:,} bytes, expected a brief; check the path")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError(f"{name}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    suffix = Path(name).suffix.lower()
    is_json = suffix == ".json" or (suffix != ".toml" and text.lstrip().startswith("{"))
    try:
        obj = msgspec.json.decode(text) if is_json else tomllib.loads(text)
    # ValueError: TOML's own error is one, and Python's for integers of more than 4,300 digits
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        kind = "JSON" if is_json else "TOML"
        raise BriefError(f"{name}: is not valid {kind}: {error}; see examples/brief.toml") from error
    return name, obj


def brief_from_dict(obj: Any) -> Brief:
    """A plain object, as TOML, JSON or a service gives it, as a Brief.

    Raises BriefError: unknown or missing field, wrong type, weights that are all zero, a scheme nobody named, a
    range whose ends are crossed.
    """
    if not isinstance(obj, dict):
        raise BriefError(f"found {shown(obj)}, expected a table with {', '.join(Brief.__struct_fields__)}")
    # what a campaign may cost moves no score: bonafit.campaign.terms reads it from the same file
    obj = {key: value for key, value in obj.items() if key != CAMPAIGN}
    if isinstance(obj.get("market"), str) and "markets" not in obj:
        obj = {**{key: value for key, value in obj.items() if key != "market"}, "markets": [obj["market"]]}
    _known(obj, Brief, "")
    for name, kind in (("weights", Weights), ("verdict", VerdictMarks), ("safety", SafetyFloors)):
        if isinstance(obj.get(name), dict):
            _known(obj[name], kind, f"{name}.")
    folded = {
        key: [_folded(key, item) if isinstance(item, str) else item for item in value]
        if key in CODES and isinstance(value, list)
        else value
        for key, value in obj.items()
    }
    try:
        brief = msgspec.convert(folded, Brief)
    except msgspec.ValidationError as error:
        raise _explained(str(error), folded) from error
    except UnicodeEncodeError as error:
        raise BriefError("text with a lone surrogate where no text is expected; see examples/brief.toml") from error
    return check_brief(brief)


def validate_brief(brief: Brief) -> Brief:
    """A brief that a program built, held to everything that a file is held to; codes are spelt as records spell them.

    Returns the brief itself where nothing is spelt otherwise. Raises BriefError.
    """
    if not isinstance(brief, Brief):
        raise BriefError(f"found {type(brief).__name__}, expected Brief; see brief_from_dict for plain objects")
    changed = {}
    for name in CODES:
        value = getattr(brief, name)
        if value and (folded := tuple(_folded(name, item) for item in value)) != value:
            changed[name] = folded
    return check_brief(msgspec.structs.replace(brief, **changed) if changed else brief)


def _folded(name: str, item: str) -> str:
    """A code as the creators', with which it is compared, are spelt; what is no code is left to the flags."""
    return CODES[name](item) or item.strip().lower()


def check_brief(brief: Brief) -> Brief:
    """The brief, unchanged, if its parts go together. Raises BriefError."""
    try:
        msgspec.json.encode(brief)
    except UnicodeEncodeError as error:
        raise BriefError(
            f"text with a lone surrogate at character {error.start}, expected valid Unicode; decode the source as UTF-8"
        ) from error
    except (TypeError, ValueError, RecursionError) as error:
        # what a program put past the constructor
        raise BriefError(f"found a value that no brief can hold ({error})") from error
    for name in ("brand", "description"):
        if not getattr(brief, name).strip():
            raise BriefError(f"{name}: is blank, expected text; say what the brand is looking for")
    weights = msgspec.structs.asdict(brief.weights)
    for name, value in weights.items():
        if not 0 <= value <= MAX_WEIGHT:
            raise BriefError(f"weights.{name}: found {value}, expected a finite number from 0 to {MAX_WEIGHT:,}")
    if not any(weights.values()):
        raise BriefError(
            f"weights: all are 0, expected at least one above 0 among {', '.join(weights)}; "
            "leave the table out for the defaults"
        )
    for name in brief.competitors:
        if not any(ch.isalnum() for ch in name):
            raise BriefError(f"competitors: found {shown(name)}, expected the name or handle of a brand")
    marks = brief.verdict
    for name in ("score", "niche_fit", "authenticity"):
        floor, mark = getattr(marks, f"pass_{name}"), getattr(marks, f"shortlist_{name}")
        if floor > mark:
            raise BriefError(f"verdict.pass_{name}: found {floor}, above shortlist_{name} {mark}; swap them")
    low, high = brief.min_followers, brief.max_followers
    if low is not None and high is not None and low > high:
        raise BriefError(f"min_followers: found {low:,}, above max_followers {high:,}; swap them")
    scheme = brief.tier_scheme
    if scheme is not None and scheme not in TIER_SCHEMES and scheme != CUSTOM:
        raise BriefError(
            f"tier_scheme: found {shown(scheme)}, expected one of {', '.join(TIER_SCHEMES)}, or {CUSTOM} with "
            "min_followers and max_followers" + closest(scheme, TIER_SCHEMES)
        )
    if scheme == CUSTOM and low is None and high is None:
        raise BriefError(f"tier_scheme: {CUSTOM} needs min_followers or max_followers; add one")
    return brief


def _start_of(path: Path) -> bytes:
    with path.open("rb") as handle:
        return handle.read(MAX_BRIEF + 1)


# What briefs of others call these fields.
_MEANT = {
    "countries": "markets", "country": "markets", "regions": "markets", "name": "brand", "topics": "keywords",
    "niche": "keywords", "niches": "keywords", "exclude": "excluded_topics", "exclusions": "excluded_topics",
    "avoid": "excluded_topics",
}  # fmt: skip


def _known(obj: dict[str, Any], kind: type[Brief | Weights | VerdictMarks | SafetyFloors], path: str) -> None:
    for key in obj:
        if not isinstance(key, str):
            raise BriefError(f"{path}{shown(key)}: found a name that is no text, expected {kind.__struct_fields__[0]}")
        if key not in kind.__struct_fields__:
            raise BriefError(
                f"{path}{key}: unknown field, expected {', '.join(kind.__struct_fields__)}"
                + closest(_MEANT.get(key, key) if kind is Brief else key, kind.__struct_fields__)
            )


def _explained(message: str, obj: Any) -> BriefError:
    field, expected = taken_apart(message)
    if expected == "missing":
        return BriefError(f"{field}: is missing; every brief needs brand and description")
    return BriefError(f"{field}: found {shown(value_at(obj, field))}, expected {expected}; see examples/brief.toml")
