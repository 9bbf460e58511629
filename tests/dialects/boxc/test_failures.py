"""What no caller can bring about: money that cannot be read or taken, a database that is away, and defects of ours.

And that no number is left out: each of contract §3.3 about what we offer has a recorded case or a test here.
"""

from unittest.mock import patch

import pytest

from backhaul.dialects.boxc.errors import FAILURE, UNREACHABLE, VALIDATION, WORDINGS
from backhaul.domain import reshipping, returns
from backhaul.domain.billing.wallet.errors import BalanceUnchargeable, BalanceUnreadable
from backhaul.kernel.errors import Unavailable
from backhaul.storage import rate_limits
from tests.dialects.boxc.desk import Desk
from tests.dialects.boxc.replay import WRITTEN, read_cases

# Contract §3.3 without 1003, 1004 and 1007, which say no more than 1005, 1040 and 1210 (entry points and shipments,
# which are not offered), 1012 (what is wrong with an address is 1000) and 1402 to 1404 (a failure is 1001).
RECORDED = {
    1000,
    1002,
    1005,
    1008,
    1009,
    1025,
    1031,
    1080,
    1090,
    1120,
    1121,
    1122,
    1140,
    1141,
    1142,
    1143,
    1144,
}
RECORDED |= {1145, 1360, 1400, 1401, 1405}
HERE = {1001, 1010, 1081, 1082}
IN_TEST_LIMITS = {1015}
APPROVE = {"reshipment": {"status": "Approved"}}
VERIFY = {"return": {"status": "Verify"}}


@pytest.fixture
async def desk(made):
    desk = await Desk(made).open()
    await desk.fund()
    return desk


async def refused(made, method, path, status, code, **options):
    """The whole refusal, which left nothing."""
    await made.client_token("owner")
    before = await made.traces((*WRITTEN, "reshipments"))
    answer = await made.call_by_client("owner", method, path, **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await made.traces((*WRITTEN, "reshipments")) == before
    return answer


def test_every_number_has_a_case():
    recorded = {case.answer.refusal.code for _, case in read_cases() if case.answer.refusal is not None}
    assert recorded == RECORDED
    ours = {wording.number for wording in WORDINGS.values()} | {VALIDATION, FAILURE, UNREACHABLE, 1015}
    assert ours == RECORDED | HERE | IN_TEST_LIMITS


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (BalanceUnreadable(), 1081, "Balance could not be read"),
        (BalanceUnchargeable(), 1082, "Balance could not be charged"),
    ],
)
async def test_a_wallet_that_fails_is_said_by_its_number_and_changes_nothing(
    made, desk, error, code, message
):
    number = await desk.parcel()
    reshipment = await desk.reship(await desk.parcel())
    verifying = patch.object(returns.operations.verify.fees, "charge", side_effect=error)
    approving = patch.object(reshipping.operations.answer.wallet, "require_and_hold", side_effect=error)
    with verifying, approving:
        for path, body in ((f"/v1/returns/{number}", VERIFY), (f"/v1/reshipments/{reshipment}", APPROVE)):
            answer = await refused(made, "PUT", path, 500, code, json=body)
            assert answer.json() == {"status": "error", "code": code, "message": message, "errors": [message]}
    shown = await made.call_by_client("owner", "GET", f"/v1/returns/{number}")
    assert shown.json()["return"]["status"] == "Processed"
    shown = await made.call_by_client("owner", "GET", f"/v1/reshipments/{reshipment}")
    assert shown.json()["reshipment"]["status"] == "Pending"


async def test_a_parcel_that_no_rate_is_for_cannot_be_reshipped(made, desk):
    number, reshipment = await desk.parcel(grams=100_000), {"contents": "Stones", "value": 1}
    reshipment |= {"returns": [number], "to": {"name": "Ann", "street1": "1 Main St", "city": "Dallas"}}
    reshipment["to"] |= {"province": "TX", "postal_code": "75235", "country": "US"}
    answer = await refused(made, "POST", "/v1/reshipments", 400, 1144, json={"reshipment": reshipment})
    sentence = answer.json()["message"].removeprefix("Return can't be reshipped: ")
    assert sentence.startswith("There is no rate from US to US for 100")


async def test_a_database_that_is_away_is_1010_and_when_to_come_back(made):
    with patch.object(rate_limits, "take", side_effect=Unavailable(what="The database")):
        answer = await refused(made, "GET", "/v1/returns", 503, 1010)
    assert answer.headers["retry-after"] == "2"
    text = "The database does not answer at the moment. Nothing was changed; please try again."
    assert answer.json() == {"status": "error", "code": 1010, "message": text, "errors": [text]}


async def test_a_defect_is_1001_and_says_nothing_but_the_request_id(made):
    with patch.object(rate_limits, "take", side_effect=RuntimeError("secret: hunter2")):
        answer = await refused(made, "GET", "/v1/returns", 500, 1001, headers={"x-request-id": "find-me"})
    text = "Something went wrong on our side. Please name the request id find-me when you ask about it."
    assert answer.json() == {"status": "error", "code": 1001, "message": text, "errors": [text]}
    assert answer.headers["x-request-id"] == "find-me"
