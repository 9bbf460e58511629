"""Which item goes into which parcel: by the campaign's packages. Pure."""

from collections.abc import Sequence

import msgspec

from backhaul.domain.recovery.model import NewItem, Package


class Packed(msgspec.Struct, frozen=True):
    """A parcel to be sent: a package, and the positions (from 1) of what is in it."""

    package: Package
    positions: tuple[int, ...]


def pack(items: Sequence[NewItem], packages: Sequence[Package]) -> tuple[Packed, ...]:
    """Return the parcels for some items, in the order in which they are begun.

    An item belongs into the package whose device its name holds, the longest such name first, else into the first one.
    A parcel takes as many items as its package says.
    """
    parcels: list[tuple[Package, list[int]]] = []
    for position, item in enumerate(items, 1):
        package = package_for(item.name, packages)
        for begun, positions in parcels:
            if begun is package and len(positions) < package.quantity:
                positions.append(position)
                break
        else:
            parcels.append((package, [position]))
    return tuple(Packed(package, tuple(positions)) for package, positions in parcels)


def package_for(name: str, packages: Sequence[Package]) -> Package:
    """Return the package that a thing of this name belongs into."""
    wanted = " ".join(name.casefold().split())
    by_length = sorted(packages, key=lambda package: -len(package.device))
    for package in by_length:
        if " ".join(package.device.casefold().split()) in wanted:
            return package
    return packages[0]
