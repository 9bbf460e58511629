"""HTML: the page in every state, and the plain page that says why there is none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain.recovery.person import GoneReason, Page
from backhaul.domain.recovery.person.agreement import handover_text, marks_of, text_hash
from backhaul.domain.recovery.person.model import PersonParcel
from backhaul.domain.recovery.person.spelling import MAX_NAME, MAX_NOTE
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import possible_pickup_days
from backhaul.kernel.countries import COUNTRY_CODES, country_name
from backhaul.kernel.errors import DomainError, InvalidInput
from backhaul.web.recovery import words
from backhaul.web.recovery.guiding import address_fixed, address_until, advice
from backhaul.web.tracking import TEMPLATES

PATH = "/return/"
# Nothing is packed for these any more.
_GONE = frozenset({Status.DEVICE_IN_TRANSIT, Status.COMPLETE, Status.CANCELLED, Status.FAILED})
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What was wrong with a posted form: where the reader finds it, and a sentence."""

    step: str
    texts: dict[str, str]  # by the id of the field; the step's own id where no field is to blame
    fields: Mapping[str, str]  # as posted

    @classmethod
    def of(cls, step: str, refusal: DomainError, fields: Mapping[str, str]) -> "Trouble":
        """Return a refusal as the page shows it."""
        if not isinstance(refusal, InvalidInput):
            return cls(step=step, texts={step: refusal.text}, fields=fields)
        texts: dict[str, str] = {}
        for problem in refusal.problems:
            name = problem.path.rsplit(".", 1)[-1]
            texts.setdefault(_id_of(step, name, fields), words.sentence(name, problem.text))
        return cls(step=step, texts=texts, fields=fields)


def _id_of(step: str, name: str, fields: Mapping[str, str]) -> str:
    if step not in {"gone", "pickup"}:
        return name
    # These forms are there more than once, each with a number.
    number = fields.get("item" if step == "gone" else "parcel", "")
    return f"{name}-{number}" if number.isdigit() else step


def show(
    page: Page, *, token: str, now: datetime, done: str | None = None, trouble: Trouble | None = None
) -> ASGIResponse:
    """Return the page as it stands."""
    text = handover_text(page, on=now.date()) if page.may_sign else ""
    waiting = [parcel for parcel in page.parcels if parcel.is_printable]
    values: dict[str, Any] = {
        "page": page,
        "base": PATH + token,
        "address": _address(page, trouble),
        "countries": _countries(),
        "days": possible_pickup_days(now.date(), page.case.country_code),
        "text": text,
        "text_sha256": text_hash(text).hex(),
        "advice": advice(page),
        "until": address_until(page),
        "fixed": address_fixed(page),
        "missing": _missing(page, waiting),
        "done": words.DONE.get(done or ""),
        "trouble": trouble,
        "texts": {} if trouble is None else trouble.texts,
        "given": {} if trouble is None else trouble.fields,
        "reasons": [(reason.value, words.REASONS[reason]) for reason in GoneReason],
        "choices": words.CHOICES,
        "outcomes": words.OUTCOMES,
        "tracking": words.TRACKING,
        "statuses": words.PARCELS,
        "reason_words": words.REASONS,
        "country_name": country_name,
        "marks_of": marks_of,
        "max_note": MAX_NOTE,
        "max_name": MAX_NAME,
        "waiting": waiting,
        "is_to_pack": any(parcel.status not in _GONE for parcel in page.parcels),
    }
    html = TEMPLATES.get_template("return/page.html").render(values)
    return _html(html, status=200 if trouble is None else 422)


def _missing(page: Page, waiting: Sequence[PersonParcel]) -> set[str]:
    """Return which parts are not on the page: a problem with one of them leads nowhere."""
    there = {
        "address": page.is_open,
        "choice": page.may_choose,
        "pickup": bool(waiting),
        "reminders": page.is_open,
        "signature": page.may_sign or page.signature is not None,
    }
    return {name for name, is_there in there.items() if not is_there}


def notice(
    title: str, text: str, *, status: int, back: str | None = None, headers: Mapping[str, str] | None = None
) -> ASGIResponse:
    """Return the plain page that says why there is no other."""
    html = TEMPLATES.get_template("return/notice.html").render(title=title, text=text, back=back)
    return _html(html, status=status, headers=headers)


def go_back(token: str, *, done: str | None = None) -> ASGIResponse:
    """Return the way back to the page: reloading it then repeats nothing."""
    location = f"{PATH}{token}" + (f"?done={done}#done" if done else "")
    return ASGIResponse(body=b"", status_code=303, headers={"location": location, **HEADERS})


def paper(content: bytes, name: str) -> ASGIResponse:
    """Return a PDF to print."""
    headers = {**HEADERS, "content-disposition": f'inline; filename="{name}"'}
    return ASGIResponse(body=content, media_type="application/pdf", headers=headers)


def _html(html: str, *, status: int, headers: Mapping[str, str] | None = None) -> ASGIResponse:
    return ASGIResponse(
        body=html.encode("utf-8", "replace"),
        status_code=status,
        media_type="text/html",
        headers={**HEADERS, **(headers or {})},
    )


def _address(page: Page, trouble: Trouble | None) -> dict[str, str]:
    """Return what stands in the fields: as it was posted if that was refused, else as it is kept."""
    names = ("line_1", "line_2", "city", "state", "postal_code", "country_code")
    if trouble is not None and trouble.step == "address":
        return {name: trouble.fields.get(name, "") for name in names}
    return {name: getattr(page.case, name) or "" for name in names}


@cache
def _countries() -> list[tuple[str, str]]:
    return sorted(((code, country_name(code)) for code in COUNTRY_CODES), key=lambda one: one[1])
