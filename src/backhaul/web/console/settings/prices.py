"""What things cost at this installation: the price list by plan, and the rate card of the warehouse."""

from litestar.response.base import ASGIResponse

from backhaul.domain.billing.prices import PriceCode, PriceList, Share
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.identity import Plan, Right
from backhaul.kernel.countries import country_name
from backhaul.kernel.money import Money
from backhaul.web.console.declaring import shows
from backhaul.web.console.money.words import FEES
from backhaul.web.console.visiting import Visit
from backhaul.web.console.wording import money_text

PATH = "/settings/prices"


async def view(visit: Visit) -> ASGIResponse:
    """Show the price list and the rate card."""
    prices: PriceList = visit.port(PriceList)
    card: RateCard = visit.port(RateCard)
    rows = [
        (prices.texts[code], [_written(prices.plans[plan][code], prices.currency) for plan in Plan])
        for code in PriceCode
    ]
    return visit.page(
        "settings/prices.html",
        title="Prices",
        heads=[(plan.value.capitalize(), None, "num") for plan in Plan],
        rows=rows,
        card_of=card,
        not_served=", ".join(country_name(code) for code in card.not_served),
        fees=FEES,
        Money=Money,
    )


def _written(price: int | Share, currency: str) -> str:
    if not isinstance(price, Share):
        return money_text(Money(price, currency))
    percent = f"{price.basis_points / 100:g}%"
    least = Money(price.minimum_minor, currency)
    return (
        f"{percent} of the value, at least {money_text(least)}"
        if price.minimum_minor
        else f"{percent} of the value"
    )


HANDLERS = [shows(PATH, view, right=Right.INSTALLATION_OPERATE)]
