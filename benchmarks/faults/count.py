"""What a class of faults came to: how many were tried, survived, lost."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

# Descriptions of losses that are kept; the count goes on.
SHOWN = 5
# What a file's life is made of; a process may be killed at any of them.
EVENTS = frozenset(
    ("open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "shutil.rmtree", "sqlite3.connect",
     "fcntl.flock", "os.chmod", "tempfile.mkdtemp")
)  # fmt: skip


@dataclass
class Count:
    """One row of the table. survived : refused in the open, or as if nothing had happened. lost : everything else."""

    name: str
    tried: int = 0
    lost: int = 0
    refused: int = 0
    losses: list[str] = field(default_factory=list)

    def add(self, loss: str | None, *, refused: bool = False) -> None:
        """One fault. loss : what went wrong, None where it was survived. refused : survived by an error in words."""
        self.tried += 1
        self.refused += refused
        if loss is not None:
            self.lost += 1
            if len(self.losses) < SHOWN:
                self.losses.append(loss[:300])

    def plus(self, other: Count) -> Count:
        """Both pieces of one class together."""
        losses = (self.losses + other.losses)[:SHOWN]
        return Count(self.name, self.tried + other.tried, self.lost + other.lost, self.refused + other.refused, losses)

    @property
    def survived(self) -> int:
        return self.tried - self.lost


def in_child(work: Callable[[], object], *, kill_at: int | None = None, file_bytes: int | None = None) -> int:
    """Exit status of a forked process that did the work: 0 well, 1 an OSError, 2 another error, -9 killed.

    kill_at    : SIGKILL at this file operation, counted from 1. file_bytes : no file grows beyond, as on a full disk.
    """
    pid = os.fork()
    if pid == 0:
        status = 2
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            if file_bytes is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.RLIM_INFINITY))
            if kill_at is not None:
                _kill_at(kill_at)
            result = work()
            status = result if isinstance(result, int) else 0
        except OSError:
            status = 1
        finally:
            os._exit(status)
    _, waited = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(waited)


def _kill_at(n: int) -> None:
    left = n

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in EVENTS and not (event == "open" and str(arguments[0]).endswith((".py", ".pyc"))):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
