"""Mailers, and carriers of text messages, that do as the test says."""

from backhaul.domain.notify import Mail, MailUnavailable, Text


class RecordingMailer:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)


class FailingMailer(RecordingMailer):
    """Raises the given error instead of sending; keeps what it was asked to send."""

    def __init__(self, error: BaseException | None = None) -> None:
        super().__init__()
        self.error = error or MailUnavailable(reason="the server is down")

    async def send(self, mail: Mail) -> None:
        await super().send(mail)
        raise self.error


class CrashingAfter:
    """Sends, and then dies before anybody hears of it."""

    def __init__(self, inner) -> None:
        self.inner = inner

    async def send(self, mail: Mail) -> None:
        await self.inner.send(mail)
        raise RuntimeError("the process died here")


class RecordingTexter:
    """Keeps what it was given, and raises if it is told to."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.texts: list[Text] = []

    async def send(self, text: Text) -> None:
        self.texts.append(text)
        if self.error is not None:
            raise self.error
