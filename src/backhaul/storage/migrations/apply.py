"""Bring a database to this release's schema."""

from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from backhaul.kernel.errors import DomainError, Kind, Unavailable

HERE = Path(__file__).parent


class MigrationRefused(DomainError):
    """PostgreSQL refused a step; nothing of the run was applied."""

    code = "storage.migration_refused"
    kind = Kind.UNAVAILABLE
    message = (
        "The database could not be brought to this release's schema, and nothing was changed: {reason}. The login "
        "that migrates must own the database and may create the roles backhaul_app and backhaul_worker, or be a "
        "member of both (docs/operations.md)."
    )


def migrate(url: str) -> None:
    """Apply every missing revision in one transaction. Safe to repeat and to run from several processes."""
    try:
        command.upgrade(_config(url), "head")
    except DBAPIError as error:
        reason = str(error.orig).rsplit(">: ", 1)[-1]
        raise MigrationRefused(reason=reason) from error
    except OSError as error:
        raise Unavailable(what="The database") from error


def head() -> str:
    """Return the newest revision this release knows."""
    found = ScriptDirectory.from_config(_config("")).get_current_head()
    assert found is not None
    return found


def run_sql_beside(file: str) -> None:
    """Execute the .sql file that lies beside a revision."""
    statements = Path(file).with_suffix(".sql").read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute(statements))  # the simple protocol takes a whole file


def sqlalchemy_url(url: str) -> str:
    """Return a libpq URL in SQLAlchemy's spelling, a Unix socket's folder included."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return urlunsplit(parts._replace(scheme="postgresql+asyncpg", query=urlencode(query, doseq=True)))


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config
