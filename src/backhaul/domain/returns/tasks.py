"""The names of returns' jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import OUTAGE, declare

open_return = declare("returns.open_return", retry=OUTAGE)
remove_photos = declare("returns.remove_photos", retry=OUTAGE)
