"""Every error bonafit raises on purpose.

    BonafitError
    ├── BundleError
    │   ├── BundleMissingError        no bundle, or a file of it, at this path
    │   ├── BundleCorruptError        bytes differ from the manifest's digest, or cannot be parsed
    │   ├── BundleIncompatibleError   a schema, encoder or column this version does not know
    │   └── BundleUntrustedError      unsigned or wrongly signed where a signature is required
    ├── CreatorIndexError
    │   ├── IndexMissingError         no index at this path
    │   ├── IndexCorruptError         files disagree with the index's manifest
    │   ├── IndexIncompatibleError    made by another schema, bundle or encoder
    │   └── IndexLockedError          another writer is at work
    ├── EncoderError                  encoder files absent or unfit
    ├── InputError                    a whole input cannot be read (not one row of it)
    ├── RecordError                   one row is wrong: line, creator id, field path, reason
    ├── BriefError                    the brief is wrong: field path, reason
    ├── FiltersError                  a filter of an index that there is not, or of the wrong kind
    ├── OrderingError                 quotas, diversity or exploration of a list that do not go together
    ├── ShapeError                    arrays whose shapes do not go together
    └── DefinitionError               two rates of different definitions compared

A table's values that cannot be read are left out with a LostValuesWarning, unless a report takes them.

Messages are one sentence: what was found, what was expected; then what to do.
"""


class BonafitError(Exception):
    """Base of all errors raised on purpose; catch this to catch them all."""


class BundleError(BonafitError):
    """A bundle cannot be used."""


class BundleMissingError(BundleError):
    """No bundle, or a file that its manifest names is absent."""


class BundleCorruptError(BundleError):
    """A file's bytes differ from the manifest, or do not parse."""


class BundleIncompatibleError(BundleError):
    """The bundle asks for a schema, encoder or column that this version does not have."""


class BundleUntrustedError(BundleError):
    """A signature was required and is absent or wrong."""


class CreatorIndexError(BonafitError):
    """A creator index cannot be used."""


class IndexMissingError(CreatorIndexError):
    """No index at this path."""


class IndexCorruptError(CreatorIndexError):
    """Files are absent or of another size than the index's manifest says."""


class IndexIncompatibleError(CreatorIndexError):
    """The index was made by another schema, bundle or encoder."""


class IndexLockedError(CreatorIndexError):
    """Another writer holds the index."""


class EncoderError(BonafitError):
    """An encoder's files are absent or do not fit what was asked."""


class InputError(BonafitError):
    """An input as a whole cannot be read: absent, of unknown format, not decompressible."""


class RecordError(BonafitError):
    """One input row is wrong.

    line       : 1-based line or row number in the input, 0 where the record did not come from a file.
    creator_id : the row's id where it could be read, else None.
    field      : path of the offending field, such as `posts[3].likes`; empty for the row as a whole.
    reason     : what was found and what was expected.
    found      : the start of the offending value, for the rejects file.
    """

    def __init__(
        self, reason: str, *, line: int = 0, creator_id: str | None = None, field: str = "", found: str = ""
    ) -> None:
        self.reason = reason
        self.line = line
        self.creator_id = creator_id
        self.field = field
        self.found = found
        where = f"line {line}" if line else "record"
        who = f", creator {creator_id}" if creator_id else ""
        place = f", {field}" if field else ""
        message = f"{where}{who}{place}: {reason}"
        # an id with a lone surrogate must not break the log that the message goes to
        super().__init__(message.encode("utf-8", "backslashreplace").decode())


class BriefError(BonafitError):
    """The brief is wrong; the message names the field."""


class FiltersError(BonafitError):
    """A filter that there is not, or a value of the wrong kind; the message names the field."""


class LostValuesWarning(UserWarning):
    """Values of a table that could not be read were left out; the message says which columns and why."""


class OrderingError(BonafitError):
    """What a list shall hold does not go together; the message names the part."""


class ShapeError(BonafitError):
    """Arrays whose shapes do not go together; the message gives both."""


class DefinitionError(BonafitError):
    """Two engagement rates of different definitions were compared or combined."""
