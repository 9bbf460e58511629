"""What receivers get, as tests follow it."""

from datetime import timedelta

from standardwebhooks import Webhook

from backhaul.domain.webhooks import DeliveryStatus

HOUR = timedelta(hours=1)


def url(receiver, path="/hook"):
    return f"http://127.0.0.1:{receiver.port}{path}"


async def live(office, span):
    """Let time pass from one due attempt to the next; return the instants at which attempts were made."""
    end, times = office.now + span, []
    while True:
        if await office.send():
            times.append(office.now)
        due = [found.next_attempt_at for found in await office.deliveries(status=DeliveryStatus.PENDING)]
        following = min((at for at in due if at > office.now), default=end)
        office.clock.advance(min(following, end) - office.now)
        if office.now >= end:
            return times


def verify(secret, request, monkeypatch, *, at):
    """Check a request with the reference library, which reads the machine's clock."""
    _, headers, body = request

    class Then:
        @classmethod
        def now(cls, tz=None):
            return at.astimezone(tz)

        @classmethod
        def fromtimestamp(cls, *arguments, **named):
            return type(at).fromtimestamp(*arguments, **named)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)
    return Webhook(secret).verify(body, headers)
