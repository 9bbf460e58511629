"""What billing refuses."""

from backhaul.kernel.errors import DomainError, Kind


class ChargeUnknown(DomainError):
    """No such charge in this organization."""

    code = "billing.charge_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no charge {charge_id}."


class ChargeMoveRefused(DomainError):
    """The charge's status does not allow this action."""

    code = "billing.move_refused"
    kind = Kind.CONFLICT
    message = "The charge is {status}; it cannot {action} now."


class RefundTooLarge(DomainError):
    """More would be given back than is left of the charge, or nothing at all."""

    code = "billing.refund_too_large"
    kind = Kind.CONFLICT
    message = (
        "{asked} cannot be refunded: {left} is left of the charge. Ask for at least 0.01 and at most that."
    )


class TopUpNotRefundable(DomainError):
    """A top-up was paid, or may have been; what is in a wallet may be spoken for."""

    code = "billing.top_up_not_refundable"
    kind = Kind.CONFLICT
    message = "The top-up {charge_id} was paid or is being paid: it is spent from the wallet, not given back."


class GatewayUnavailable(DomainError):
    """The payment gateway did not answer; the same call may be repeated with the same key."""

    code = "billing.gateway_unavailable"
    kind = Kind.UNAVAILABLE
    message = "The payment gateway {gateway} does not answer at the moment."


class GatewayRefused(DomainError):
    """The payment gateway refused for good; repeating the call is useless."""

    code = "billing.gateway_refused"
    kind = Kind.CONFLICT
    message = "The payment gateway {gateway} refused: {reason}"


class PriceListInvalid(DomainError):
    """The price list cannot be used; nothing starts with a wrong price."""

    code = "billing.price_list_invalid"
    kind = Kind.INVALID
    message = "The price list {path} cannot be used: {problems}"


class RateCardInvalid(DomainError):
    """The rate card cannot be used; nothing starts with a wrong rate."""

    code = "billing.rate_card_invalid"
    kind = Kind.INVALID
    message = "The rate card {path} cannot be used: {problems}"


class NoRate(DomainError):
    """Nothing is sent there, or not so much at once."""

    code = "billing.no_rate"
    kind = Kind.CONFLICT
    message = "There is no rate from {origin} to {to} for {weight_grams} g (at most {max_grams} g are sent at once)."
