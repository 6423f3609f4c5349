"""The page of all flags, written from their table (`python -m bonafit.explanations.documented`)."""

from __future__ import annotations

import sys

from bonafit.explanations.flags import FLAGS, SEVERITIES, SEVERITY_WORDS, Flag

INTRODUCTION = """\
# Flags

Every flag that a result can carry, as it stands in `flags`, with what it says and what to do. A flag is a signal for a
person, never an accusation. This page is written by `make docs` from `bonafit.explanations.flags`; a test compares
them.

"""
SEVERITY_HELP = {
    "stop": "The creator has no score and stands apart, with the posts named.",
    "look": "The creator is ranked, and goes to `review` instead of the shortlist until a person has looked.",
    "missing": "The head named has no value; where it has weight, the creator has no score and stands apart.",
    "note": "How something was read or computed; it changes no verdict.",
}


def page() -> str:
    """The page as Markdown."""
    parts = [INTRODUCTION]
    for severity in SEVERITIES:
        parts.append(f"## `{severity}`: {SEVERITY_WORDS[severity]}\n\n{SEVERITY_HELP[severity]}\n\n")
        parts.append("| flag | what it says | what to do |\n|---|---|---|\n")
        parts += [_row(flag) for flag in FLAGS if flag.severity == severity]
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def _row(flag: Flag) -> str:
    name = f"{flag.head}:{flag.name}" if flag.head else flag.name
    kind = "language" if flag.name.startswith("language") else "brand" if flag.name.count(":") else "category"
    about = f":*{kind}*" if "{about}" in flag.sentence else ""
    places = {"about": f"*that {kind}*", "label": "this head"}
    sentence, do = (text.format(**places) for text in (flag.sentence, flag.do))
    return f"| `{name}`{about} | {sentence} | {do} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
