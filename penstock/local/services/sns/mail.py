"""The mail that SNS would send: kept as files, in the cloud's work folder."""

import email
import email.policy
import itertools
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path

from penstock.local.services.sns.message import Message

_SENDER = "no-reply@sns.amazonaws.com"
_NO_SUBJECT = "AWS Notification Message"


class Mailbox:
    """A folder of messages, numbered as they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._numbers = itertools.count(1 + max((int(file.stem) for file in folder.glob("*.eml")), default=0))

    def put(self, message: Message, *, to: str, sender: str, text: str) -> None:
        """Keep a message to one address."""
        mail = EmailMessage()
        mail["From"] = formataddr((sender or "AWS Notifications", _SENDER))
        mail["To"] = to
        mail["Date"] = format_datetime(message.time)
        mail["Subject"] = message.subject or _NO_SUBJECT
        mail["Message-ID"] = f"<{message.id}@sns.amazonaws.com>"
        mail.set_content(text, cte="8bit")
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{next(self._numbers):06}.eml").write_bytes(bytes(mail))


def read(folder: Path) -> Iterator[EmailMessage]:
    """Yield the messages of a folder, oldest first."""
    for file in sorted(folder.glob("*.eml")):
        with file.open("rb") as content:
            mail = email.message_from_binary_file(content, policy=email.policy.default)
        if isinstance(mail, EmailMessage):
            yield mail
