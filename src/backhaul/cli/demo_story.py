"""The demo's story: a laptop is recovered, verified and wiped in a warehouse, and sent to somebody new."""

from pathlib import Path
from typing import Any, NamedTuple

import httpx2
from httpx2 import URL

from backhaul.cli.demo_pictures import draw_laptop
from backhaul.cli.demo_terminal import DemoFailed, Terminal

ORG, WAREHOUSE, SERIAL = "maas-biolabs", "WH0CVG01", "C02XL0AB"
OWNER, LEAVER, STARTER = "hr@example.com", "christopher@example.com", "ines@example.com"
DOCK = (
    "--line-1", "2000 Gateway Boulevard", "--city", "Hebron", "--postal-code", "41048",
)  # fmt: skip
TOP_UP_CENTS = 5000
WEIGHT_GRAMS = 2130


class Seen(NamedTuple):
    """What the story left behind."""

    transfer: str
    reshipment: int


class Bearer(httpx2.Auth):
    """Signs requests with a client's token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx2.Request) -> Any:
        """Add the header."""
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


def play(terminal: Terminal, http: httpx2.Client, *, out: Path) -> Seen:
    """Play the whole story and return what is worth looking at afterwards."""
    token, client = _settle_in(terminal)
    transfer = _recover(terminal, http, token)
    number = _receive(terminal, transfer["device_shipment"]["tracking_id"], out=out)
    bearer = _sign_in(terminal, http, client)
    _verify(terminal, http, bearer, number)
    _wipe(terminal, number, out=out)
    reshipment = _send_on(terminal, http, bearer, number)
    return Seen(str(transfer["id"]), reshipment)


def _settle_in(terminal: Terminal) -> tuple[str, httpx2.BasicAuth]:
    """Return a key for ReReady's interface, and a client for BoxC's."""
    terminal.title("A warehouse, a company, a laptop")
    place = ("--name", "Cincinnati", *DOCK, "--state", "KY", "--country", "US", "--entry-point", "CVG001")
    terminal.run("warehouse", "add", WAREHOUSE, *place)
    terminal.run("org", "create", "Maas Biolabs", "--plan", "enterprise")
    terminal.run(
        "org", "address", ORG, "--name", "Maas Biolabs", *DOCK, "--state-code", "KY", "--country-code", "US"
    )
    terminal.run("user", "add", OWNER, "--org", ORG, "--role", "owner", "--name", "Human Resources")
    token = terminal.run("key", "create", "--org", ORG, "--user", OWNER, hides=True).strip()
    made = terminal.run(
        "client", "add", "--org", ORG, "--user", OWNER, "--name", "Demo", "--scope", "returns", hides=True
    )
    client = dict(line.split(" ", 1) for line in made.splitlines())
    terminal.run("wallet", "top-up", "--org", ORG, str(TOP_UP_CENTS), "--key", "demo")
    terminal.run(
        "employee", "add", LEAVER, "--org", ORG, "--first-name", "Christopher", "--last-name", "Mitchell",
        "--line-1", "404 Hidden Spring Lane", "--city", "Pittsburgh", "--state", "PA", "--postal-code", "15238",
        "--country", "US", "--phone", "2025550101", "--phone-country", "US",
    )  # fmt: skip
    terminal.run(
        "employee", "add", STARTER, "--org", ORG, "--first-name", "Ines", "--last-name", "Carvalho",
        "--line-1", "230 Cannery Row", "--city", "Monterey", "--state", "CA", "--postal-code", "93940",
        "--country", "US", "--phone", "2025550102", "--phone-country", "US",
    )  # fmt: skip
    terminal.run(
        "asset", "add", SERIAL, "--org", ORG, "--type", "Laptop", "--manufacturer", "Apple",
        "--name", "MacBook Pro 14", "--status", "In Use", "--assign-to", LEAVER,
    )  # fmt: skip
    return token, httpx2.BasicAuth(client["client_id"], client["client_secret"])


def _recover(terminal: Terminal, http: httpx2.Client, token: str) -> dict[str, Any]:
    """Return the transfer that brought the laptop back."""
    terminal.title("Recovered in a campaign")
    made = terminal.run("campaign", "create", "Leavers 2026", "--org", ORG, "--owner", OWNER)
    campaign = made.split(" is campaign ")[1].split()[0]
    added = terminal.run(
        "campaign", "add", campaign, "--org", ORG, "--email", LEAVER, "--item", f"MacBook Pro 14:{SERIAL}"
    )
    code = added.split("code ")[1].strip().rstrip(".")

    def ordered() -> str | None:
        shown = terminal.run_unseen("campaign", "person", code, "--org", ORG)
        found = [
            line.split("transfer ")[1].split(",")[0] for line in shown.splitlines() if "transfer " in line
        ]
        return found[0] if found else None

    transfer_id = terminal.wait_for(ordered, what="the worker to order the parcels")
    headers = {"authorization": f"Token {token}"}
    path = f"/api/v1/device_transfers/{transfer_id}"
    terminal.ask(http, "GET", path, headers=headers)
    shown: set[str] = set()

    def complete() -> dict[str, Any] | None:
        transfer: dict[str, Any] = http.get(path, headers=headers).raise_for_status().json()
        line = _standing(transfer)
        if line not in shown:
            terminal.say(line)
            shown.add(line)
        if transfer["state"] in ("failed", "not_returned"):
            raise DemoFailed(f"the transfer is {transfer['state']}")
        return transfer if transfer["state"] == "complete" and _is_paid(transfer) else None

    return terminal.wait_for(complete, what="the carrier")


def _receive(terminal: Terminal, tracking_number: str, *, out: Path) -> str:
    """Return the number of the return."""
    terminal.title("Received and opened at the warehouse")
    number = terminal.run("warehouse", "receive", tracking_number, "--at", WAREHOUSE).split()[0]
    terminal.run(
        "warehouse", "scan", number, SERIAL, "--charger", "--powers-on", "--unlocked", "--grade", "B"
    )
    picture = out / "photo.jpg"
    picture.write_bytes(draw_laptop(SERIAL, turned=3, scratches=2))
    terminal.run("warehouse", "photo", number, str(picture))
    terminal.run("warehouse", "process", number, "--weight-grams", str(WEIGHT_GRAMS))
    return number


def _sign_in(terminal: Terminal, http: httpx2.Client, client: httpx2.BasicAuth) -> Bearer:
    terminal.title("Verified, because its owner asks for it")
    form = {"grant_type": "client_credentials"}
    answer = terminal.ask(http, "POST", "/auth/v1/token", auth=client, data=form).json()
    return Bearer(answer["access_token"])


def _verify(terminal: Terminal, http: httpx2.Client, bearer: Bearer, number: str) -> None:
    path = f"/v1/returns/{number}"
    listed = terminal.ask(http, "GET", "/v1/returns?status=Processed", auth=bearer).json()
    for one in listed["returns"]:
        terminal.say(
            f"return {one['id']}: {one['status']}, {one['weight']} kg, process fee {one['process_fee']:.2f}"
        )
    wanted = {"return": {"status": "Verify"}}
    _tell_return(terminal, terminal.ask(http, "PUT", path, auth=bearer, json=wanted).json())
    terminal.run("warehouse", "message", number, "Two scratches on the screen, otherwise like new.")
    terminal.run("warehouse", "verify", number)
    answer = terminal.ask(http, "GET", path, auth=bearer).json()
    _tell_return(terminal, answer)
    for message in answer["return"]["messages"]:
        terminal.say(f"{message['author']}: {message['body']}")
    for image in answer["return"]["images"]:
        kept = terminal.ask(http, "GET", image, shown=f"{URL(image).path[:20]}… (a signed link)")
        terminal.say(f"{kept.headers['content-type']}, {len(kept.content)} bytes")


def _tell_return(terminal: Terminal, answer: dict[str, Any]) -> None:
    one = answer["return"]
    terminal.say(f"return {one['id']}: {one['status']}, verify fee {one['verify_fee']:.2f}")


def _wipe(terminal: Terminal, number: str, *, out: Path) -> None:
    terminal.title("Wiped, with a signed record")
    terminal.run(
        "warehouse", "sanitise", number, SERIAL, "--method", "purge", "--technique", "Cryptographic erase",
        "--media", "NVMe SSD", "--tool", "Apple Configurator", "--lock", "unlocked",
        "--performed-by", "Ada Byron", "--verified-by", "Grace Murray",
    )  # fmt: skip
    page = str(out / "certificate.pdf")
    terminal.run("warehouse", "certificate", number, SERIAL, "--org", ORG, "--out", page)
    terminal.run("warehouse", "check-certificate", page)


def _send_on(terminal: Terminal, http: httpx2.Client, bearer: Bearer, number: str) -> int:
    """Return the number of the reshipment."""
    terminal.title("Sent on to somebody new")
    to = {
        "name": "Ines Carvalho",
        "email": STARTER,
        "street1": "230 Cannery Row",
        "city": "Monterey",
        "province": "CA",
        "postal_code": "93940",
        "country": "US",
    }
    body = {
        "reshipment": {"contents": "Laptop computer", "returns": [int(number)], "to": to, "value": 899.00}
    }
    made = terminal.ask(http, "POST", "/v1/reshipments", auth=bearer, json=body).json()
    _tell(terminal, made)
    reshipment = int(made["reshipment"]["id"])
    path = f"/v1/reshipments/{reshipment}"
    _tell(
        terminal,
        terminal.ask(http, "PUT", path, auth=bearer, json={"reshipment": {"status": "Approved"}}).json(),
    )
    terminal.run("reshipment", "weigh", str(reshipment), str(WEIGHT_GRAMS))
    terminal.run_until_granted(
        "reshipping.not_labelled", "reshipment", "dispatch", str(reshipment), waits_for="the label"
    )
    _tell(terminal, terminal.ask(http, "GET", path, auth=bearer).json())

    def arrived() -> bool | None:
        custody = terminal.run_unseen("asset", "show", SERIAL, "--org", ORG)
        return True if "custody: Ines Carvalho" in custody else None

    terminal.wait_for(arrived, what="the carrier")
    return reshipment


def _tell(terminal: Terminal, answer: dict[str, Any]) -> None:
    one = answer["reshipment"]
    parcel = f"{one['service']} {one['tracking_number']}" if one["tracking_number"] else "no parcel yet"
    terminal.say(
        f"reshipment {one['id']}: {one['status']}, estimate {one['estimated_reship_fee']:.2f}, "
        f"fee {one['reship_fee']:.2f}, {parcel}"
    )


def _standing(transfer: dict[str, Any]) -> str:
    legs = (_leg(transfer["box_shipment"]), _leg(transfer["device_shipment"]))
    return f"{transfer['state']:<32}  box {legs[0]:<23}  device {legs[1]}"


def _leg(leg: dict[str, Any] | None) -> str:
    return "–" if leg is None else f"{leg['carrier_code']} {leg['state']}"


def _is_paid(transfer: dict[str, Any]) -> bool:
    return bool(transfer["payments"]) and transfer["payments"][0]["state"] == "captured"
