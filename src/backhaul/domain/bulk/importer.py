"""What a kind of file brings along: its columns, its statements, and how its judged rows are written and undone."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.bulk.columns import Column
from backhaul.domain.bulk.model import Batch, Kept, Kind
from backhaul.domain.bulk.tables import Undoing
from backhaul.domain.identity.model import Right
from backhaul.storage.author import Author
from backhaul.storage.database import Tx


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """When rows are written, by whom, and for which import."""

    at: datetime
    author: Author
    batch: Batch

    @property
    def evidence(self) -> dict[str, str]:
        """What custody and history say it happened by."""
        return {"import": str(self.batch.number)}


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What writing a chunk's judged rows came to."""

    created_ids: list[UUID]
    changed_ids: list[UUID]
    changed_versions: list[int]
    images: list[dict[str, object]]


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """What taking a chunk back came to."""

    rows: int
    kept: list[Kept]


class Importer(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of file. The statements all stand on the temporary tables."""

    kind: Kind
    right: Right
    columns: tuple[Column, ...]
    chunk_rows: int
    is_in_order: bool = False  # a chunk needs those before it to be written
    is_personal: bool = False  # every column is
    temporary: tuple[str, ...]  # the tables' definitions
    staged: str  # the table COPY fills: row_number and the columns' fields
    empty: str
    claim_keys: str
    drop_repeated: str
    lock: str
    judge: str
    found: str  # which rows there is something for already, and its id
    spread: str | None = None  # whether refused rows may bring down others; these are then judged anew
    empty_judged: str = ""
    verdicts: str
    problems: str
    hints: Callable[[Tx], Awaitable[dict[str, str]]]  # field:code → what to do, or code → what to do
    write: Callable[[Tx, Stamp], Awaitable[Written]]
    undo: Callable[[Tx, Stamp, Undoing], Awaitable[Undone]]

    @property
    def staged_columns(self) -> list[str]:
        """The columns of a line of COPY, as it is parsed."""
        return ["row_number", *(column.field for column in self.columns)]

    @property
    def kept_columns(self) -> list[str]:
        """The columns of a line of COPY, as an import keeps it."""
        return [*self.staged_columns, "found_id"]

    @property
    def personal_fields(self) -> list[str]:
        """The columns whose values are not kept where nobody could take them out again."""
        return [column.field for column in self.columns if self.is_personal or column.is_personal]
