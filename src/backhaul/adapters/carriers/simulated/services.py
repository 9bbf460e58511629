"""The rate card: which services a carrier has for a parcel, their prices and promised days."""

from functools import cache
from importlib.resources import files

import msgspec

from backhaul.adapters.carriers.simulated.zones import Geography, zone_of
from backhaul.domain.shipping.errors import CarrierRefused
from backhaul.domain.shipping.model import CarrierCode, Parcel, Rate
from backhaul.kernel.money import Money


class Price(msgspec.Struct, frozen=True):
    """A service in one zone."""

    days: int
    minor: tuple[int, ...]  # one for each weight break


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One product of one carrier."""

    carrier: CarrierCode
    code: str
    name: str
    letter: str
    prices: dict[str, Price]  # by zone
    breaks_grams: tuple[int, ...]
    digits: str = ""  # the service inside a UPS number
    is_rush: bool = False
    origins: tuple[str, ...] | None = None  # countries it starts from; None means everywhere


class Insurance(msgspec.Struct, frozen=True):
    """What it costs to insure a parcel."""

    included_minor: int
    fee_minor: int
    step_minor: int
    limit_minor: int


class RateCard(Geography, frozen=True, kw_only=True):
    """The file rates.toml."""

    currency: str
    insurance: Insurance
    service: tuple[Service, ...]


@cache
def rate_card() -> RateCard:
    """Return the rate card of this package."""
    return msgspec.toml.decode(files(__package__).joinpath("rates.toml").read_bytes(), type=RateCard)


def service_of(carrier: CarrierCode, code: str) -> Service | None:
    """Return a service by its code, or None for one bought elsewhere."""
    return next((s for s in rate_card().service if s.carrier == carrier and s.code == code), None)


def quotes(carrier: CarrierCode, parcel: Parcel) -> list[tuple[Service, Rate]]:
    """Return what a carrier offers for a parcel, cheapest first; nothing if route or weight are not served.

    A parcel in a hurry is offered rush services alone, if there are any.
    """
    card = rate_card()
    zone = zone_of(card, parcel.origin, parcel.destination)
    fee = _insurance_fee(carrier, parcel)
    found = []
    for service in card.service:
        if service.carrier is not carrier or not _starts_from(service, parcel.origin.country_code):
            continue
        price = service.prices.get(zone)
        column = _column(service, parcel.size.weight_grams)
        if price is None or column is None:
            continue
        cost = Money(price.minor[column] + fee, card.currency)
        found.append((service, Rate(carrier=carrier, service=service.code, cost=cost, days=price.days)))
    in_a_hurry = [offer for offer in found if offer[0].is_rush] if parcel.is_rush else []
    return sorted(in_a_hurry or found, key=_by_cost)


def choose(carrier: CarrierCode, parcel: Parcel) -> tuple[Service, Rate]:
    """Return the service to buy: the one asked for, the fastest in a hurry, else the cheapest."""
    offers = quotes(carrier, parcel)
    if parcel.service is not None:
        offers = [offer for offer in quotes(carrier, _unhurried(parcel)) if offer[0].code == parcel.service]
    if not offers:
        route = f"{parcel.origin.country_code} to {parcel.destination.country_code}"
        what = f"{route} with {parcel.size.weight_grams} g"
        raise CarrierRefused(carrier=carrier.value, reason=f"no {parcel.service or 'service'} from {what}")
    if parcel.is_rush:
        return min(offers, key=_by_days)
    return offers[0]


def _by_cost(offer: tuple[Service, Rate]) -> tuple[int, int, str]:
    service, rate = offer
    return rate.cost.amount_minor, rate.days, service.code


def _by_days(offer: tuple[Service, Rate]) -> tuple[int, int, str]:
    service, rate = offer
    return rate.days, rate.cost.amount_minor, service.code


def _unhurried(parcel: Parcel) -> Parcel:
    return msgspec.structs.replace(parcel, is_rush=False)


def _starts_from(service: Service, country_code: str) -> bool:
    return service.origins is None or country_code.upper() in service.origins


def _column(service: Service, weight_grams: int) -> int | None:
    return next((i for i, limit in enumerate(service.breaks_grams) if weight_grams <= limit), None)


def _insurance_fee(carrier: CarrierCode, parcel: Parcel) -> int:
    if parcel.insured is None:
        return 0
    card = rate_card()
    terms = card.insurance
    if parcel.insured.currency != card.currency:
        raise CarrierRefused(carrier=carrier.value, reason=f"parcels are insured in {card.currency} only")
    if parcel.insured.amount_minor > terms.limit_minor:
        limit = f"{terms.limit_minor // 100} {card.currency}"
        raise CarrierRefused(carrier=carrier.value, reason=f"parcels are insured up to {limit}")
    beyond = max(0, parcel.insured.amount_minor - terms.included_minor)
    return -(-beyond // terms.step_minor) * terms.fee_minor
