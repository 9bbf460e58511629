"""The names of shipping's jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import OUTAGE, declare

buy_label = declare("shipping.buy_label", retry=OUTAGE)
void_label = declare("shipping.void_label", retry=OUTAGE)
book_pickup = declare("shipping.book_pickup", retry=OUTAGE)
cancel_pickup = declare("shipping.cancel_pickup", retry=OUTAGE)
