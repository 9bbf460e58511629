"""Bodies that are too large, too deep or too many; numbers no computer holds; failures: in this dialect's words."""

import json
from urllib.parse import quote

import pytest

from backhaul.dialects.unduit.routes import assets
from backhaul.kernel.errors import Unavailable
from tests.dialects.unduit.furnishing import WRITTEN
from tests.dialects.unduit.replay import reference

MIB = 1_048_576
WRITES = [
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/refresh-token"),
    ("POST", "/api/v1/employee/add"),
    ("PUT", "/api/v1/employee/update/1"),
    ("POST", "/api/v1/employees/bulk-import"),
    ("POST", "/api/v1/assets/add-asset"),
    ("PATCH", "/api/v1/assets/SN-STOCK"),
    ("POST", "/api/v1/assets/assign/user"),
    ("POST", "/api/v1/assets/unassign/user"),
]


async def in_chunks(body, size=65_536):
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("line", WRITES, ids=" ".join)
@pytest.mark.parametrize("send", [bytes, in_chunks], ids=["with its length", "in chunks"])
async def test_a_body_above_one_mebibyte_is_refused(office, described, line, send):
    before = await office.traces(WRITTEN)
    answer = await office.call_as("owner", *line, content=send(b"{}" + b" " * (MIB - 1)))
    sentence = f"The request body is larger than {MIB} bytes."
    assert (answer.status_code, answer.json()) == (
        413,
        {
            "message": sentence,
            "success": False,
            "error": {"code": "HTTP_BODY_TOO_LARGE", "message": sentence, "details": []},
        },
    )
    described(*line, 413, answer.json())
    assert await office.traces(WRITTEN) == before


@pytest.mark.parametrize("line", WRITES, ids=" ".join)
async def test_a_body_nested_too_deeply_is_refused(office, line):
    before = await office.traces(WRITTEN)
    answer = await office.call_as("owner", *line, content=b'{"a": ' + b"[" * 100_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INPUT_MALFORMED")
    assert await office.traces(WRITTEN) == before


async def test_an_import_of_as_many_rows_as_allowed(own_office):
    row = reference("employee")
    rows = [{**row, "email": f"row{n}@example.com", "location_name": f"Place {n % 7}"} for n in range(501)]
    line = ("POST", "/api/v1/employees/bulk-import")
    answer = await own_office.call_as("owner", *line, json={"employees": rows})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"] == [
        {"field": "employees", "message": "must have at most 500 entries, not 501"}
    ]
    answer = await own_office.call_as("owner", *line, json={"employees": rows[:500]})
    body = answer.json()
    assert (answer.status_code, body["imported"], body["skipped"]) == (200, 500, 0)
    assert [one["email"] for one in body["employees"]] == [one["email"] for one in rows[:500]]
    assert body["employees"][8]["location_name"] == "Place 1"
    answer = await own_office.call_as("owner", *line, json={"employees": rows[:500]})
    assert (answer.json()["imported"], answer.json()["skipped"]) == (0, 500)


async def test_an_import_of_blank_rows_tells_every_problem_once(office, described):
    before = await office.traces(WRITTEN)
    line = ("POST", "/api/v1/employees/bulk-import")
    answer = await office.call_as("owner", *line, json={"employees": [{}] * 500})
    body = answer.json()
    fields = (
        "firstname",
        "lastname",
        "contact_info",
        "email",
        "address_1",
        "city",
        "state",
        "zip",
        "country",
    )
    paths = [f"employees[{row}].{field}" for row in range(500) for field in fields]
    assert answer.status_code == 400
    assert [detail["field"] for detail in body["error"]["details"]] == paths
    assert body["message"] == f"Missing required fields: {', '.join(paths[:20])} and 4480 more"
    says = "; ".join(f"{path} can't be blank" for path in paths[:20])
    assert body["error"]["message"] == f"Some values were refused: {says}; and 4480 more"
    described(*line, 400, body)
    assert await office.traces(WRITTEN) == before


async def test_what_a_list_answers_can_be_imported(own_office, described):
    await own_office.call_as(
        "owner", "POST", "/api/v1/employee/add", json={**reference("employee"), "email": "new@example.com"}
    )
    users = (await own_office.call_as("owner", "GET", "/api/v1/users")).json()["users"]
    jane = next(user for user in users if user["Email"] == "jane.smith@example.com")
    assert jane["LocationName"] is None
    line = ("POST", "/api/v1/employees/bulk-import")
    answer = await own_office.call_as("owner", *line, json={"employees": users})
    assert (answer.status_code, answer.json()["skipped"]) == (200, len(users))
    sent = {"employees": [{**user, "Email": f"again.{user['Email']}"} for user in users]}
    answer = await own_office.call_as("owner", *line, json=sent)
    assert (answer.status_code, answer.json()["imported"]) == (200, len(users))
    described(*line, 200, answer.json(), sent)
    again = (await own_office.call_as("owner", "GET", "/api/v1/users")).json()["users"]
    unheld = [{**user, "Email": f"again.{user['Email']}", "AssignedAssets": []} for user in users]
    assert all(user in again for user in unheld)


async def test_a_number_that_no_computer_holds_is_named_by_its_field(office):
    body = json.dumps({**reference("employee"), "contact_info": 0})
    content = body.replace('"contact_info": 0', f'"contact_info": {"9" * 5000}')
    answer = await office.call_as("owner", "POST", "/api/v1/employee/add", content=content)
    assert (answer.status_code, answer.json()["error"]["details"]) == (
        422,
        [{"field": "contact_info", "message": "is out of range"}],
    )


async def test_the_prefix_itself_is_answered_in_this_shape(office):
    answer = await office.call_as("owner", "GET", "/api/v1")
    sentence = "There is nothing at /api/v1."
    assert (answer.status_code, answer.json()) == (
        404,
        {
            "message": sentence,
            "success": False,
            "error": {"code": "HTTP_ROUTE_UNKNOWN", "message": sentence, "details": []},
        },
    )


async def test_pages_hold_ten_and_their_totals_are_exact(own_office):
    await own_office.call_as(
        "owner",
        "POST",
        "/api/v1/employees/bulk-import",
        json={"employees": [{**reference("employee"), "email": f"e{n}@example.com"} for n in range(21)]},
    )  # 23 people
    seen = []
    for page, length in ((1, 10), (2, 10), (3, 3), (4, 0)):
        body = (await own_office.call_as("owner", "GET", f"/api/v1/users?page={page}")).json()
        assert (body["totalUsers"], body["totalPages"], body["currentPage"]) == (23, 3, page)
        assert len(body["users"]) == length
        seen += [user["Email"] for user in body["users"]]
    assert len(set(seen)) == 23
    seen = []
    for page, length in ((1, 10), (2, 10), (3, 10), (4, 0)):
        body = (await own_office.call_as("owner", "GET", f"/api/v1/assets?page={page}")).json()
        assert (body["totalItems"], body["totalPages"], body["currentPage"]) == (30, 3, page)
        assert len(body["assets"]) == length
        seen += [asset["serialNumber"] for asset in body["assets"]]
    assert len(set(seen)) == 30


ODD_TEXTS = [
    "x" * 100_000,
    "\ufeff\u202e",
    "a\nb",
    "\x7f",
    "\U0010ffff",
    "'; DROP TABLE assets; --",
    "\\",
    "%",
    "{}",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_no_text_is_a_defect(office, text):
    """Whatever stands in a field or a path is taken or refused by name."""
    for name, route in (("employee", "employee/add"), ("asset", "assets/add-asset")):
        for field in reference(name):
            body = {
                **reference(name),
                "email": "john.doe@unduit.com",
                "serial_number": "SN-STOCK",
                field: text,
            }
            answer = await office.call_as("owner", "POST", f"/api/v1/{route}", json=body)
            assert answer.status_code in {200, 400, 409, 422}, (field, answer.text)
    for query in ("assets?serialNumber", "assets?assetId", "assets?asset_number", "users?email"):
        path, name = query.split("?")
        answer = await office.call_as("owner", "GET", f"/api/v1/{path}", params={name: text[:2000]})
        assert answer.status_code == 200, answer.text
    segment = quote(text[:2000], safe="")
    for method, path in (("GET", "assets/details/{}"), ("GET", "assets/{}/history"), ("PATCH", "assets/{}")):
        answer = await office.call_as("owner", method, "/api/v1/" + path.format(segment), json={"sku": "x"})
        assert answer.status_code in {200, 404}, answer.text


async def test_a_defect_answers_500_with_nothing_but_the_request_id(office, monkeypatch):
    async def fail(*_, **__):
        raise RuntimeError("secret: hunter2")

    monkeypatch.setattr(assets.queries, "list_assets", fail)
    answer = await office.call_as("owner", "GET", "/api/v1/assets", headers={"x-request-id": "find-me"})
    sentence = "Something went wrong on our side. Please name the request id find-me when you ask about it."
    assert (answer.status_code, answer.json()) == (
        500,
        {
            "message": sentence,
            "success": False,
            "error": {"code": "HTTP_INTERNAL_FAILURE", "message": sentence, "details": []},
        },
    )


async def test_an_unreachable_database_answers_503_and_when_to_come_back(office, monkeypatch):
    async def fail(*_, **__):
        raise Unavailable(what="The database")

    monkeypatch.setattr(assets.queries, "list_assets", fail)
    answer = await office.call_as("owner", "GET", "/api/v1/assets")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["error"]["code"] == "SERVICE_UNAVAILABLE"


async def test_amounts_come_back_as_they_were_sent(office):
    for n, (sent, back) in enumerate(
        (
            ("1999.99", "1999.99"),
            ("0.01", "0.01"),
            ("999999999999", "999999999999"),
            ("12.50", "12.5"),
            ("1e2", "100"),
        )
    ):
        body = json.dumps({**reference("asset"), "serial_number": f"COST-{n}", "purchase_cost": 0})
        content = body.replace('"purchase_cost": 0', f'"purchase_cost": {sent}')
        answer = await office.call_as("owner", "POST", "/api/v1/assets/add-asset", content=content)
        assert f'"price":{back},' in answer.text
        detail = await office.call_as("owner", "GET", f"/api/v1/assets/details/COST-{n}")
        assert f'"purchase_cost":{back},' in detail.text
