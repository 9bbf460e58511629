"""The names of notify's jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import OUTAGE, declare

send = declare("notify.send", retry=OUTAGE)
