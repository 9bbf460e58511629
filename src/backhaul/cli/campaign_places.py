"""backhaul campaign return-address, and the file that says where a campaign's things go."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.directory import LocationUnknown
from backhaul.domain.directory.places import find_addresses
from backhaul.domain.identity import Actor
from backhaul.domain.ladders import BUILT_IN_NAME
from backhaul.domain.recovery import CampaignChanges, ReturnAddress, change_campaign
from backhaul.domain.recovery.browsing import get_campaign_sheet
from backhaul.domain.recovery.errors import ReturnAddressMissing
from backhaul.domain.recovery.model import LAPTOP_BOX, Package
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.measures import Dimensions, grams_from_pounds, mm_from_inches

MAX_NUMBER_LENGTH = 18
_MM_PER_CM, _GRAMS_PER_KILOGRAM = 10, 1000

File = Annotated[
    Path | None,
    typer.Option(
        "--return-addresses",
        help="TOML with a [[return_address]] for each, and a [[return_address.package]] for each of its boxes.",
        exists=True,
        dir_okay=False,
    ),
]


class _Package(msgspec.Struct, forbid_unknown_fields=True):
    """A box as the file has it, in one of two systems."""

    device: str
    quantity: int = 1
    inches: tuple[float, float, float] | None = None
    pounds: float | None = None
    centimetres: tuple[float, float, float] | None = None
    kilograms: float | None = None


class _Place(msgspec.Struct, forbid_unknown_fields=True):
    """A return address as the file has it."""

    location: str | None = None  # its name or number; None: the organization's default address
    phone: str | None = None
    package: list[_Package] = []


class _Places(msgspec.Struct, forbid_unknown_fields=True):
    """The file."""

    return_address: list[_Place]


def add_to(app: typer.Typer) -> None:
    """Add the command about return addresses to those about campaigns."""
    app.command("return-address")(return_address)


async def read_places(
    session: Session, actor: Actor, org: str, file: Path | None
) -> tuple[ReturnAddress, ...]:
    """Return the return addresses that a file names, none without a file; refuses what it cannot mean."""
    places = []
    for number, one in enumerate([] if file is None else _read(file)):
        boxes = tuple(
            _package(box, f"return_address[{number}].package[{position}]")
            for position, box in enumerate(one.package)
        )
        address = await _address(session, actor, org, one.location)
        places.append(ReturnAddress(address=address, phone=one.phone, packages=boxes or (LAPTOP_BOX,)))
    return tuple(places)


def return_address(
    org: Org,
    number: Annotated[str, typer.Argument(help="The campaign's number.")],
    location: Annotated[
        str | None,
        typer.Option("--location", help="Its name or number; by default the organization's default address."),
    ] = None,
    place: Annotated[
        int, typer.Option("--place", min=1, help="Which of the campaign's return addresses.")
    ] = 1,
    phone: Annotated[str | None, typer.Option("--phone", help="By default the address's own.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Have what is ordered from now on go to another address in the same country. Boxes and what is ordered stay."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        sheet = await get_campaign_sheet(session.db, actor=actor, number=number)
        campaign = sheet.campaign
        if place > len(campaign.return_addresses):
            text = f"must be from 1 to {len(campaign.return_addresses)}"
            raise InvalidInput([FieldProblem("place", "recovery.place_unknown", text)])
        address = await _address(session, actor, org, location)
        places = [
            msgspec.structs.replace(one, address=address, phone=phone) if position == place else one
            for position, one in enumerate(campaign.return_addresses, 1)
        ]
        after = await change_campaign(
            session.db,
            actor=actor,
            campaign_number=number,
            version=campaign.version,
            changes=CampaignChanges(
                name=campaign.name,
                description=campaign.description,
                deadline_on=campaign.deadline_on,
                helpdesk_email=campaign.helpdesk_email,
                owner_email=campaign.owner_email,
                ladder=sheet.ladder_name or BUILT_IN_NAME,
                return_addresses=tuple(places),
            ),
            now=session.clock.now(),
        )
        print_places(after.return_addresses)

    run(data_dir, work)


def print_places(places: Sequence[ReturnAddress]) -> None:
    """Say where things go, and in which boxes."""
    for place in places:
        devices = ", ".join(f"{package.quantity} × {package.device}" for package in place.packages)
        called = place.phone or place.address.phone
        phone = f", telephone {called}" if called else ""
        print(
            f"to {place.address.name or place.address.line_1}, {place.address.city}: boxes for {devices}{phone}"
        )


async def _address(session: Session, actor: Actor, org: str, location: str | None) -> Address:
    if location is None:
        found = (await session.organization(org)).default_address
        if found is None:
            raise ReturnAddressMissing
        return found
    key = location.strip().casefold()
    numbers = [int(key)] if key.isascii() and key.isdigit() and len(key) <= MAX_NUMBER_LENGTH else []
    found_places = await find_addresses(session.db, actor=actor, text=location, numbers=numbers)
    for one in found_places.places:
        if key in {one.name.casefold(), str(one.number)} and one.address is not None:
            return one.address
    raise LocationUnknown(location=location[:100])


def _read(file: Path) -> list[_Place]:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=_Places).return_address
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        problem = FieldProblem(
            "file", "recovery.file_unreadable", f"is not as the documentation says: {error}"
        )
        raise InvalidInput([problem]) from error


def _package(box: _Package, path: str) -> Package:
    if box.inches is not None and box.pounds is not None and (box.centimetres, box.kilograms) == (None, None):
        length, width, height = (mm_from_inches(one) for one in box.inches)
        size = Dimensions(length, width, height, grams_from_pounds(box.pounds))
    elif (
        box.centimetres is not None and box.kilograms is not None and (box.inches, box.pounds) == (None, None)
    ):
        length, width, height = (round(one * _MM_PER_CM) for one in box.centimetres)
        size = Dimensions(length, width, height, round(box.kilograms * _GRAMS_PER_KILOGRAM))
    else:
        text = "must have inches and pounds, or centimetres and kilograms"
        raise InvalidInput([FieldProblem(path, "recovery.package_shape", text)])
    return Package(device=box.device, quantity=box.quantity, size=size)
