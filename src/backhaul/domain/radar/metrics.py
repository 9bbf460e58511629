"""What an operator sees of exceptions over time: those open are what was opened less what was closed."""

from prometheus_client import Counter

OPENED = Counter("parcel_exceptions_opened", "Exceptions opened by kind.", ["kind"])
CLOSED = Counter("parcel_exceptions_closed", "Exceptions that closed by themselves by kind.", ["kind"])
