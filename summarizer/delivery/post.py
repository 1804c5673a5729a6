"""Sessions with one mail server. What it says is told, but for passwords; what it doesn't say in time is a fault."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from summarizer.delivery.kinds import PORTS, Mail, address_of, held_secret
from summarizer.delivery.patience import within
from summarizer.errors import Undelivered
from summarizer.secrets import masked
from summarizer.text import clipped, flatten

BREAKS = 2
"""Sessions that may break off before the server is given up."""

REFUSED = {
    smtplib.SMTPAuthenticationError: "refused the login",
    smtplib.SMTPConnectError: "let nobody in",
    smtplib.SMTPHeloError: "refused the greeting",
    smtplib.SMTPSenderRefused: "refused the sender",
    smtplib.SMTPRecipientsRefused: "refused the recipient",
    smtplib.SMTPDataError: "refused the mail",
}
"""What a server did that answered no."""
FAULTS = {
    TimeoutError: "was not done in {seconds} seconds",
    smtplib.SMTPServerDisconnected: "hung up",
    smtplib.SMTPNotSupportedError: "can't do what is asked: {said}",
    ssl.SSLCertVerificationError: "shows a certificate that can't be trusted: {said}; `certificates` names a file of "
    "one's own authority",
    ssl.SSLError: "doesn't speak TLS there: {said}; see `port` and `security`",
    socket.gaierror: "is not known: {said}",
}
"""What a server did that did not answer as it should."""


class Post:
    """Sends mails by a server, over a session that is opened with the first and after a break anew.

    A server that can't be reached, lets nobody in or is silent is not tried again by the same object,
    so that many mails to it cost no more time than one.
    """

    def __init__(self, mail: Mail, folder: Path) -> None:
        """Name the server; paths are relative to the folder."""
        self._mail, self._folder = mail, folder
        self._smtp: smtplib.SMTP | None = None
        self._breaks = 0
        self._given_up: str | None = None
        self._secrets: tuple[str, ...] = ()

    def send(self, recipient: str, message: bytes) -> None:
        """Have the server take a message to one address.

        Raises:
            Undelivered: if it doesn't; also if it broke off, and may have taken it.
        """
        if self._given_up:
            raise Undelivered(self._given_up)
        smtp = self._smtp or self._opened()
        sender = address_of(self._mail.sender).addr_spec
        with self._told("sending"):
            within(self._mail.timeout, lambda: smtp.sendmail(sender, recipient, message))
        if smtp.sock is None:  # it said good-bye with its refusal
            self._smtp = None

    def close(self) -> None:
        """End the session, if there is one."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                within(self._mail.timeout, smtp.quit)

    def _opened(self) -> smtplib.SMTP:
        """A session in which mails may be sent."""
        try:
            password = held_secret(self._mail, "password", self._folder)
            self._secrets = tuple(_spellings(self._mail.user, password))
            with self._told("opening"):
                self._smtp = within(self._mail.timeout, lambda: self._connected(password))
        except Undelivered as error:
            self._given_up = str(error)
            raise
        return self._smtp

    def _connected(self, password: str | None) -> smtplib.SMTP:
        mail = self._mail
        port = mail.port or PORTS[mail.security]
        if mail.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, port, timeout=mail.timeout, context=self._context())
        else:
            smtp = smtplib.SMTP(mail.host, port, timeout=mail.timeout)
        if mail.security == "starttls":
            smtp.starttls(context=self._context())
        if mail.user is not None:
            smtp.login(mail.user, password or "")
        return smtp

    def _context(self) -> ssl.SSLContext:
        file = self._mail.certificates
        if file is None:
            return ssl.create_default_context()
        path = self._folder / file.expanduser()
        try:
            return ssl.create_default_context(cafile=path)
        except OSError as error:  # as also of a file that is no PEM
            reason = "is no PEM file of certificates" if isinstance(error, ssl.SSLError) else error.strerror
            raise Undelivered(f"certificates: {path} can't be used: {reason}") from None

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Make one error of all that a server can do, and look after the session."""
        try:
            yield
        except smtplib.SMTPResponseException as error:  # it said no, in words; the session goes on
            self._lost_if_closed()
            raise Undelivered(self._refused(error, error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPRecipientsRefused as error:
            self._lost_if_closed()
            ((code, said),) = error.recipients.values()
            raise Undelivered(self._refused(error, code, said)) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            reason = f"{self._mail.server} {self._fault(error)}"
            self._drop()
            self._breaks += 1
            if self._breaks >= BREAKS or isinstance(error, TimeoutError):
                self._given_up = reason
            raise Undelivered(reason if doing == "opening" else f"{reason}; it may have taken the mail") from None

    def _refused(self, error: Exception, code: int, said: bytes | str) -> str:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        what = next((words for kind, words in REFUSED.items() if isinstance(error, kind)), "refused")
        return f"{self._mail.server} {what}: {self._shown(f'{code} {text}')}"

    def _fault(self, error: Exception) -> str:
        words = next((words for kind, words in FAULTS.items() if isinstance(error, kind)), "can't be used: {said}")
        said = getattr(error, "verify_message", None) or getattr(error, "reason", None) or error.args[-1:] or [""]
        shown = self._shown(said if isinstance(said, str) else str(said[0]))
        return words.format(said=shown, seconds=f"{self._mail.timeout:g}")

    def _shown(self, said: str) -> str:
        """What a server said, on one line and without what it must not repeat."""
        return clipped(masked(flatten(masked(said, self._secrets)), map(flatten, self._secrets)), 300)

    def _lost_if_closed(self) -> None:
        if self._smtp is not None and self._smtp.sock is None:
            self._smtp = None

    def _drop(self) -> None:
        """Break the session off, so that what is late can't send anything any more."""
        smtp, self._smtp = self._smtp, None
        sock = smtp.sock if smtp is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # closing it would not wake who reads from it
            with suppress(OSError):
                sock.close()


def _spellings(user: str | None, password: str | None) -> Iterator[str]:
    """A password as it is, and as it crosses the wire."""
    if password:
        yield password
        for words in (password, f"\0{user}\0{password}"):
            yield base64.b64encode(words.encode()).decode()
