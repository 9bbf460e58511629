"""HTTP/1.1 on one connection: uvicorn's protocol, and a bound to what a silent or talkative client may cost.

The protocol counts, and one sweep a second over all connections looks at the clock: no request sets a timer.
"""

import enum
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 30.0  # how long the lines before a body may take to arrive
MAX_HEAD_BYTES = 65_536  # and how long they may be together; the lines after a chunked body as well
BODY_STILL_SECONDS = 30.0  # a mobile network that is lost for longer seldom comes back
BODY_SECONDS = 120.0  # the largest body (http.max_body_bytes, 1 MiB) over 70 kbit/s

_SEPARATORS = len(": \r\n")
_INVALID = b"Invalid HTTP request received."
_TOO_LARGE = b"The request's head is too large."
_TOO_SLOW = b"The request's body took too long."


class _Part(enum.Enum):
    """What of a request has begun to arrive and is not complete."""

    NOTHING = enum.auto()
    HEAD = enum.auto()
    BODY = enum.auto()


class _HeadTooLarge(Exception):
    """Too many bytes of fields."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn bounds idle connections after their first answer; this bounds everything a client may be slow with."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._part = _Part.NOTHING
        self._field_bytes = 0
        self._unread_bytes = 0  # of a line that is not complete, except its first read
        self._since: float | None = None  # when the sweep first saw this part unfinished
        self._moved_at = 0.0
        self._has_moved = False
        # uvicorn's own `cycle` is the newest, which may wait in its `pipeline` behind this one.
        self._answering: RequestResponseCycle | None = None
        self._is_over = False  # what else arrives is not read

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._is_over:
            return
        self._unread_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as paused:
            self._read_without_upgrade(data[paused.args[0] :])
        except httptools.HttpParserError as error:
            is_large = isinstance(error.__context__, _HeadTooLarge)
            self._refuse(b"400 Bad Request", _TOO_LARGE if is_large else _INVALID)
        else:
            if max(self._unread_bytes, self._field_bytes) > MAX_HEAD_BYTES:
                self._refuse(b"400 Bad Request", _TOO_LARGE)

    def _read_without_upgrade(self, rest: bytes) -> None:
        # No other protocol is spoken here (RFC 9110 7.8 lets us ignore the wish), but the parser has taken the body for
        # the other protocol's: the request is read again as if it had not asked.
        lines = [name + b": " + value for name, value in self.headers if name != b"upgrade"]
        version = self.parser.get_http_version().encode()
        start = b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join([start, *lines, b"", rest]))

    # What the parser reports.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._enter(_Part.HEAD)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Keep a piece of the request's target."""
        self._unread_bytes = 0
        self._field_bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field of the head. Those after a body are dropped: RFC 9110 6.5.1 forbids to merge them."""
        self._unread_bytes = 0
        self._field_bytes += len(name) + len(value) + _SEPARATORS
        if self._part is _Part.HEAD:
            HttpToolsProtocol.on_header(self, name, value)  # cheaper than super(), and each field pays

    def on_headers_complete(self) -> None:
        """Start the request, or queue it behind those before it."""
        if self._field_bytes > MAX_HEAD_BYTES:
            raise _HeadTooLarge
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise ValueError("this is no proxy")
            return
        super().on_headers_complete()
        self._enter(_Part.BODY)

    def on_body(self, body: bytes) -> None:
        """Hand a piece of the body on."""
        self._unread_bytes = 0
        self._has_moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request has arrived as a whole."""
        if self._part is _Part.BODY:
            super().on_message_complete()
        self._enter(_Part.NOTHING)

    def _enter(self, part: _Part) -> None:
        self._part = part
        self._since = None
        self._unread_bytes = self._field_bytes = 0

    # What becomes of the answers.

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with the next request that is already here, as uvicorn does, but set no timer when there is none."""
        self.server_state.total_requests += 1
        if self._is_over and not self.pipeline:
            self.transport.close()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    def _owes_answers(self) -> bool:
        """Return whether a request before the one that arrives is still unanswered."""
        answering = self._answering
        if answering is None or answering.response_complete:
            return False
        return self._part is not _Part.BODY or answering is not self.cycle

    def _refuse(self, status: bytes, text: bytes) -> None:
        """Read no more, and close once everything that arrived before is answered."""
        self._is_over = True
        is_begun = self._part is _Part.BODY
        if self._owes_answers():
            if is_begun:
                self.pipeline.popleft()
            return  # an answer now would be taken for that of an earlier request
        if not (is_begun and self.cycle.response_started):
            fields = [
                *self.server_state.default_headers,
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", b"%d" % len(text)),
                (b"connection", b"close"),
            ]
            lines = [b"HTTP/1.1 " + status, *(name + b": " + value for name, value in fields), b"", text]
            self.transport.write(b"\r\n".join(lines))
        self._leave()
        self.transport.close()

    # What ends by itself.

    def sweep(self, now: float) -> None:
        """Close the connection when its client has been silent or slow for too long; `now` in seconds of any clock."""
        if self._since is None or self._owes_answers():
            self._since = self._moved_at = now
        elif self._has_moved or self.flow.read_paused:  # when we do not read, the client cannot write
            self._moved_at = now
        self._has_moved = False
        seconds = now - self._since
        if self._is_over:
            return
        if self._part is _Part.BODY:
            if seconds > BODY_SECONDS or now - self._moved_at > BODY_STILL_SECONDS:
                self._refuse(b"408 Request Timeout", _TOO_SLOW)
        elif seconds > (HEAD_SECONDS if self._part is _Part.HEAD else self.timeout_keep_alive):
            self.transport.close()

    def cut_off(self) -> None:
        """Close at once, whatever is unanswered."""
        self._leave()
        self.transport.abort()

    def _leave(self) -> None:
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering.message_event.set()
