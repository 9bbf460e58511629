"""Payments through Stripe: plain HTTPS, no SDK. Off unless `billing.gateway` says so. Start with `gateway`.

Nobody is at the screen when money is taken: each organization has a customer at Stripe with a default payment
method, and whatever needs its holder's attention counts as declined. No webhooks: answers are asked for.
"""

from backhaul.adapters.payments.stripe.gateway import StripeGateway

__all__ = ["StripeGateway"]
