"""Files and bodies that nobody means well with, as bytes; each is refused by what it holds, whatever it is called."""

import io
import struct
import zipfile
import zlib

from PIL import Image

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
GIF = b"GIF89a/*" + b"\x00" * 12 + b"*/=1;alert(1)//;"
PHAR = b"<?php system($_GET['c']); __HALT_COMPILER(); ?>"


def workbook(
    rows, *, texts="<si><t>serial_number</t></si>", announced=1, sheet="worksheets/sheet1.xml", head=HEAD
):
    """A workbook of one sheet, written by hand."""
    kinds = "".join(
        f'<Default Extension="{end}" ContentType="application/{kind}"/>'
        for end, kind in (("rels", "vnd.openxmlformats-package.relationships+xml"), ("xml", "xml"))
    )
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{DOCUMENT}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate((("worksheet", sheet), ("sharedStrings", "sharedStrings.xml")))
    )
    return packed(
        {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{kinds}</Types>',
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}'
            "</Relationships>",
            f"xl/{sheet}": sheet_of(rows, head=head),
            "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{announced}">{texts}</sst>',
        }
    )


def sheet_of(rows, *, head=HEAD):
    """The XML of a sheet."""
    return f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def packed(parts):
    """A ZIP archive of named texts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def one_cell(row=1, column="A", value='t="s"><v>0</v>'):
    """A row with a cell; by default it is the first shared text."""
    return f'<row r="{row}"><c r="{column}{row}" {value}</c></row>'


def repeating(cells, characters):
    """A small workbook whose cells all show one long text."""
    rows = "".join(one_cell(row) for row in range(1, cells + 1))
    return workbook(rows, texts=f"<si><t>{'x' * characters}</t></si>")


def spreadsheet_of_another_kind():
    """An OpenDocument sheet: one cell, repeated for ever."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"{HEAD}<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{row}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
            "META-INF/manifest.xml": f"{HEAD}<manifest/>",
        }
    )


def png(width=4, height=4):
    """A picture, or one that says that it is larger."""
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    content = bytearray(made.getvalue())
    struct.pack_into(">II", content, 16, width, height)
    struct.pack_into(">I", content, 29, zlib.crc32(content[12:29]))
    return bytes(content)


def with_profile(characters):
    """A picture with a colour profile that unpacks to a thousand times its size, and a broken end."""
    body = b"icc\x00\x00" + zlib.compress(b"\x00" * characters)
    chunk = struct.pack(">I", len(body)) + b"iCCP" + body + struct.pack(">I", zlib.crc32(b"iCCP" + body))
    content = png()
    return (content[:33] + chunk + content[33:])[:-20]


DOCTYPE = f'{HEAD}<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 100}">' for n in range(1, 8))
TABLES = {
    "nothing": b"",
    "spaces": b" \n" * 1000,
    "NUL": b"\x00" * 4096,
    "a picture": png(),
    "SVG": SVG,
    "GIF and JavaScript": GIF,
    "PHP": PHAR,
    "UTF-32": "serial_number\n1".encode("utf-32"),
    "UTF-16 without a mark": "serial_number\n1".encode("utf-16-le"),
    "a million columns": b"," * 2_000_000,
    "cut archive": workbook(one_cell())[:700],
    "archive with nothing": packed({"a.txt": "a"}),
    "external entity": workbook(one_cell(value='t="inlineStr"><is><t>&x;</t></is>'), head=DOCTYPE),
    "entities of entities": workbook(
        one_cell(value='t="inlineStr"><is><t>&l7;</t></is>'),
        head=f'{HEAD}<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
    ),
    "a cell in the last of four billion rows": workbook(one_cell(4_000_000_000)),
    "cells far from one another": workbook(one_cell() + one_cell(1_048_576, "XFD")),
    "one text two thousand times": repeating(2_000, 1_000_000),
    "a text that is not there": workbook(one_cell(value='t="s"><v>99</v>')),
    "announced texts": workbook(one_cell(), announced=299_999_999_999),
    "a sheet under another name": workbook(one_cell(), sheet="media/image1.png"),
    "another kind of spreadsheet": spreadsheet_of_another_kind(),
    "unpacks to too much": packed({"xl/workbook.xml": b" " * 200_000_001}),
}
PICTURES = {
    "nothing": b"",
    "text": b"serial_number\n1",
    "SVG": SVG,
    "GIF and JavaScript": GIF,
    "PHP behind a picture": png() + PHAR,
    "an archive behind a picture": png() + packed({"a.txt": "a"}),
    "a page behind a picture": png() + b"<html><script>alert(1)</script></html>",
    "a document within a picture": png()[:33] + b"%PDF-1.7" + png()[33:],
    "a billion pixels": png(40_000, 40_000),
    "cut picture": png()[:-20],
    "a profile that unpacks to much": with_profile(50_000_000),
    "workbook": workbook(one_cell()),
    "half of a JPEG": b"\xff\xd8\xff\xe0" + b"\x00" * 2000,
    "WebP of nothing": b"RIFF\x04\x00\x00\x00WEBP",
}
NAMES = (
    "photo.jpg.exe",
    "../../../etc/passwd",
    "C:\\windows\\evil.csv",
    "a\\x00.csv",
    "x" * 5000 + ".csv",
    ".htaccess",
    "\u202egpj.exe",
    "=cmd|'/c calc'!A0.csv",
    "<script>alert(1)</script>.png",
    "%0d%0aset-cookie: a=b.csv",
    "🦊.csv",
)
