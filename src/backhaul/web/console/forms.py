"""What was posted, read within limits: the fields of a form, and files."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException

from backhaul.kernel.paths import without_nul
from backhaul.web.recovery.forms import FormUnreadable

MAX_BYTES = 262_144  # of a form without files
MAX_FIELDS = 2_000  # five hundred ticked rows, and all a page has beside them
_MULTIPART = "multipart/form-data"


class Form:
    """A posted form; a field that was not sent reads as an empty text."""

    def __init__(self, fields: list[tuple[str, str]], files: list[tuple[str, UploadFile]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(without_nul(name), []).append(without_nul(value))
        self._files = files

    def __getitem__(self, name: str) -> str:
        """Return a field's value without surrounding space, the last of its name."""
        return self._fields.get(name, [""])[-1].strip()

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> str:
        """Return a field's value with all its spaces: passwords have them."""
        return self._fields.get(name, [""])[-1]

    def optional(self, name: str) -> str | None:
        """Return a field's value, or None where it is empty."""
        return self[name] or None

    def all(self, name: str) -> list[str]:
        """Return every value of a name: ticked boxes."""
        return self._fields.get(name, [])

    def is_ticked(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return bool(self[name])

    def has_line_that_begins(self, text: str) -> bool:
        """Tell whether a text begins with what somebody has written: a field, or a line of one."""
        written = (
            line.strip() for values in self._fields.values() for one in values for line in one.splitlines()
        )
        return any(line and text.startswith(line) and not text[len(line) :][:1].isalnum() for line in written)

    def files(self, name: str) -> list[UploadFile]:
        """Return the files of a name; a field left empty has none."""
        return [file for key, file in self._files if key == name and file.filename]

    def close(self) -> None:
        """Let go of the files."""
        for _, file in self._files:
            file.file.close()


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Return a posted form; refuses with `FormUnreadable` what no page of ours sends.

    A body beyond the route's limit is refused by the framework while it is read.
    """
    if request.content_type[0] == _MULTIPART:
        return await _multipart(request)
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise FormUnreadable(reason=f"it has more than {MAX_FIELDS} fields") from None
    return Form(pairs, [])


async def _multipart(request: Request[Any, Any, Any]) -> Form:
    try:
        sent = list((await request.form()).multi_items())
    except ClientException as error:
        if error.status_code == 413:  # noqa: PLR2004 -- too large is another refusal
            raise
        raise FormUnreadable(reason="it is no form") from error
    # LookupError: a part names a charset that is none. ValueError: its bytes are not of its charset.
    except (LookupError, ValueError) as error:
        raise FormUnreadable(reason="its texts are not in UTF-8") from error
    fields = [(name, value) for name, value in sent if isinstance(value, str)]
    files = [(name, value) for name, value in sent if isinstance(value, UploadFile)]
    return Form(fields, files)
