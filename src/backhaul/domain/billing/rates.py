"""What the warehouse's work and sending something on cost: a rate card, read once at start. Pure after that."""

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import msgspec

from backhaul.domain.billing.errors import NoRate, RateCardInvalid
from backhaul.domain.billing.model import Quote, QuoteLine
from backhaul.domain.billing.wallet.model import FeeKind
from backhaul.kernel.countries import is_country
from backhaul.kernel.money import Money

PACKAGED_CARD = Path(__file__).with_name("rate_card.toml")
CHARGED = (FeeKind.PROCESS, FeeKind.VERIFY)  # fees whose amount the card says; others are quoted
LABEL, PACKAGING = "reship.label", "reship.packaging"
_KILOGRAM = 1000


class ZoneCode(StrEnum):
    """How far something goes."""

    DOMESTIC = "domestic"
    REGIONAL = "regional"
    INTERCONTINENTAL = "intercontinental"
    ELSEWHERE = "elsewhere"


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rates of a zone, by weight."""

    text: str
    steps: tuple[tuple[int, int], ...]  # (up to so many grams, amount in minor units), rising
    per_kilogram_beyond: int

    def rate_minor(self, weight_grams: int) -> int:
        """Return what a label for so much weight costs."""
        for up_to_grams, amount_minor in self.steps:
            if weight_grams <= up_to_grams:
                return amount_minor
        heaviest, amount_minor = self.steps[-1]
        started = -(-(weight_grams - heaviest) // _KILOGRAM)
        return amount_minor + started * self.per_kilogram_beyond


class RateCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every fee and rate of this installation."""

    currency: str
    packaging: int
    max_grams: int
    fees: dict[FeeKind, int]
    regions: dict[str, tuple[str, ...]]
    zones: dict[ZoneCode, Zone]
    not_served: tuple[str, ...] = ()

    def fee(self, kind: FeeKind) -> Money:
        """Return what a piece of the warehouse's work costs."""
        return Money(self.fees[kind], self.currency)

    def zone(self, origin_country: str, to_country: str) -> ZoneCode:
        """Return how far it is from one country to another."""
        if origin_country == to_country:
            return ZoneCode.DOMESTIC
        origin, destination = self._region(origin_country), self._region(to_country)
        if destination is None:
            return ZoneCode.ELSEWHERE
        return ZoneCode.REGIONAL if origin == destination else ZoneCode.INTERCONTINENTAL

    def _region(self, country: str) -> str | None:
        return next((name for name, countries in self.regions.items() if country in countries), None)


def quote_reship(
    card: RateCard, *, origin_country: str, to_country: str, weight_grams: int, parcels: int
) -> Quote:
    """Return what sending parcels on, packed as one shipment, costs: a line for its label, one for packaging.

    Refuses where nothing is sent to, and what is too heavy. Countries are ISO 3166-1 alpha-2.
    """
    if weight_grams <= 0 or parcels <= 0:
        raise ValueError("a reshipment has at least one parcel and weighs something")
    if to_country in card.not_served or weight_grams > card.max_grams:
        raise NoRate(
            origin=origin_country, to=to_country, weight_grams=weight_grams, max_grams=card.max_grams
        )
    zone = card.zones[card.zone(origin_country, to_country)]
    times = f" × {parcels}" if parcels > 1 else ""
    lines = (
        QuoteLine(LABEL, f"Label {zone.text}, {weight_grams} g", zone.rate_minor(weight_grams)),
        QuoteLine(PACKAGING, f"Packaging{times}", card.packaging * parcels),
    )
    return Quote(lines, Money(sum(line.amount_minor for line in lines), card.currency))


def load(path: Path = PACKAGED_CARD) -> RateCard:
    """Read and check a rate card; refuses with everything that is wrong with it."""
    try:
        card = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), RateCard)
    except OSError as error:
        raise RateCardInvalid(path=path, problems=error.strerror or str(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RateCardInvalid(path=path, problems=str(error)) from error
    found = list(_problems(card))
    if found:
        raise RateCardInvalid(path=path, problems="; ".join(found))
    return card


def _problems(card: RateCard) -> Iterable[str]:
    if not (len(card.currency) == 3 and card.currency.isascii() and card.currency.isupper()):  # noqa: PLR2004 -- ISO 4217
        yield f"currency {card.currency!r} is not an ISO 4217 code such as USD"
    for kind in CHARGED:
        if kind not in card.fees:
            yield f"fees has no {kind.value}"
    amounts = {"packaging": card.packaging, **{f"fees.{kind.value}": fee for kind, fee in card.fees.items()}}
    for name, amount in amounts.items():
        if amount < 0:
            yield f"{name} must not be negative"
    if card.max_grams <= 0:
        yield "max_grams must be more than zero"
    for code in ZoneCode:
        if code not in card.zones:
            yield f"there is no section zones.{code.value}"
    for code, zone in card.zones.items():
        yield from (f"zones.{code.value}: {problem}" for problem in _zone_problems(zone))
    yield from _country_problems(card)


def _zone_problems(zone: Zone) -> Iterable[str]:
    if not zone.steps:
        yield "steps has none"
    if any(later <= earlier for earlier, later in pairwise((0, *(grams for grams, _ in zone.steps)))):
        yield "the grams of steps must be above zero and rise"
    if zone.per_kilogram_beyond < 0 or any(amount < 0 for _, amount in zone.steps):
        yield "a rate must not be negative"


def _country_problems(card: RateCard) -> Iterable[str]:
    seen: dict[str, str] = {}
    for region, countries in (*card.regions.items(), ("not_served", card.not_served)):
        for country in countries:
            if not is_country(country):
                yield f"{region}: {country} is not an ISO 3166-1 code such as US"
            elif region != "not_served" and seen.setdefault(country, region) != region:
                yield f"{region}: {country} is in {seen[country]} already"
