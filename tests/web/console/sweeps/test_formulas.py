"""Every file of the console that a spreadsheet opens: no cell of it is a formula, whatever somebody wrote."""

import csv
import io
import re

import pytest

from tests.web.console.sweeps.poisoning import poison
from tests.web.console.sweeps.routing import filled, routes

FORMULAS = ["=HYPERLINK(1)", "+SUM(1)", "-SUM(1)", "@SUM(1)", "\t=SUM(1)", "\r=SUM(1)"]
NUMBER = re.compile(r"-?[0-9][0-9.,]*")
FILES = [path for path in routes("GET") if re.search(r"export|\.csv|/refused|ledger|template", path)]


def test_there_are_files_to_look_at():
    assert {"/assets/export", "/people/export"} <= set(FILES)


@pytest.mark.slow
async def test_no_cell_is_a_formula(own_console, visitors):
    browse = await visitors(own_console, "owner")
    for formula in FORMULAS:
        assert await poison(own_console.owner, own_console.actors["owner"].org_id, formula) > 0
        cells = await read_all(browse, own_console.ids["ours"])
        assert {"/assets/export", "/people/export"} <= set(cells)
        found = {
            (path, cell)
            for path, given in cells.items()
            for cell in given
            if cell[:1] in tuple("=+-@\t\r") and not NUMBER.fullmatch(cell)
        }
        assert found == set()
        assert any(formula.strip() in cell for cell in cells["/people/export"])


async def read_all(browse, ids):
    """The cells of every file, by its path."""
    cells = {}
    for path in FILES:
        answer = await browse.get(filled(path, ids))
        if answer.headers.get("content-type", "").startswith("text/csv"):
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert answer.headers["content-disposition"].startswith("attachment"), path
            rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
            cells[path] = [cell for row in rows for cell in row]
    return cells
