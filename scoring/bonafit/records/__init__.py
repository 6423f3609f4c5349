"""The typed, frozen records every reader produces and every head consumes.

Absent is None, never zero: a hidden like count and a count of zero are different facts. However absence is spelt in a
text (ABSENT), a record holds it as absent, so that the same fact gives the same result from every source. Counts are
non-negative integers; instants are timezone-aware UTC; texts are Unicode strings of at most `MAX_TEXT` characters.
Constructors check their arguments (bonafit.records.checked); what else a record must satisfy, times and codes, is
checked where it is read or scored (bonafit.io.rows.check). Decoding forbids unknown fields, so that a column nobody
knows is noticed: bonafit.io.read keeps it in `extra` and says so.
"""

from __future__ import annotations

from bonafit.records.absent import ABSENT, LONGEST_ABSENT, is_absent
from bonafit.records.brief import Brief, Floor, SafetyFloors, VerdictMarks, Weights
from bonafit.records.creator import AudienceAccount, Comment, Creator, FollowerPoint, Post
from bonafit.records.fields import EARLIEST, MAX_COUNT, MAX_TEXT, Count, Identifier, Money, Name, Seconds, Share, Text

__all__ = [
    "ABSENT",
    "EARLIEST",
    "LONGEST_ABSENT",
    "MAX_COUNT",
    "MAX_TEXT",
    "AudienceAccount",
    "Brief",
    "Comment",
    "Count",
    "Creator",
    "Floor",
    "FollowerPoint",
    "Identifier",
    "Money",
    "Name",
    "Post",
    "SafetyFloors",
    "Seconds",
    "Share",
    "Text",
    "VerdictMarks",
    "Weights",
    "is_absent",
]
