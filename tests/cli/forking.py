"""Commands as processes of their own, forked from one that has imported them: that takes longer than most commands."""

import multiprocessing
import os
import subprocess
import sys

from backhaul.cli import main

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", __name__])


def run(arguments, *, folder, environment, timeout):
    """Run a command to its end; the folder is for what it prints meanwhile."""
    printed = [folder / name for name in ("stdout", "stderr")]
    process = FORKS.Process(target=_command, args=(arguments, printed, environment))
    process.start()
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise subprocess.TimeoutExpired(arguments, timeout)
    return subprocess.CompletedProcess(
        arguments, process.exitcode, *(path.read_text(encoding="utf-8") for path in printed)
    )


def _command(arguments, printed, environment):
    for number, path in enumerate(printed, 1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["backhaul", *arguments]
    main()
