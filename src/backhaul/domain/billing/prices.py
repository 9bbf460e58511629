"""What things cost: a price list by plan, read once at start."""

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import msgspec

from backhaul.domain.billing.errors import PriceListInvalid
from backhaul.domain.billing.model import Quote, QuoteLine
from backhaul.domain.identity.model import Plan
from backhaul.kernel.money import Money

PACKAGED_LIST = Path(__file__).with_name("price_list.toml")
_FULL = 10_000  # basis points


class PriceCode(StrEnum):
    """What has a price (contract §1.8)."""

    TRANSFER_FLAT = "transfer.flat"
    CARRIER_REQUIRED = "option.carrier_required"  # per leg
    RUSH = "option.rush"  # per leg
    INSURANCE = "option.insurance"  # a share of the insured amount
    PICKUP = "option.pickup"
    BOX_WAIVED = "discount.box_waived"

    @property
    def is_discount(self) -> bool:
        """Whether it lowers the bill."""
        return self.value.startswith("discount.")


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an amount."""

    basis_points: int
    minimum_minor: int = 0

    def of(self, amount_minor: int) -> int:
        """Return the share, rounded half up to the minor unit, at least the minimum."""
        return max(self.minimum_minor, (amount_minor * self.basis_points + _FULL // 2) // _FULL)


class PricedItem(msgspec.Struct, frozen=True):
    """Something to be priced."""

    code: PriceCode
    quantity: int = 1
    amount_minor: int = 0  # what a share is taken of; nothing of nothing costs nothing


class PriceList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every price of this installation."""

    currency: str
    texts: dict[PriceCode, str]
    plans: dict[Plan, dict[PriceCode, int | Share]]

    def quote(self, plan: Plan, items: Iterable[PricedItem]) -> Quote:
        """Return the bill for some items on a plan."""
        lines = [line for item in items if (line := self._line(plan, item)) is not None]
        total = sum(line.amount_minor for line in lines)
        if total < 0:
            lines.append(QuoteLine("discount.limit", "Discounts end at zero", -total))
            total = 0
        return Quote(tuple(lines), Money(total, self.currency))

    def _line(self, plan: Plan, item: PricedItem) -> QuoteLine | None:
        if item.quantity < 0 or item.amount_minor < 0:
            raise ValueError(f"{item.code.value}: quantity and amount are never negative")
        price = self.plans[plan][item.code]
        text = self.texts[item.code]
        if isinstance(price, Share):
            if item.amount_minor == 0:
                return None
            return QuoteLine(item.code.value, text, price.of(item.amount_minor))
        if item.quantity == 0:
            return None
        times = f" × {item.quantity}" if item.quantity > 1 else ""
        return QuoteLine(item.code.value, text + times, price * item.quantity)


def load(path: Path = PACKAGED_LIST) -> PriceList:
    """Read and check a price list; refuses with everything that is wrong with it."""
    try:
        prices = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), PriceList)
    except OSError as error:
        raise PriceListInvalid(path=path, problems=error.strerror or str(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PriceListInvalid(path=path, problems=str(error)) from error
    found = list(_problems(prices))
    if found:
        raise PriceListInvalid(path=path, problems="; ".join(found))
    return prices


def _problems(prices: PriceList) -> Iterable[str]:
    if not (len(prices.currency) == 3 and prices.currency.isascii() and prices.currency.isupper()):  # noqa: PLR2004 -- ISO 4217
        yield f"currency {prices.currency!r} is not an ISO 4217 code such as USD"
    for code in PriceCode:
        if not prices.texts.get(code, "").strip():
            yield f"texts has no {code.value}"
    for plan in Plan:
        if plan not in prices.plans:
            yield f"there is no section plans.{plan.value}"
            continue
        for code in PriceCode:
            yield from _price_problems(
                f"plans.{plan.value}: {code.value}", code, prices.plans[plan].get(code)
            )


def _price_problems(where: str, code: PriceCode, price: int | Share | None) -> Iterable[str]:
    if price is None:
        yield f"{where} is missing"
    elif isinstance(price, Share):
        if code is not PriceCode.INSURANCE:
            yield f"{where} is a plain amount, not a share"
        elif price.basis_points < 0 or price.minimum_minor < 0:
            yield f"{where} must not be negative"
    elif code is PriceCode.INSURANCE:
        yield f"{where} is a share: {{ basis_points = …, minimum_minor = … }}"
    elif code.is_discount and price > 0:
        yield f"{where} is a discount and must not be positive"
    elif not code.is_discount and price < 0:
        yield f"{where} must not be negative"
