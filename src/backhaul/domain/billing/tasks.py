"""The names of billing's jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import Backoff, declare

collect = declare("billing.collect", retry=Backoff(attempts=8, first_seconds=5))
pay_refund = declare("billing.refund", retry=Backoff(attempts=12, first_seconds=5))
