"""The names of shipping's jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import Backoff, declare

buy_label = declare("shipping.buy_label", retry=Backoff(attempts=8, first_seconds=5))
void_label = declare("shipping.void_label", retry=Backoff(attempts=8, first_seconds=30))
book_pickup = declare("shipping.book_pickup", retry=Backoff(attempts=8, first_seconds=5))
cancel_pickup = declare("shipping.cancel_pickup", retry=Backoff(attempts=8, first_seconds=30))
