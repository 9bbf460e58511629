"""Whose rights the database programs run with. PostgreSQL refuses to run as root, and rightly.

As a normal user: that user. As root: the account `backhaul` if the system has one, otherwise a number that
belongs to nobody. A number, because any existing account (`nobody` above all) is shared with strangers, who
could then read the files, enter the socket and signal the server; and because an account is not ours to add
to /etc/passwd.
"""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from backhaul.storage.embedded.errors import AccountMissing

OWN_NAME = "backhaul"
# systemd leaves 60578-61183 unassigned, useradd ends at 60000, and 16-bit user namespaces still hold it
FREE_NUMBERS = range(60947, 61183)

# nothing of the caller's environment may redirect the programs: PGDATA, PGOPTIONS, LD_LIBRARY_PATH, locale
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "2"}


@dataclass(frozen=True)
class Account:
    """A user and group by number; neither needs a name on this system."""

    uid: int
    gid: int


def is_root() -> bool:
    """Say whether this process may, and therefore must, drop to another account."""
    return os.geteuid() == 0


def choose() -> Account:
    """Return the account a new cluster is given."""
    if not is_root():
        return Account(os.geteuid(), os.getegid())
    try:
        own = pwd.getpwnam(OWN_NAME)
    except KeyError:
        own = None
    if own is not None and own.pw_uid != 0:
        return Account(own.pw_uid, own.pw_gid)
    number = next(number for number in FREE_NUMBERS if not _has_name(number))
    return Account(number, number)


def for_initdb(account: Account) -> Account:
    """Return who runs initdb for `account`: initdb wants a user with a name, the server does not.

    A nameless account borrows `nobody`'s for that half second, but keeps its own group, and only that group
    may enter the folder: other processes of `nobody` cannot reach the files, which change owner before they
    are first used.
    """
    if _has_name(account.uid):
        return account
    if not is_root():
        raise AccountMissing(uid=account.uid, reason="it has no entry in the system's list of users.")
    named = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    if not named:
        raise AccountMissing(uid=account.uid, reason="the system knows no user but root.")
    lender = next((entry for entry in named if entry.pw_name == "nobody"), named[-1])
    return Account(lender.pw_uid, account.gid)


def run(
    argv: Sequence[object],
    account: Account,
    *,
    timeout_seconds: float,
    output: IO[str] | None = None,
    keep_open: Sequence[int] = (),
    extra_environment: Mapping[str, str] = ENVIRONMENT,
) -> subprocess.CompletedProcess[str]:
    """Run a program with the rights of `account`; its output is captured, or goes to the file `output`."""
    drop = is_root()
    try:
        return subprocess.run(  # noqa: S603 — our own programs, no shell, nothing from outside in the words
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.STDOUT if output else subprocess.PIPE,
            text=True,
            errors="replace",
            env={**ENVIRONMENT, **extra_environment},
            cwd="/",  # the caller's folder may be closed to the account
            user=account.uid if drop else None,
            group=account.gid if drop else None,
            extra_groups=[] if drop else None,
            umask=0o077,
            pass_fds=tuple(keep_open),
            timeout=timeout_seconds,
            check=False,
        )
    except OSError as failure:
        if not drop or failure.filename == str(argv[0]):
            raise
        # not the program but the change of user failed: a user namespace without that number
        reason = f"the system does not let root become it ({failure.strerror})."
        raise AccountMissing(uid=account.uid, reason=reason) from failure


def can_enter(folder: Path, account: Account) -> bool:
    """Try whether `account` may pass into `folder`: permission bits alone would not show ACLs."""
    return run(["/bin/sh", "-c", 'test -x "$1"', "sh", folder], account, timeout_seconds=10).returncode == 0


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
