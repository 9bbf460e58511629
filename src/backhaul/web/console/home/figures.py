"""The figures of the first page as charts and tables take them. Pure."""

from datetime import UTC, datetime, timedelta

import msgspec

from backhaul.domain.overview import AGES, Needs, Progress, Spent, Stage
from backhaul.kernel.money import Money

Bars = list[tuple[str, float]]

STAGES = {
    Stage.OPENED: "Opened",
    Stage.BOX: "Box sent",
    Stage.DEVICE: "Box arrived",
    Stage.RETURNING: "Device sent",
    Stage.RECEIVED: "Received",
}
_WEEKS = 12


class Share(msgspec.Struct, frozen=True):
    """A bar beside its figure."""

    label: str
    count: int
    percent: int  # of the longest bar


class Month(msgspec.Struct, frozen=True):
    """What was spent in one currency since the first of the month, and on each day."""

    total: Money
    days: Bars


def is_new(progress: Progress) -> bool:
    """Tell whether nothing was ever expected back."""
    return progress.reached[Stage.OPENED] == 0 and progress.open_cases == 0 and not progress.weeks


def stages(progress: Progress) -> list[Share]:
    """Return how many cases got how far."""
    return _shares([(STAGES[stage], count) for stage, count in progress.reached.items()])


def ages(progress: Progress) -> list[Share]:
    """Return how many open cases are how old."""
    starts = (0, *(days + 1 for days in AGES))
    labels = [f"{start}–{end} days" for start, end in zip(starts, AGES, strict=False)]
    return _shares(list(zip([*labels, f"Over {AGES[-1]} days"], progress.ages, strict=True)))


def weeks(progress: Progress, now: datetime) -> Bars:
    """Return the median days of each of the last twelve weeks; 0 where nothing arrived. Empty if nothing ever did."""
    if not progress.weeks:
        return []
    known = {week.starts_on: week.median_days for week in progress.weeks}
    today = now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    shown = [monday - timedelta(weeks=back) for back in reversed(range(_WEEKS))]
    return [(f"{day.day} {day:%b}", round(known.get(day, 0), 1)) for day in shown]


def months(needs: Needs, now: datetime) -> list[Month]:
    """Return what was spent this month, by currency."""
    by_currency: dict[str, list[Spent]] = {}
    for spent in needs.spent:
        by_currency.setdefault(spent.currency, []).append(spent)
    return [_month(currency, found, now) for currency, found in sorted(by_currency.items())]


def _month(currency: str, found: list[Spent], now: datetime) -> Month:
    of_day = {spent.on.day: spent.amount_minor for spent in found}
    days = range(1, now.astimezone(UTC).day + 1)
    return Month(
        Money(sum(of_day.values()), currency),
        [(f"{day} {now.astimezone(UTC):%b}", of_day.get(day, 0) / 100) for day in days],
    )


def _shares(counts: list[tuple[str, int]]) -> list[Share]:
    longest = max((count for _, count in counts), default=0) or 1
    return [Share(label, count, round(100 * count / longest)) for label, count in counts]
