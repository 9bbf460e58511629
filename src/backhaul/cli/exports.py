"""backhaul export …"""

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn, ParamSpec, TypeVar

import typer

from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.bulk.errors import ExportUnwritable
from backhaul.domain.bulk.exporting import export_file
from backhaul.domain.bulk.model import Form, Kind

Given = ParamSpec("Given")
Result = TypeVar("Result")
Write = Callable[[bytes], object]

app = typer.Typer(no_args_is_help=True)
Written = Annotated[Form, typer.Option("--format")]
Out = Annotated[str, typer.Option("--out", help="A file; - is standard output.")]


@app.command()
def assets(org: Org, form: Written = Form.CSV, out: Out = "-", data_dir: DataDir = None) -> None:
    """Write all devices to a file that `import assets` finds unchanged."""
    _export(Kind.ASSETS, org, form, out, data_dir)


@app.command()
def employees(org: Org, form: Written = Form.CSV, out: Out = "-", data_dir: DataDir = None) -> None:
    """Write all people to a file that `import employees` finds unchanged."""
    _export(Kind.EMPLOYEES, org, form, out, data_dir)


def _export(kind: Kind, org: str, form: Form, out: str, data_dir: Path | None) -> None:
    async def work(session: Session) -> int:
        actor = await session.operator_in(org)
        with opened(out) as write:
            return await export_file(session.db, actor=actor, kind=kind, form=form, write=write)

    try:
        count = run(data_dir, work)
    except NobodyReads:
        end_unread()
    print(f"{count} {kind.value} written.", file=sys.stderr)


class NobodyReads(Exception):
    """Whoever read standard output has gone."""


def end_unread() -> NoReturn:
    """End as every filter does whose reader has seen enough. What is left to write goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(128 + signal.SIGPIPE)


@contextlib.contextmanager
def opened(out: str) -> Iterator[Write]:
    """Open where an export goes. A file appears when it is whole: half an export must not look like one."""
    if out == "-":
        yield _guarded(sys.stdout.buffer.write, out)
        _guarded(sys.stdout.buffer.flush, out)()
        return
    path = Path(out)
    descriptor, name = _guarded(tempfile.mkstemp, out)(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield _guarded(file.write, out)
            _guarded(file.flush, out)()
            _guarded(os.fsync, out)(descriptor)
        _guarded(Path(name).replace, out)(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _guarded(work: Callable[Given, Result], out: str) -> Callable[Given, Result]:
    """Return the same work, which refuses what the file system does not let it do.

    Named here, where it happens: further out it would look like the database's fault.
    """

    def guarded(*arguments: Given.args, **options: Given.kwargs) -> Result:
        try:
            return work(*arguments, **options)
        except BrokenPipeError as gone:
            raise NobodyReads from gone
        except OSError as error:
            raise ExportUnwritable(out=out, reason=error.strerror) from error

    return guarded
