"""Whole files on their way in or out."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId

BatchId = NewType("BatchId", UUID)

CHUNK_ROWS = 5_000  # one transaction: long enough to be quick, short enough to repeat and to wait for
LONGEST_SHOWN = 100
KEPT_PROBLEMS = 1_000  # a batch remembers so many errors; all of them are reported when it is opened

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Kind(StrEnum):
    """What the rows of a file are."""

    ASSETS = "assets"
    EMPLOYEES = "employees"


class Form(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


class Status(StrEnum):
    """How far an import is."""

    OPEN = "open"  # checked; some chunks may be written already
    ABANDONED = "abandoned"  # nobody went on with it; what was not written is forgotten
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE_PARTLY = "undone_partly"  # some rows were kept; they may be tried again
    UNDONE = "undone"


class Action(StrEnum):
    """What can be done with an import."""

    APPLY = "applied"
    ABANDON = "abandoned"
    START_UNDO = "undone"
    FINISH_UNDO = "finished"
    FINISH_UNDO_PARTLY = "finished partly"


class Verdict(StrEnum):
    """What a row of a file means for the organization."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"


def shown(text: str, *, longest: int = LONGEST_SHOWN) -> str:
    """Return a file's text as it may be stored and printed anywhere: on a line, without controls, not too long."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", cut)


class Fault(msgspec.Struct, frozen=True):
    """Why a cell was refused, wherever it stands."""

    code: str
    hint: str


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One refused cell."""

    row: int  # as a spreadsheet counts: the header is 1
    column: str  # as the file calls it
    value: str
    code: str
    hint: str

    def __post_init__(self) -> None:
        # Whoever names a refused cell stores and prints it.
        msgspec.structs.force_setattr(self, "value", shown(self.value))


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a file would do, before it does."""

    rows: int
    verdicts: Mapping[Verdict, int]
    problems: tuple[RowProblem, ...]  # the first `KEPT_PROBLEMS`
    ignored_columns: tuple[str, ...]

    @property
    def refused(self) -> int:
        """Rows with an error."""
        return self.verdicts.get(Verdict.ERROR, 0)

    @property
    def is_without_effect(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.verdicts.get(Verdict.CREATE) or self.verdicts.get(Verdict.UPDATE))


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """An import that was decided on: all of it is applied, some day, or taken back."""

    id: BatchId
    org_id: OrgId
    number: int
    kind: Kind
    file_name: str
    fingerprint: bytes
    status: Status
    row_count: int
    create_count: int
    update_count: int
    unchanged_count: int
    refused_count: int
    problems: tuple[RowProblem, ...]
    author_kind: str
    author_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    asked_at: datetime | None = None  # when somebody asked for it to be written in the background


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import's chunks are, counted in rows."""

    chunks: int
    applied_chunks: int
    undone_chunks: int
    created: int
    updated: int
    unchanged: int
    undone: int
    problems: tuple[RowProblem, ...]  # rows that went wrong after the check
    kept: tuple["Kept", ...]

    @property
    def done(self) -> int:
        """Rows that were written or found to be so already."""
        return self.created + self.updated + self.unchanged


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A row that undoing left as it is."""

    id: UUID
    reason: str  # changed_since, in_use, holder_gone, manager_gone, gone, held
    key: str = ""  # serial number or e-mail address, as long as there is one; looked up when it is read
