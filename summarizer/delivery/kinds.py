"""Where briefings go, as a desk's file says it: a table each. Knows nothing of any briefing."""

from __future__ import annotations

import ipaddress
import os
import re
from email.headerregistry import Address
from email.policy import SMTP
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from summarizer.braces import check_braces, names_in
from summarizer.errors import Undelivered
from summarizer.export import FORMATS
from summarizer.pictures import PICTURES
from summarizer.settings import Unusable
from summarizer.text import flatten

FORMS = ("md", "html", "pdf", "json", "text", "svg", *FORMATS)
"""Names of what a briefing can be written as."""

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Where a mail server usually is, by how the connection is kept private."""


def _form(form: str) -> str:
    if form not in FORMS:
        raise Unusable(f"there is no format {form!r}; there are: {', '.join(FORMS)}")
    return form


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):  # it may be the secret itself, and is not repeated
        raise Unusable("is no name of a variable", "write one in capital letters, and set it in the environment")
    return name


def _link(url: str) -> str:
    check_braces(url, "date")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc or re.search(r"[\s<>\"]", url):
        raise Unusable("is no address of a page", 'write link = "https://desk.example/{date}"')
    return url


def _mailbox(text: str) -> str:
    """An address, with a name before it or not, that can stand in a header."""
    advice = 'write "ada@news.example" or "Ada Quill <ada@news.example>"'
    if text != flatten(text):
        raise Unusable("is no mail address", advice)
    header = SMTP.header_factory("to", text)
    if header.defects or len(header.addresses) != 1 or not header.addresses[0].domain:
        raise Unusable("is no mail address", advice)
    if not header.addresses[0].addr_spec.isascii():
        raise Unusable("has letters in its address that not every mail server takes", "write its domain as xn--…")
    return text


Form = Annotated[str, AfterValidator(_form)]
Variable = Annotated[str, AfterValidator(_variable)]
Link = Annotated[str, AfterValidator(_link)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Folder(_Table):
    """A file in a folder."""

    to: Literal["folder"]
    format: Form = Field(description=", ".join(FORMS))
    picture: str | None = Field(default=None, description="Of svg; None: the network")
    path: str = Field(description="With {date} for the day; without it, the file is that of the newest day")

    @field_validator("path")
    @classmethod
    def _names_a_file(cls, path: str) -> str:
        if not path or path.endswith(("/", os.sep)) or Path(path).name in (".", "..", ""):
            raise Unusable("names no file")
        return check_braces(path, "date")

    @field_validator("picture")
    @classmethod
    def _is_drawn(cls, picture: str | None) -> str | None:
        if picture is not None and picture not in PICTURES:
            raise Unusable(f"there is no picture {picture!r}; there are: {', '.join(PICTURES)}")
        return picture

    @model_validator(mode="after")
    def _has_pictures(self) -> Self:
        if self.picture and self.format != "svg":
            raise Unusable(f"{self.format} has no pictures; only svg has", 'take picture out, or write format = "svg"')
        return self

    @property
    def forms(self) -> tuple[str, ...]:
        """What the briefing is written as."""
        return (self.format,)

    @property
    def dated(self) -> bool:
        """Whether each day has a file of its own."""
        return bool(names_in(self.path))

    @property
    def receivers(self) -> tuple[str, ...]:
        """The path as it is written."""
        return (self.path,)


class Stdout(_Table):
    """Standard output."""

    to: Literal["stdout"]
    format: Form = Field(default="text", description=", ".join(FORMS))

    @property
    def forms(self) -> tuple[str, ...]:
        """What the briefing is written as."""
        return (self.format,)

    @property
    def receivers(self) -> tuple[str, ...]:
        """There is one."""
        return ("stdout",)


class Mail(_Table):
    """A mail to each of some people."""

    to: Literal["mail"]
    host: str = Field(pattern=r"^[A-Za-z0-9.:-]+$", description="Of the mail server")
    port: int | None = Field(default=None, ge=1, le=65_535, description="None: 587, 465 for tls, 25 for none")
    security: Literal["starttls", "tls", "none"] = Field(default="starttls", description="How it is kept private")
    allow_insecure: bool = Field(default=False, description='Take security = "none" for a host that is not this one')
    certificates: Path | None = Field(default=None, description="PEM file of one's own authority; None: the system's")
    user: str | None = Field(default=None, min_length=1, description="None: without a login")
    password_variable: Variable | None = Field(default=None, description="Variable that holds the password")
    password_file: Path | None = Field(default=None, description="File that holds the password")
    sender: Mailbox = Field(alias="from", description="Whom the mails come from")
    recipients: tuple[Mailbox, ...] = Field(min_length=1, description="Each gets a mail, and sees no other's address")
    subject: str = Field(default="{headline}", min_length=1, description="With {headline}, {date}, {topic}")
    attach: tuple[Form, ...] = Field(default=(), description="Formats that are attached")
    link: Link | None = Field(default=None, description="Page of the day, with {date}; ids lead to #D1 there")
    timeout: float = Field(default=60.0, gt=0, description="Seconds until a session must be open, or a mail taken")

    @field_validator("subject")
    @classmethod
    def _is_a_template(cls, subject: str) -> str:
        if subject != flatten(subject):
            raise Unusable("must be one line", 'write subject = "{headline}"')
        return check_braces(subject, "headline", "date", "topic")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.security == "none" and not (self.allow_insecure or _is_this_machine(self.host)):
            reason = 'security = "none" would send everything in the clear'
            raise Unusable(reason, "take it out, or write allow_insecure = true")
        _one_of(self, "password", needed=self.user is not None)
        if self.user is None and (self.password_variable or self.password_file):
            raise Unusable("user is missing", 'write it as in user = "desk"')
        return self

    @property
    def forms(self) -> tuple[str, ...]:
        """What is attached."""
        return self.attach

    @property
    def server(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port or PORTS[self.security]}"

    @property
    def receivers(self) -> tuple[str, ...]:
        """A mail each."""
        return tuple(f"mail to {address_of(recipient).addr_spec}" for recipient in self.recipients)


class Channel(_Table):
    """A short text to Slack or any other service that Apprise reaches."""

    to: Literal["channel"]
    url_variable: Variable | None = Field(default=None, description="Variable that holds its Apprise address")
    url_file: Path | None = Field(default=None, description="File that holds its Apprise address")
    link: Link | None = Field(default=None, description="Page of the day, with {date}, at the end of the text")
    timeout: float = Field(default=60.0, gt=0, description="Seconds until it must be taken")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _one_of(self, "url", needed=True)
        return self

    @property
    def forms(self) -> tuple[str, ...]:
        """Its text is of no format."""
        return ()

    @property
    def receivers(self) -> tuple[str, ...]:
        """There is one, called by the variable or file that holds its address."""
        return (f"channel {self.url_variable or self.url_file}",)


Delivery = Annotated[Folder | Stdout | Mail | Channel, Field(discriminator="to")]


def address_of(mailbox: str) -> Address:
    """Name and address of one that was checked."""
    address: Address = SMTP.header_factory("to", mailbox).addresses[0]
    return address


def held_secret(table: Mail | Channel, name: str, folder: Path) -> str | None:
    """The secret that a table names by a variable or a file; None, if by neither.

    Args:
        table: of the desk's file.
        name: `password` or `url`.
        folder: that paths are relative to.

    Raises:
        Undelivered: if there is nothing in it.
    """
    variable, file = getattr(table, f"{name}_variable"), getattr(table, f"{name}_file")
    if variable:
        if held := os.environ.get(variable, "").strip():
            return held
        raise Undelivered(f"the variable {variable} is not set")
    if file is None:
        return None
    path = folder / Path(file).expanduser()
    try:
        held = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Undelivered(f"{path} can't be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None
    if not held:
        raise Undelivered(f"there is nothing in {path}")
    return held


def _one_of(table: Any, name: str, *, needed: bool) -> None:
    """See that a secret is named by a variable or by a file."""
    named = [each for each in (f"{name}_variable", f"{name}_file") if getattr(table, each) is not None]
    example = f'{name}_variable = "{name.upper()}"'
    if len(named) == 2:
        raise Unusable(f"{' and '.join(named)} are both given", "take one out")
    if needed and not named:
        raise Unusable(f"{name}_variable is missing", f"write it as in {example}, or {name}_file for a file")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
