"""Invoices on paper, and pages of them."""

import pytest

from backhaul.dialects.boxc.routes.invoices import wants_pdf
from tests.dialects.boxc.furnishing import Desk, bill


@pytest.fixture(scope="module")
async def invoice(made):
    """The number of an invoice."""
    await Desk(made).fund()
    return (await bill(made)).number


async def test_an_invoice_is_printed_when_pdf_is_asked_for(made, invoice):
    printed = await made.call_by_client(
        "owner", "GET", f"/v1/invoices/{invoice}", headers={"accept": "application/pdf"}
    )
    assert printed.status_code == 200
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")
    assert printed.headers["x-rate-limit"] == "100000"
    again = await made.call_by_client(
        "owner", "GET", f"/v1/invoices/{invoice}", headers={"accept": "application/pdf"}
    )
    assert again.content == printed.content


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/html", False),
        ("application/pdf", True),
        ("Application/PDF;q=0.9", True),
        ("text/html, application/pdf", True),
        ("application/json, application/pdf", False),
        ("*/*, application/pdf", False),
    ],
)
def test_pdf_is_for_those_who_name_it_first(accept, expected):
    assert wants_pdf(accept) is expected


async def test_the_only_invoice_has_no_next_page(made, invoice):
    for order in ("asc", "desc"):
        answer = await made.call_by_client(
            "owner", "GET", "/v1/invoices", params={"limit": 1, "order": order}
        )
        assert [one["id"] for one in answer.json()["invoices"]] == [invoice]
        assert answer.json()["next_page"] is None
