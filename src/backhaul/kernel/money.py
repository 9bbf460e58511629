"""Money is integers in minor units and an ISO 4217 currency; decimals exist only at a dialect's edge."""

import msgspec


class Money(msgspec.Struct, frozen=True, order=True):
    """An amount, for example 8500 USD cents."""

    amount_minor: int
    currency: str = "USD"

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __str__(self) -> str:
        """Return the amount as sentences name it, such as `1,420.00 USD`; minor units are hundredths."""
        whole, hundredths = divmod(abs(self.amount_minor), 100)
        return f"{'-' if self.amount_minor < 0 else ''}{whole:,}.{hundredths:02} {self.currency}"
