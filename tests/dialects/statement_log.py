"""The statements that requests send to PostgreSQL, written down by a process that serves them."""

import asyncio
import re

import structlog

from backhaul.domain.identity.cache import Notice
from backhaul.storage.nudges import SEND

TENANT = re.compile(r"'[0-9a-f]{32}'")


class Log:
    """The statements that requests have sent."""

    def __init__(self):
        self._seen = []

    def __call__(self, record):
        # Called in the context of whoever sent it; only a request has a request id. Nudges are sent on behalf of one.
        if "request_id" in structlog.contextvars.get_contextvars() and record.query != SEND:
            one_by_one = [TENANT.sub("'{}'", statement) for statement in record.query.split(";")]
            self._seen += [statement for statement in one_by_one if statement]

    async def take(self):
        """Return them, and forget them."""
        await asyncio.sleep(0)  # the driver logs in the loop's next round
        taken, self._seen = self._seen, []
        return taken


def forget_callers(app):
    """Have the next request look its caller up, so that none of the next thirty seconds does it by itself."""
    app.litestar.state.serving.authenticator._heed(Notice())
