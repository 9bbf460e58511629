"""With a telephone and with a scanner: lists fit, and what is scanned arrives in its field."""

import pytest

from tests.web.console.sweeps.looking import PHONE, WIDE

pytestmark = pytest.mark.slow
LISTS = ("/people", "/assets", "/transfers", "/cases", "/returns", "/money/charges", "/settings/audit")
CUT_OFF = """[...document.querySelectorAll('table.list > tbody > tr > td')]
    .filter(cell => cell.getBoundingClientRect().right > innerWidth).length"""
NAMED = """[...document.querySelectorAll('table.list > tbody > tr:first-child > td')]
    .map(cell => cell.dataset.head)"""
HELD = "document.activeElement.name + '=' + document.activeElement.value"


@pytest.mark.parametrize("path", LISTS)
async def test_no_column_of_a_list_is_cut_off_on_a_telephone(windows, path):
    window = await windows()
    await window.page.set_viewport_size(PHONE)
    try:
        await window.open(path)
        assert await window.page.evaluate(CUT_OFF) == 0
        assert await window.violations() == []
    finally:
        await window.page.set_viewport_size(WIDE)


async def test_values_are_named_by_the_heads_of_their_columns(windows):
    window = await windows()
    await window.open("/people")
    assert await window.page.evaluate(NAMED) == ["Name", "Department", "Location", "Status", "Devices"]


async def test_a_scan_arrives_in_its_field_after_a_button_was_pressed_elsewhere(windows, console):
    window = await windows("operator")
    await window.open(f"/warehouse/parcels/{console.ids['ours']['opening']}#contents")
    await window.page.evaluate("document.activeElement.blur()")
    await window.page.keyboard.type("SCAN-1")
    assert await window.page.evaluate(HELD) == "serial_number=SCAN-1"


async def test_the_next_code_takes_the_place_of_the_last_one(windows):
    window = await windows()
    await window.open("/scan?q=NOBODY-HAS-THIS")
    await window.page.keyboard.type("SCAN-2")
    assert await window.page.evaluate(HELD) == "q=SCAN-2"
