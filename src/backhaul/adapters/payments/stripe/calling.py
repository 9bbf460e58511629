"""One request to Stripe at a time, and which of its answers mean what."""

from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import httpx2
import msgspec
import structlog

from backhaul.adapters.payments.stripe.answers import Failure, Page
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable

NAME = "stripe"
VERSION = "2024-06-20"  # of Stripe's API: answers keep this form whatever the account's own version is
PAGE = 100  # Stripe's limit
MAX_PAGES = 20  # two thousand payments of one customer since one of them was asked for

Answer = TypeVar("Answer")
logger = structlog.get_logger("backhaul.payments")


class CardRefused(Exception):
    """The bank or Stripe said no; a fact about the payment, not a fault of the call."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Caller:
    """Calls Stripe as one account."""

    def __init__(
        self,
        *,
        secret_key: str,
        api_base: str,
        timeout_seconds: float,
        transport: httpx2.AsyncBaseTransport | None = None,  # None: the network
    ) -> None:
        self._headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": VERSION}
        self._api_base, self._timeout, self._transport = api_base.rstrip("/"), timeout_seconds, transport

    async def get(self, path: str, kind: type[Answer], **parameters: str) -> Answer:
        """Read something."""
        return await self._call("GET", path, kind, params=parameters)

    async def post(
        self, path: str, kind: type[Answer], fields: Mapping[str, str], *, idempotency_key: str
    ) -> Answer:
        """Change something, once per key as long as Stripe remembers the key (24 hours)."""
        return await self._call(
            "POST", path, kind, data=dict(fields), headers={"Idempotency-Key": idempotency_key}
        )

    async def listed(self, path: str, kind: type[Answer], **parameters: str) -> AsyncIterator[Answer]:
        """Read a list, newest first, page after page; one longer than `MAX_PAGES` is not available."""
        after: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            page = await self.get(path, Page, limit=str(PAGE), **parameters, **after)
            for one in page.data:
                yield msgspec.convert(one, kind)
            if not page.has_more:
                return
            after = {"starting_after": page.data[-1]["id"]}
        # What was not read may be what is looked for: taking it for missing would pay a second time.
        logger.warning("stripe_list_too_long", path=path, read=MAX_PAGES * PAGE)
        raise GatewayUnavailable(gateway=NAME)

    async def _call(
        self,
        method: str,
        path: str,
        kind: type[Answer],
        *,
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> Answer:
        try:
            async with httpx2.AsyncClient(
                headers=self._headers,
                timeout=self._timeout,
                transport=self._transport,
                follow_redirects=False,
            ) as client:
                response = await client.request(
                    method, f"{self._api_base}/v1/{path}", headers=headers, **sent
                )
            if response.status_code == HTTPStatus.OK:
                return msgspec.json.decode(response.content, type=kind)
        except (httpx2.HTTPError, msgspec.MsgspecError) as error:
            # Silence, or an answer nobody can read: it may have happened or not.
            raise GatewayUnavailable(gateway=NAME) from error
        raise _refusal(response)


def _refusal(response: httpx2.Response) -> Exception:
    try:
        failure = msgspec.json.decode(response.content, type=dict[str, Failure])["error"]
    except (msgspec.MsgspecError, KeyError):
        failure = Failure()
    if response.status_code == HTTPStatus.PAYMENT_REQUIRED:
        return CardRefused(failure)
    # 401 and 403 are a wrong key of ours: nothing happened, and the same call is right once the key is.
    # An idempotency error is a call whose details have changed since; what became of the first one can be looked up.
    is_final = (
        response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
        and failure.type != "idempotency_error"
    )
    if is_final:
        return GatewayRefused(gateway=NAME, reason=failure.message)
    return GatewayUnavailable(gateway=NAME)
