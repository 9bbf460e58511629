"""What imports and exports refuse."""

from typing import TYPE_CHECKING

from backhaul.kernel.errors import DomainError, Kind

if TYPE_CHECKING:
    from backhaul.domain.bulk.model import Review


class FileUnreadable(DomainError):
    """The file is no table we can read."""

    code = "bulk.file_unreadable"
    kind = Kind.MALFORMED
    message = "The file cannot be read: {reason}. Save it as CSV (UTF-8) or XLSX and try again."


class ExportUnwritable(DomainError):
    """Where an export is to go, it cannot be written."""

    code = "bulk.export_unwritable"
    kind = Kind.INVALID
    message = "The export cannot be written to {out}: {reason}. Nothing was left there; name another place."


class ColumnsRefused(DomainError):
    """The header lacks a column that is needed, or names one twice."""

    code = "bulk.columns_refused"
    kind = Kind.INVALID
    message = "The file's columns do not fit: {reason}. Columns found: {found}."


class RowsRefused(DomainError):
    """Some rows have errors, and the caller did not ask to leave them out."""

    code = "bulk.rows_refused"
    kind = Kind.INVALID
    message = "{count} rows have errors, so nothing was imported. Correct them, or leave them out with --skip-errors."
    review: "Review | None" = None  # what was found, errors included


class FileBegun(DomainError):
    """An import of this very file was begun and is not finished."""

    code = "bulk.file_begun"
    kind = Kind.CONFLICT
    message = "An import of {file} was begun already. Resume it or undo it."


class BatchUnknown(DomainError):
    """The organization has no import with this number."""

    code = "bulk.batch_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no import {number} in this organization."


class BatchMoveRefused(DomainError):
    """The import's status does not allow this."""

    code = "bulk.batch_move_refused"
    kind = Kind.CONFLICT
    message = "Import {number} is {status}; it cannot be {action} now."


class BatchBusy(DomainError):
    """Others held the import's rows for longer than it waited, again and again."""

    code = "bulk.busy"
    kind = Kind.UNAVAILABLE
    message = (
        "Others keep changing what import {number} is about. What was done is kept; resume it in a while."
    )
