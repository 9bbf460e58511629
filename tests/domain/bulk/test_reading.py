"""Encodings, delimiters and workbooks: the same table whichever way it was saved."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from tests.web.console.sweeps.hostile_files import TABLES, one_cell, sheet_of
from tests.web.console.sweeps.hostile_files import workbook as workbook_of

from backhaul.domain.bulk.assets.columns import COLUMNS
from backhaul.domain.bulk.columns import lay_out
from backhaul.domain.bulk.employees.columns import COLUMNS as PEOPLE
from backhaul.domain.bulk.errors import ColumnsRefused, FileUnreadable
from backhaul.domain.bulk.reading import open_source, packing
from backhaul.domain.bulk.reading.encodings import BLOCK_BYTES
from backhaul.domain.bulk.values import folded

TABLE = 'Serial Number,Model,Location\nSN-1,"Büro ""Groß""\nParis","a, b; c"\n\nSN-2,x,\n'
ROWS = [(2, ["SN-1", 'Büro "Groß"\nParis', "a, b; c"]), (4, ["SN-2", "x", ""])]


def opened(content, **options):
    return open_source(io.BytesIO(content), name="f", **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_reads_the_same_in_every_encoding(encoding):
    source = opened(TABLE.encode(encoding))
    assert source.header == ["Serial Number", "Model", "Location"]
    assert source.take(10) == ROWS
    assert source.take(10) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_delimiter_is_found_in_the_header(delimiter, line_end):
    lines = [["serial", '"a name, with; both"', "c"], ["1", "2,5", "3;4|5"]]
    content = line_end.join(
        delimiter.join(cell if cell.startswith('"') else f'"{cell}"' for cell in line) for line in lines
    )
    source = opened(content.encode())
    assert source.header == ["serial", "a name, with; both", "c"]
    assert source.take(1) == [(2, ["1", "2,5", "3;4|5"])]


@pytest.mark.parametrize("before", ["\n\n", "\r\n \r\n"])
def test_blank_lines_before_the_header_do_not_hide_the_delimiter(before):
    source = opened(f"{before}serial;name\n1;2".encode())
    assert source.header == ["serial", "name"]
    assert source.take(10) == [(4, ["1", "2"])]


@pytest.mark.parametrize("first", ["sep=;", '"SEP=;"', "sep=\t", "\ufeffsep=|"])
def test_excels_own_line_names_the_delimiter_and_is_no_row(first):
    delimiter = first.strip('"')[-1]
    source = opened(f"{first}\r\na,1{delimiter}b,2,3,4\r\n1{delimiter}2".encode())
    assert source.header == ["a,1", "b,2,3,4"]
    assert source.take(10) == [(2, ["1", "2"])]
    assert opened(f"{first}\r\na,b".encode(), delimiter=",").header == ["a", "b"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["Serial,Büro\n", "Serial,Model\n"])
def test_utf_16_without_its_mark_is_refused_by_name(encoding, name):
    with pytest.raises(FileUnreadable, match="UTF-16 without its mark"):
        opened(name.encode(encoding))


def test_names_from_outside_are_safe_to_store_and_to_print():
    source = open_source(io.BytesIO(b"serial,\x1b[31mred,1\n"), name="bad\udce9\x1b.csv")
    assert source.name == "bad\ufffd\ufffd.csv"
    assert source.header == ["serial", "\ufffd[31mred", "1"]


def test_a_delimiter_can_be_forced():
    assert opened(b"a;b,c\n1;2,3", delimiter=",").header == ["a;b", "c"]
    with pytest.raises(ColumnsRefused):
        opened(b"a", delimiter="x")


def test_a_character_cut_by_the_end_of_a_block_or_of_the_file():
    count = (BLOCK_BYTES - 1) // 2
    source = opened(b"h\n" * count + "hé".encode())
    assert source.take(count + 1)[-1] == (count + 1, ["hé"])
    assert opened(b"caf\xc3").header == ["cafÃ"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"a,b\n\x81\x8d\xff,",
        "a".encode("utf-32"),
        b'a,b\n"open,2\n3,4\n',
        b"PK\x03\x04 no workbook",
    ],
    ids=["empty", "blank", "no encoding", "utf-32", "open quote", "no workbook"],
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(FileUnreadable):
        opened(content).take(10)


def test_a_workbooks_typed_cells_read_as_a_person_would_type_them():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(1, 0, ["Serial", "Cost", "Bought", "Seen", "Leased", "IMEI"])
    sheet.write_number(3, 0, 123456)
    sheet.write_number(3, 1, 1999.5)
    sheet.write_datetime(3, 2, date(2024, 1, 31), day)
    sheet.write_datetime(3, 3, datetime(2024, 1, 31, 8, 30), moment)  # noqa: DTZ001 -- workbooks know no zones
    sheet.write_boolean(3, 4, True)
    sheet.write_number(3, 5, 352099001761481)
    sheet.write_row(4, 0, ["0012"])
    book.close()
    source = opened(content.getvalue())
    assert source.header == ["Serial", "Cost", "Bought", "Seen", "Leased", "IMEI"]
    assert source.take(10) == [
        (4, ["123456", "1999.5", "2024-01-31", "2024-01-31 08:30:00", "true", "352099001761481"]),
        (5, ["0012", "", "", "", "", ""]),
    ]


def workbook(*cells, text=""):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["serial", "name"])
    for row, column in cells:
        sheet.write(row, column, "x")
    sheet.write_string(1, 0, text)
    book.close()
    return content.getvalue()


@pytest.mark.parametrize("far", [(1_048_575, 16_383), (1_048_575, 20), (1_300, 16_383)])
def test_a_workbook_with_a_cell_far_out_is_refused_before_it_fills_the_memory(far):
    with pytest.raises(FileUnreadable, match="its cells span"):
        opened(workbook(far))


def test_a_workbook_without_references_is_measured_all_the_same():
    """Writers may leave the cells' references out; rows then say where they are."""
    content = workbook((5, 0), (6, 3))
    bare = rewritten(content, lambda sheet: re.sub(rb'<c r="[A-Z]+\d+"', b"<c", sheet))
    assert [cells[0] for _, cells in opened(bare).take(9)] == ["x", "x"]
    far = rewritten(
        bare,
        lambda sheet: sheet.replace(b"</sheetData>", b"<row r='20000001'><c><v>1</v></c></row></sheetData>"),
    )
    with pytest.raises(FileUnreadable, match="its cells span"):
        opened(far)


def test_formats_far_out_are_no_cells():
    content = rewritten(
        workbook((1, 1)),
        lambda sheet: sheet.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        ),
    )
    assert opened(content).take(9) == [(2, ["", "x"])]


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    content = workbook((1, 1), text="y" * 30_000)
    monkeypatch.setattr(packing, "LARGEST_BYTES", 30_000)
    with pytest.raises(FileUnreadable, match="unpacked it is larger than"):
        opened(content)


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        ("a cell in the last of four billion rows", "it has a cell in row 4000000000"),
        ("one text two thousand times", "its cells repeat texts to more than 200 MB"),
        ("announced texts", "uniqueCount is 299999999999"),
        ("a text that is not there", "no shared text 99"),
        ("external entity", "declares a document type"),
        ("a sheet under another name", "it is no workbook"),
        ("another kind of spreadsheet", "it is no workbook"),
        ("a million columns", "more than 1000000 delimiters"),
    ],
)
def test_a_small_file_that_would_fill_the_memory_is_refused(hostile, reason):
    with pytest.raises(FileUnreadable, match=reason):
        opened(TABLES[hostile])


def test_a_workbook_in_utf_16_is_refused_because_two_readers_would_not_read_the_same():
    sheet = sheet_of(one_cell()).encode("utf-16")
    with pytest.raises(FileUnreadable, match="its XML is not in UTF-8"):
        opened(rewritten(workbook_of(one_cell()), lambda _: sheet))


def test_shared_texts_are_counted_by_cell_also_where_a_formula_made_them():
    cell = '<c r="A1" t="s"><f>SUM(1)</f><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    content = workbook_of(
        f'<row r="1">{cell}</row>', texts="<si><t>serial</t></si><si><r><t>na</t></r><r><t>me</t></r></si>"
    )
    assert opened(content).header == ["serial", "name"]


def test_names_with_backslashes_are_read():
    old = io.BytesIO(workbook_of(one_cell()))
    made = io.BytesIO()
    with zipfile.ZipFile(old) as parts, zipfile.ZipFile(made, "w") as new:
        for name in parts.namelist():
            new.writestr(name.replace("/", "\\"), parts.read(name))
    assert opened(made.getvalue()).header == ["serial_number"]


def rewritten(content, change):
    """A workbook whose first sheet is changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.namelist():
            text = old.read(member)
            new.writestr(member, change(text) if member == "xl/worksheets/sheet1.xml" else text)
    return made.getvalue()


def test_columns_are_found_by_any_of_their_names_and_others_are_named():
    layout = lay_out(["serialNumber", " ASSET tag", "Colour", "", "Assigned_To", "product name"], COLUMNS)
    assert layout.positions == {"serial_number": 0, "tag": 1, "assign_to_email": 4, "product_name": 5}
    assert layout.ignored == ("Colour",)
    assert layout.missing == ("product_type", "manufacturer", "asset_status")


def test_no_two_columns_share_a_name():
    for columns in (COLUMNS, PEOPLE):
        names = [folded(name) for c in columns for name in {folded(n) for n in (c.name, c.field, *c.aliases)}]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("header", "reason"),
    [(["Model", "Status"], "no column serial_number"), (["Serial", "serial_number"], "the same column")],
)
def test_a_header_without_its_key_or_with_a_column_twice_is_refused(header, reason):
    with pytest.raises(ColumnsRefused, match=reason):
        lay_out(header, COLUMNS)
