"""The names of billing's jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import OUTAGE, declare

collect = declare("billing.collect", retry=OUTAGE)
pay_refund = declare("billing.refund", retry=OUTAGE)
