"""What the demo does, in the open: each command and each request is shown before what came of it."""

import contextlib
import io
import os
import shlex
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx2
import typer
from rich.console import Console
from rich.markup import escape

from backhaul.kernel.errors import DomainError

PAUSE_SECONDS = 0.2
TAB = 4
Seen = TypeVar("Seen")


class DemoFailed(Exception):
    """The demo did not come to its end."""


class Terminal:
    """A person at a terminal: types commands, asks public interfaces, waits for nothing longer than `seconds`."""

    def __init__(self, console: Console, context: typer.Context, *, seconds: float) -> None:
        self.console = console
        self._program = context.find_root().command
        self._seconds = seconds

    def title(self, text: str) -> None:
        """Begin a part."""
        self.console.print(f"\n[bold underline]{escape(text)}[/bold underline]")

    def say(self, text: str) -> None:
        """Show some lines below what they came of."""
        for line in text.splitlines():
            self.console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)

    def run(self, *words: str, hides: bool = False) -> str:
        """Run a command of this program, in this process, and return what it printed; `hides` is for secrets."""
        self.console.print(
            f"[bold]$ backhaul {escape(shlex.join(words))}[/bold]", highlight=False, soft_wrap=True
        )
        printed = self.run_unseen(*words)
        self.say("(a secret, not shown)" if hides else printed)
        return printed

    def run_unseen(self, *words: str) -> str:
        """Run a command without a trace on the screen; fails when it was refused."""
        try:
            return self._invoke(words)
        except DomainError as refusal:
            raise DemoFailed(f"backhaul {shlex.join(words)}: {refusal.code}: {refusal}") from refusal

    def run_until_granted(self, code: str, *words: str, waits_for: str) -> str:
        """Run a command again and again while it is refused with this code; only the last time is shown."""

        def attempt() -> str | None:
            try:
                return self._invoke(words)
            except DomainError as refusal:
                if refusal.code != code:
                    raise DemoFailed(f"backhaul {shlex.join(words)}: {refusal.code}: {refusal}") from refusal
                return None

        printed = self.wait_for(attempt, what=waits_for)
        self.console.print(
            f"[bold]$ backhaul {escape(shlex.join(words))}[/bold]", highlight=False, soft_wrap=True
        )
        self.say(printed)
        return printed

    def ask(
        self, http: httpx2.Client, method: str, path: str, *, shown: str | None = None, **options: Any
    ) -> httpx2.Response:
        """Send a request and show how it was answered, under the path or as `shown`; fails unless that is a success."""
        answer = http.request(method, path, **options)
        line = f"[bold]{method} {escape(shown or path)}[/bold] → {answer.status_code}"
        self.console.print(line, highlight=False, soft_wrap=True)
        if not answer.is_success:
            raise DemoFailed(f"{method} {path} was answered {answer.status_code}: {answer.text}")
        return answer

    def wait_for(self, look: Callable[[], Seen | None], *, what: str) -> Seen:
        """Look until there is something to see, and return it."""
        deadline = time.monotonic() + self._seconds
        with self.console.status(f"waiting for {what}"):
            while time.monotonic() < deadline:
                seen = look()
                if seen is not None:
                    return seen
                time.sleep(PAUSE_SECONDS)
        raise DemoFailed(f"waited in vain for {what}")

    def _invoke(self, words: tuple[str, ...]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exit_code = self._program.main(list(words), prog_name="backhaul", standalone_mode=False)
        if exit_code:
            raise DemoFailed(f"backhaul {shlex.join(words)} ended with {exit_code}:\n{printed.getvalue()}")
        return printed.getvalue().expandtabs(TAB)


@contextlib.contextmanager
def settings_of_its_own(**settings: str) -> Iterator[None]:
    """Take the person's own settings away, so that no command reaches their data, and give them back afterwards."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("BACKHAUL_")}
    mine = {f"BACKHAUL_{name.upper()}": value for name, value in settings.items()}
    os.environ.update(mine)
    try:
        yield
    finally:
        for name in mine:
            os.environ.pop(name, None)
        os.environ.update(kept)
