"""The folder of a desk on a laptop: what is in the fake cloud is there again after a restart.

`journal-*`, `snapshot-*`: the table. `objects/`: the bucket. `users`: Cognito's users. `outbox`: what left. `clock`: how far
the clock was moved. `lock`: who uses the folder. Killed at any moment, it loses at most what the last second wrote.
"""

import contextlib
import fcntl
import json
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.s3.models import s3_backends

from dev import journal, lines, objects, ses
from dev.cloud import Cloud
from dev.template import ACCOUNT, REGION

USER = ("username", "password", "status", "enabled", "attributes", "id", "sms_mfa_enabled", "software_token_mfa_enabled",
        "token_verified", "preferred_mfa_setting", "confirmation_code", "confirmation_until", "totp_secret", "last_step")  # fmt: skip


class InUse(Exception):
    """Another process has this folder."""


class Folder:
    """Loads the cloud from the folder and follows it until `close`."""

    def __init__(self, path: Path, cloud: Cloud, reset: bool = False) -> None:
        """Raises InUse."""
        path.mkdir(parents=True, exist_ok=True)
        self.path, self.cloud = path, cloud
        self.lock = locked(path)
        if reset:
            wipe(path)
        self.journal = journal.Journal(path, cloud.raw_table())
        self.objects = objects.Objects(path, s3_backends[ACCOUNT]["aws"].buckets[cloud.bucket])
        self.stopping = threading.Event()
        self.users = ""
        self.user_guard = threading.Lock()

    def load(self) -> None:
        self.objects.load()
        self.journal.load()
        self.load_users()
        self.load_outbox()
        self.thread = threading.Thread(target=self.flush_each_second, name="folder", daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.stopping.set()
        self.thread.join()
        after_users.remove(self.save_users)
        ses.listeners.remove(self.keep_sent)
        self.journal.close()
        self.objects.close()
        self.outbox.close()
        self.lock.close()

    def flush_each_second(self) -> None:
        while not self.stopping.wait(0.8):
            self.journal.sync()
            self.outbox.sync()

    # -- users

    def pool(self) -> Any:
        return cognitoidp_backends[ACCOUNT][REGION].user_pools[self.cloud.user_pool]

    def load_users(self) -> None:
        file = self.path / "users"
        for kept in json.loads(file.read_text()) if file.exists() else []:
            user = CognitoIdpUser(self.cloud.user_pool, kept["username"], kept["password"], kept["status"], [])
            for name, value in kept.items():
                setattr(user, name, value)
            user.status = UserStatus(user.status)
            user.attribute_lookup = {each["Name"]: each["Value"] for each in user.attributes}
            self.pool().users[user.username] = user
        after_users.append(self.save_users)

    def save_users(self) -> None:
        with self.user_guard:
            kept = [{name: getattr(user, name, None) for name in USER} for user in list(self.pool().users.values())]
            text = json.dumps([{name: its for name, its in user.items() if its is not None} for user in kept])
            if text != self.users:
                lines.write_whole(self.path / "users", text.encode())
                self.users = text

    # -- what left

    def load_outbox(self) -> None:
        ses.outbox[:] = [sent_of(kept) for kept in lines.read(self.path / "outbox")]
        self.outbox = lines.Lines(self.path / "outbox")
        ses.listeners.append(self.keep_sent)

    def keep_sent(self, sent: ses.Sent) -> None:
        self.outbox.append(
            {
                "id": sent.id,
                "at": sent.at.isoformat(),
                "to": sent.to,
                "sender": sent.sender,
                "subject": sent.subject,
                # Latin-1 maps each byte to one character: mails are 7-bit, so this stays readable and short.
                "raw": sent.raw.decode("latin-1"),
            }
        )

    # -- the clock

    def shift(self) -> timedelta:
        file = self.path / "clock"
        return timedelta(seconds=json.loads(file.read_text())) if file.exists() else timedelta()

    def save_shift(self, shift: timedelta) -> None:
        lines.write_whole(self.path / "clock", json.dumps(shift.total_seconds()).encode())


def sent_of(kept: dict[str, Any]) -> ses.Sent:
    at, raw = datetime.fromisoformat(kept["at"]), kept["raw"].encode("latin-1")
    return ses.Sent(kept["id"], at, tuple(kept["to"]), kept["sender"], kept["subject"], raw)


def locked(path: Path) -> Any:
    """Held until it is closed or the process ends, however it ends. Raises InUse."""
    file = (path / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        who = file.read().strip() or "?"
        file.close()
        raise InUse(
            f"Another desk (process {who}) is using {path}. End that one first, or choose a folder with --data."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def wipe(path: Path) -> None:
    """Only what a desk has put there: a folder of somebody else's is left as it is."""
    journal.wipe(path)
    objects.wipe(path)
    for name in ("users", "outbox", "clock"):
        with contextlib.suppress(FileNotFoundError):
            (path / name).unlink()


after_users: list[Any] = []
stock_dispatch = CognitoIdpResponse.call_action


def call_action(self: Any) -> Any:
    """Users are saved before the answer is given."""
    answer = stock_dispatch(self)
    for each in after_users:
        each()
    return answer


CognitoIdpResponse.call_action = call_action  # type: ignore[method-assign]
