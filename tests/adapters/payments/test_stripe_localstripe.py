"""The same adapter against localstripe, an independent imitation of Stripe, in a process and a venv of its own.

It is no dependency of this project (its licence is the GPL). To run these tests: make a venv, install localstripe into
it and name its Python, `LOCALSTRIPE_PYTHON=/tmp/localstripe/bin/python`.
"""

import os
import socket
import subprocess
import time
from datetime import UTC, datetime

import httpx2
import pytest

from backhaul.adapters.payments.stripe import StripeGateway
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable
from backhaul.domain.billing.model import Captured, Declined
from backhaul.kernel.ids import OrgId, new_id
from backhaul.kernel.money import Money

PYTHON = os.environ.get("LOCALSTRIPE_PYTHON")
pytestmark = pytest.mark.skipif(PYTHON is None, reason="LOCALSTRIPE_PYTHON names no Python with localstripe")

# On this machine alone; its own command listens to everybody. And it does not filter these lists, as Stripe does.
SERVER = """
import sys
from aiohttp import web
from localstripe import resources, server
def listed(kind):
    def list_all(cls, url, customer=None, payment_intent=None, created=None, limit=None, starting_after=None):
        found = super(kind, cls)._api_list_all(url, limit=limit, starting_after=starting_after)
        oldest = int((created or {}).get("gte", 0))
        found._list = [row for row in found._list if customer in (None, row.customer) and row.created >= oldest]
        return found
    return classmethod(list_all)
resources.PaymentIntent._api_list_all = listed(resources.PaymentIntent)
type(resources.store).dump_to_disk = lambda store: None  # into a file that everybody on the machine shares
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
PAYER = OrgId(new_id())


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([PYTHON, "-c", SERVER, str(port)], stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            assert process.poll() is None
            try:
                httpx2.get(f"{address}/v1/customers", auth=("sk_test_1", ""))
                break
            except httpx2.TransportError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def customer(server):
    """Makes a customer who pays with a card of this number."""

    def made(number):
        with httpx2.Client(base_url=f"{server}/v1/", auth=("sk_test_1", "")) as http:

            def post(path, **fields):
                answer = http.post(path, data=fields)
                assert answer.is_success, answer.text
                return answer.json()["id"]

            card = {
                "card[number]": number,
                "card[exp_month]": "12",
                "card[exp_year]": "2099",
                "card[cvc]": "123",
            }
            method = post("payment_methods", type="card", **card)
            who = post("customers", email="it@maas.example")
            post(f"payment_methods/{method}/attach", customer=who)
            post(f"customers/{who}", **{"invoice_settings[default_payment_method]": method})
        return who

    return made


@pytest.fixture
def gateway(server, customer):
    def of(number="4242424242424242", *, key="sk_test_1"):
        return StripeGateway.of(
            secret_key=key, api_base=server, timeout_seconds=5, customers={str(PAYER): customer(number)}
        )

    return of


async def charge(gateway, clock, key="a", amount=8500):
    return await gateway.charge(
        idempotency_key=key,
        amount=Money(amount),
        reference="TOP-UP",
        payer=PAYER,
        since=datetime.now(UTC),  # localstripe notes the machine's time
        now=clock.now(),
    )


async def test_money_is_taken_once_per_attempt(gateway, clock):
    stripe = gateway()
    first = await charge(stripe, clock)
    assert isinstance(first, Captured)
    assert await charge(stripe, clock) == first  # localstripe forgets keys at once: the look-up finds it
    assert await charge(stripe, clock, "b") != first


async def test_a_card_without_money_is_declined_every_time(gateway, clock):
    stripe = gateway("4000000000000341")
    declined = await charge(stripe, clock)
    assert isinstance(declined, Declined)
    assert declined.code == "card_declined"
    assert await charge(stripe, clock) == declined


async def test_a_card_that_wants_its_holder_is_declined(gateway, clock):
    assert (await charge(gateway("4000002500003155"), clock)).code == "authentication_required"


async def test_money_is_given_back_in_parts_once_each(gateway, clock, server):
    stripe = gateway()
    payment = await charge(stripe, clock)

    async def refund(amount, key):
        await stripe.refund(
            gateway_reference=payment.gateway_reference,
            amount=Money(amount),
            idempotency_key=key,
            now=clock.now(),
        )

    for amount, key in ((500, "x"), (500, "x"), (300, "y")):
        await refund(amount, key)
    found = httpx2.get(
        f"{server}/v1/refunds?payment_intent={payment.gateway_reference}", auth=("sk_test_1", "")
    ).json()
    assert sorted(row["amount"] for row in found["data"]) == [300, 500]


async def test_an_unknown_payment_is_refused(gateway, clock):
    with pytest.raises(GatewayRefused):
        await gateway().refund(
            gateway_reference="pi_nobody", amount=Money(1), idempotency_key="z", now=clock.now()
        )


async def test_a_wrong_key_is_ours_to_mend(gateway, clock):
    with pytest.raises(GatewayUnavailable):
        await charge(gateway(key="pk_wrong"), clock)
