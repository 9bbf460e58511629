"""The names of notify's jobs, so that operations can enqueue what `jobs` carries out."""

from backhaul.jobqueue import Backoff, declare

send = declare("notify.send", retry=Backoff(attempts=10, first_seconds=10))
