"""Where each item goes, and in which parcel: by the campaign's return addresses and their packages. Pure."""

from collections.abc import Sequence

import msgspec

from backhaul.domain.recovery.model import NewItem, Package, ReturnAddress


class Destination(msgspec.Struct, frozen=True):
    """Where a thing goes, in which package."""

    place: ReturnAddress
    package: Package


class Packed(msgspec.Struct, frozen=True):
    """A parcel to be sent: where to, and the positions (from 1) of what is in it."""

    place: ReturnAddress
    package: Package
    positions: tuple[int, ...]


def pack(
    items: Sequence[NewItem], places: Sequence[ReturnAddress], *, country_code: str
) -> tuple[Packed, ...]:
    """Return the parcels for some items of a person in a country, in the order in which they are begun.

    A parcel takes as many items as its package says; what goes elsewhere or into another package begins another.
    """
    parcels: list[tuple[Destination, list[int]]] = []
    for position, item in enumerate(items, 1):
        to = destination_for(item.name, places, country_code=country_code)
        for begun, positions in parcels:
            is_same = begun.place is to.place and begun.package is to.package
            if is_same and len(positions) < to.package.quantity:
                positions.append(position)
                break
        else:
            parcels.append((to, [position]))
    return tuple(Packed(to.place, to.package, tuple(positions)) for to, positions in parcels)


def destination_for(name: str, places: Sequence[ReturnAddress], *, country_code: str) -> Destination:
    """Return where a thing of this name goes from somebody in a country.

    Parcels stay in the country if they can. Of the addresses there (of all of them, where none is there) it is the
    first that has a package for such a device, else the first.
    """
    near = [place for place in places if place.address.country_code == country_code]
    candidates = near or list(places)
    for place in candidates:
        package = known_package(name, place.packages)
        if package is not None:
            return Destination(place, package)
    return Destination(candidates[0], candidates[0].packages[0])


def known_package(name: str, packages: Sequence[Package]) -> Package | None:
    """Return the package whose device a thing's name holds, the longest such first; None: no package knows it."""
    wanted = " ".join(name.casefold().split())
    by_length = sorted(packages, key=lambda package: -len(package.device))
    for package in by_length:
        if " ".join(package.device.casefold().split()) in wanted:
            return package
    return None
