"""What a workbook comes to when it is unpacked: measured before it is, for a small file can fill any memory.

Only what was measured is read: it is packed anew, so that nothing depends on two readers of ZIP or XML agreeing, and
a spreadsheet of another kind under a workbook's name is none.
"""

import re
import shutil
import zipfile
import zlib
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from xml.parsers import expat

from backhaul.domain.bulk.errors import FileUnreadable
from backhaul.domain.bulk.reading.sheets import Measured

LARGEST_BYTES = 200_000_000
# Whoever reads a sheet keeps a place for every cell between the first and the last one, of about 30 bytes.
MOST_CELLS = 20_000_000
LAST_ROW = 1_048_576  # of any sheet (ECMA-376 part 1 leaves it to programs; no program has more)
BLOCK_BYTES = 1 << 20
IN_MEMORY_BYTES = 4_000_000

# Content types and relations, the workbook with its texts and formats, sheets: no pictures, no charts.
_READ = re.compile(
    r"(\[Content_Types\]\.xml|_rels/[^/]*\.rels|xl/((_rels|worksheets)/)?[^/]+\.(xml|rels))", re.IGNORECASE
)
_STRINGS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the only two that a workbook has (ECMA-376 part 2)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, RuntimeError, EOFError, ValueError
)  # fmt: skip


def packed_anew(file: BinaryIO) -> BinaryIO:
    """Return a workbook of what is read of this one; refuses one too large unpacked, or whose cells span too much.

    The caller closes it.
    """
    file.seek(0)
    with ExitStack() as until_done:
        made = until_done.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY_BYTES))
        try:
            with (
                zipfile.ZipFile(file) as old,
                zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
            ):
                _copy(old, new)
        except _BROKEN as error:
            raise FileUnreadable(reason=f"it is no workbook ({error})") from error
        until_done.pop_all()
    made.seek(0)
    return cast("BinaryIO", made)


def _copy(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
    if sum(member.file_size for member in old.infolist()) > LARGEST_BYTES:
        raise FileUnreadable(reason=f"unpacked it is larger than {LARGEST_BYTES // 1_000_000} MB")
    # Some programs on Windows write backslashes. Of one name twice, the last counts.
    named = {member.filename.replace("\\", "/"): member for member in old.infolist()}
    members = {name: member for name, member in named.items() if _READ.fullmatch(name)}
    # The texts that cells name by number come first: how long a sheet's are is known only then.
    measured = Measured()
    for name in sorted(members, key=lambda name: (_STRINGS.fullmatch(name) is None, name)):
        if members[name].compress_type not in _PACKINGS:
            raise ValueError("it is packed in an unusual way")
        _require_near(old, members[name], measured)
        with old.open(members[name]) as text, new.open(name, "w") as copy:
            shutil.copyfileobj(text, copy, BLOCK_BYTES)


def _require_near(archive: zipfile.ZipFile, member: zipfile.ZipInfo, measured: Measured) -> None:
    measured.begin_part()
    parser = measured.parser()
    with archive.open(member) as text:
        while block := text.read(BLOCK_BYTES):
            if b"\0" in block:
                raise ValueError("its XML is not in UTF-8")
            parser.Parse(block)
        parser.Parse(b"", True)
    measured.end_part()
    if measured.rows * measured.columns > MOST_CELLS:
        reason = f"its cells span {measured.rows} rows and {measured.columns} columns; remove those far out"
        raise FileUnreadable(reason=reason)
    if measured.last_row > LAST_ROW:
        reason = f"it has a cell in row {measured.last_row}, and a sheet ends with row {LAST_ROW}"
        raise FileUnreadable(reason=reason)
    if measured.shared_characters > LARGEST_BYTES:
        reason = f"its cells repeat texts to more than {LARGEST_BYTES // 1_000_000} MB"
        raise FileUnreadable(reason=reason)
