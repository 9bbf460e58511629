"""backhaul export …"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.bulk.exporting import export_file
from backhaul.domain.bulk.model import Form, Kind

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
        with _opened(out) as file:
            return await export_file(session.db, actor=actor, kind=kind, form=form, write=file.write)

    count = run(data_dir, work)
    print(f"{count} {kind.value} written.", file=sys.stderr)


@contextlib.contextmanager
def _opened(out: str) -> Iterator[BinaryIO]:
    """Open where an export goes. A file appears when it is whole: half an export must not look like one."""
    if out == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
