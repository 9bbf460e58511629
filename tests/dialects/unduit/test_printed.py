"""Every curl of the chapters Authentication, General and Manage, as printed, one after the other.

Replaced are what the reader has to replace: base URL, credentials, the Authorization header and ids of records.
Compared are the keys, their order and the types of all values with the printed answers, and the values we know.
"""

import json

from tests.dialects.installation import PASSWORD
from tests.dialects.replaying import differences
from tests.dialects.unduit.curling import request_of

LOGIN = """\
curl --location 'https://dev-api.unduit.com/api/v1/auth/login' \\
--data-raw '{
  "email": "jane.smith@example.com",
  "password": "password"
}'"""
REFRESH = """\
curl --location 'https://dev-api.unduit.com/api/v1/refresh-token' \\
--data '{
    "refresh_token": "<token>"
}'"""
EMPLOYEES = """\
curl --location 'https://dev-api.unduit.com/api/v1/employees?page=1' \\
--header 'Authorization: Bearer <token>'"""
EMPLOYEE = """{
  "firstname": "John",
  "lastname": "Doe",
  "location_name": "San Francisco Remote Hub",
  "contact_info": "3242342",
  "email": "john.doe@example.com",
  "address_1": "123 Market Street",
  "address_2": "Suite 400",
  "city": "San Francisco",
  "state": "CA",
  "zip": "94103",
  "country": "US",
  "contact_country": "US",
  "location_type": "Warehouse"
}"""
ADD = f"""\
curl --location 'https://dev-api.unduit.com/api/v1/employee/add' \\
--data-raw '{EMPLOYEE}'"""
UPDATE = f"""\
curl --location 'https://dev-api.unduit.com/api/v1/employee/update/VEl0K0tWdnVwWXJ4ai82RXFXTGNWZz98' \\
--data-raw '{EMPLOYEE}'"""
USERS = """\
curl --location 'https://dev-api.unduit.com/api/v1/users?page=1' \\
--header 'Authorization: Bearer <token>'"""
ASSETS = """\
curl --location 'https://dev-api.unduit.com/api/v1/assets?page=1' \\
--header 'Authorization: Bearer <token>'"""
ADD_ASSET = """\
curl --location 'https://dev-api.unduit.com/api/v1/assets/add-asset' \\
--data-raw '{
    "product_type": "Laptop",
    "product_name": "MacBook  2  Pro",
    "manufacturer": "Apple",
    "serial_number": "2322334e234",
    "asset_status": "in use",
    "model_number": "A23338",
    "sku": "MBP-16-2021",
    "asset_id": "IT-12342443122ddes341234",
    "condition": "Good",
    "purchase_date": "2023-01-15",
    "purchase_cost": 1999.99,
    "purchase_type": "Leased",
    "warranty_start": "2023-01-15",
    "warranty_expire": "2025-01-14",
    "warranty_type": "AppleCare",
    "assign_to_email": "john.doe@example.com",
    "department": "IT",
    "location_name": "Headquarters",
    "imei": ""
}'"""
ASSIGN = """\
curl --location 'https://dev-api.unduit.com/api/v1/assets/assign/user' \\
--data-raw '{
    "asset_number": "441819700101000000",
    "assign_to_email": "john.doe@example.com"
}'"""
UNASSIGN = "curl --location 'https://dev-api.unduit.com/api/v1/assets//unassign/user'"

ADDED = {
    "message": "Address added successfully",
    "address": {
        "firstname": "John",
        "lastname": "Doe",
        "username": "John Doe",
        "location_name": "San Francisco Remote Hub",
        "email": "john.doe@example.com",
        "contact_info": "3242342",
        "contact_country": "US",
        "address_1": "123 Market Street",
        "address_2": "Suite 400",
        "city": "San Francisco",
        "state": "CA",
        "country": "US",
        "zip": "94103",
        "location_type": "Warehouse",
        "id": "{{number}}",
        "user_id": 0,
        "company_id": "{{number}}",
        "is_default": 0,
        "is_deleted": 0,
        "created_at": "2026-05-04 12:00:00",
        "updated_at": "2026-05-04 12:00:00",
        "updatedAt": "{{timestamp}}",
        "createdAt": "{{timestamp}}",
    },
}
HELD = {
    "assetId": "IT-12342443122ddes341234",
    "modelName": "MacBook  2  Pro",
    "modelNumber": "A23338",
    "productType": "Laptop",
    "purchaseDate": "2023-01-15",
    "serialNumber": "2322334e234",
    "imei": "",
    "imei2": "",
    "sku": "MBP-16-2021",
    "assetStatus": "In Use",
}
USER = {
    "FirstName": "John",
    "LastName": "Doe",
    "LocationName": "San Francisco Remote Hub",
    "PhoneCountryCode": "US",
    "ContactInfo": "3242342",
    "Email": "john.doe@example.com",
    "Country": "US",
    "State": "CA",
    "City": "San Francisco",
    "Zip": "94103",
    "LocationType": "Warehouse",
    "Address_1": "123 Market Street",
    "Address_2": "Suite 400",
    "AssignedAssets": [],
}
ADDED_ASSET = {
    "success": "Asset created successfully",
    "data": {
        "id": "{{number}}",
        "company_id": "{{number}}",
        "user_id": 0,
        "purchase_id": 0,
        "product_type_id": "{{number}}",
        "product_category_id": 1,
        "model_id": "{{number}}",
        "asset_id": "",
        "customer_asset_id": "IT-12342443122ddes341234",
        "serial_number": "2322334e234",
        "model_number": "A23338",
        "status_id": "{{number}}",
        "condition": "Good",
        "purchase_date": "2023-01-15",
        "price": 1999.99,
        "purchase_type": 1,
        "warranty_start": "2023-01-15",
        "warranty_expire": "2025-01-14",
        "warranty_type": "AppleCare",
        "assign_to": "{{number}}",
        "department_id": "{{number}}",
        "asset_location_beta": "{{number}}",
        "imei": "",
        "imei2": "",
        "asset_assign_date": "",
        "vendor_id": 0,
        "currency_code": "",
        "currency_symbol": "",
        "sku": "MBP-16-2021",
        "address_1": "",
        "city": "",
        "state": "",
        "zip": "",
        "is_old": 0,
        "created_at": "2026-05-04 12:00:00",
        "updatedAt": "{{timestamp}}",
        "createdAt": "{{timestamp}}",
        "asset_number": "{{number}}20260504120000",
    },
}


class Terminal:
    """Runs printed commands against an installation."""

    def __init__(self, made):
        self.made, self.token = made, None

    async def run(self, printed, **replaced):
        """Return status and body; with a token the Authorization header is there, printed or not."""
        for old, new in replaced.pop("replaced", {}).items():
            assert old in printed
            printed = printed.replace(old, new)
        method, path, headers, body = request_of(printed.replace("<token>", self.token or "<token>"))
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        content = None if body is None else body.encode()
        answer = await self.made.app.request(
            method, path, headers=headers, content=content, address=self.made.address()
        )
        assert answer.headers["content-type"] == "application/json"
        return answer.status_code, answer.json()


def same(answer, expected):
    status, body = answer
    assert (status, list(differences(expected, body, {}))) == (200, []), body


async def test_the_chapters_as_printed(own_installation):
    made = own_installation
    await made.token("owner")  # gives the account its password
    terminal = Terminal(made)
    own = {"jane.smith@example.com": "hr@example.com", '"password": "password"': f'"password": "{PASSWORD}"'}

    status, body = await terminal.run(LOGIN)
    assert (status, body["message"]) == (401, "Invalid email or password")
    status, body = await terminal.run(EMPLOYEES)
    assert (status, body["message"]) == (401, "Authentication token is missing or invalid")

    same(
        answer := await terminal.run(LOGIN, replaced=own),
        {"message": "Login successful", "token": "{{token}}"},
    )
    terminal.token = answer[1]["token"]
    refreshed = {"message": "Token has been refreshed successfully.", "token": "{{token}}"}
    same(answer := await terminal.run(REFRESH), refreshed)
    terminal.token = answer[1]["token"]

    same(
        await terminal.run(EMPLOYEES),
        {"totalUsers": 0, "totalPages": 0, "currentPage": 1, "users": []},
    )
    same(answer := await terminal.run(ADD), ADDED)
    employee = str(answer[1]["address"]["id"])
    status, body = await terminal.run(ADD)
    assert (status, body["error"]["code"]) == (409, "DIRECTORY_EMAIL_TAKEN")

    printed_id = "VEl0K0tWdnVwWXJ4ai82RXFXTGNWZz98"
    same(
        await terminal.run(UPDATE, replaced={printed_id: employee}),
        {"message": "Record updated successfully"},
    )
    assert (await terminal.run(UPDATE))[0] == 404

    page = {"totalUsers": 1, "totalPages": 1, "currentPage": 1, "users": [USER]}
    same(await terminal.run(EMPLOYEES), page)
    same(await terminal.run(USERS), page)

    same(await terminal.run(ASSETS), {"currentPage": 1, "totalPages": 0, "totalItems": 0, "assets": []})
    same(answer := await terminal.run(ADD_ASSET), ADDED_ASSET)
    number = answer[1]["data"]["asset_number"]
    status, body = await terminal.run(ADD_ASSET)
    assert (status, body["error"]["code"]) == (409, "INVENTORY_SERIAL_TAKEN")

    user = {"firstname": "John", "lastname": "Doe", "username": "John Doe", "email": "john.doe@example.com"}
    listed = {"asset_number": number, **HELD, "AssignedUser": user}
    same(
        await terminal.run(ASSETS),
        {"currentPage": 1, "totalPages": 1, "totalItems": 1, "assets": [listed]},
    )
    same(await terminal.run(USERS), {**page, "users": [{**USER, "AssignedAssets": [HELD]}]})

    status, body = await terminal.run(UNASSIGN)
    assert (status, body["message"]) == (400, "Invalid asset number or user email")
    query = (
        f"user?asset_number={number}&assign_to_email=john.doe@example.com&asset_status=Ready%20to%20Deploy"
    )
    same(
        await terminal.run(UNASSIGN, replaced={"unassign/user": f"unassign/{query}"}),
        {"message": "Asset unassigned successfully."},
    )
    same(await terminal.run(USERS), page)

    status, body = await terminal.run(ASSIGN)
    assert (status, body["message"]) == (404, "Asset or user not found")
    mine = {"441819700101000000": number}
    same(await terminal.run(ASSIGN, replaced=mine), {"message": "Asset assigned successfully."})
    status, body = await terminal.run(ASSIGN, replaced=mine)
    assert (status, body["message"]) == (409, "Asset is already assigned to a user")


def test_a_printed_command_is_sent_as_curl_sends_it():
    method, path, headers, body = request_of(LOGIN)
    assert (method, path) == ("POST", "/api/v1/auth/login")
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert json.loads(body) == {"email": "jane.smith@example.com", "password": "password"}
    assert request_of(UNASSIGN)[:2] == ("GET", "/api/v1/assets//unassign/user")
    assert request_of(EMPLOYEES)[2]["authorization"] == "Bearer <token>"
