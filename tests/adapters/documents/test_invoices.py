"""An invoice on paper says what the invoice says, on as many pages as it takes."""

from datetime import UTC, date, datetime

import pypdfium2
import pytest

from backhaul.adapters.documents import PdfInvoices
from backhaul.adapters.documents.invoices import FIRST_ROWS, NEXT_ROWS
from backhaul.domain.billing.invoices.model import Invoice, InvoiceDetail, InvoiceId, InvoiceLine
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId, new_id

AT = datetime(2026, 5, 11, 1, tzinfo=UTC)


def detail(count, *, text="Processing of a return", name="Größe & Søn, Łódź"):
    lines = tuple(
        InvoiceLine(
            transaction_id=new_id(),
            at=AT,
            kind="process",
            text=f"{text} {n}",
            subject_kind="return",
            subject_id=new_id(),
            amount_minor=-5 if n == 1 else 123_456,
        )
        for n in range(1, count + 1)
    )
    total = sum(line.amount_minor for line in lines)
    invoice = Invoice(
        id=InvoiceId(new_id()),
        org_id=OrgId(new_id()),
        number=1001,
        sequence=1,
        name="2-0001",
        customer_name=name,
        customer_address=Address(line_1="1 Road", city="Maricopa", state_code="AZ", country_code="US"),
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 10),
        currency="USD",
        total_minor=total,
        total_paid_minor=total - 100,
        total_billed_minor=100,
        created_at=AT,
    )
    return InvoiceDetail(invoice=invoice, lines=lines)


def pages_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[n].get_textpage().get_text_range() for n in range(len(document))]
    finally:
        document.close()


def test_it_says_everything():
    (page,) = pages_of(PdfInvoices().to_pdf(detail(2)))
    for text in (
        "Invoice 2-0001", "2026-05-04 to 2026-05-10", "Größe & Søn, Łódź", "1 Road", "Maricopa AZ", "US",
        "Processing of a return 1", "-0.05", "1,234.56", "1,234.51 USD", "1,233.51 USD", "1.00 USD", "Page 1 of 1",
    ):  # fmt: skip
        assert text in page


@pytest.mark.parametrize(
    ("count", "pages"),
    [(FIRST_ROWS, 1), (FIRST_ROWS + 1, 2), (FIRST_ROWS + NEXT_ROWS, 2), (FIRST_ROWS + NEXT_ROWS + 1, 3)],
)
def test_every_line_stands_on_one_page_and_the_totals_on_the_last(count, pages):
    found = pages_of(PdfInvoices().to_pdf(detail(count)))
    assert len(found) == pages
    lines = [line for page in found for line in page.splitlines() if "Processing of a return" in line]
    assert len(lines) == count
    assert [("To be paid" in page) for page in found] == [False] * (pages - 1) + [True]


def test_the_same_invoice_is_the_same_bytes():
    one = detail(3)
    assert PdfInvoices().to_pdf(one) == PdfInvoices().to_pdf(one)


def test_a_long_text_is_cut_and_a_strange_one_is_written():
    (page,) = pages_of(PdfInvoices().to_pdf(detail(1, text="W" * 300, name="\u0000<b>株式会社\N{PACKAGE}")))
    assert "WWW…" in page
    assert "W" * 100 not in page
