"""A desk's `summarizer.toml`: what it reads, with which settings, and where it goes. Knows nothing of any day."""

from __future__ import annotations

import difflib
import glob
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from summarizer.braces import check_braces
from summarizer.delivery.kinds import Channel, Delivery, Folder, Mail, Stdout
from summarizer.errors import InvalidPlan, InvalidSettings
from summarizer.settings import Settings, Unusable

FILE = "summarizer.toml"

STARTER = """\
# What `summarizer daily` reads, asks and delivers each day. A line that begins with # is not in force; what it
# shows is the default or, where there is none, an example. Relative paths are relative to this file's folder.
# The key for the model belongs in the environment (OPENAI_API_KEY …), never in here, nor does any password.

# feeds = ["https://news.example/feed.xml"]  # addresses of feeds, pages and lists of them
folders = ["articles"]  # folders, files and patterns; {date} is yesterday and today: "articles/{date}"

# topic = "grain talks"  # the beat that is kept; without it all stories
# language = "en"  # of the briefing
# max_stories = 10  # stories that are told; others are listed
# min_reports = 2  # articles that a story needs to be told

# model = "openai/gpt-5.4-mini"
# base_url = "http://localhost:11434/v1"  # a server of your own
# max_cost = 2.50  # US dollars a day may cost; what was paid for is kept
# max_tokens = 2_000_000  # tokens a day may take
# deadline = 3600  # seconds a day may take
# batch = true  # ask by the batch endpoint: half the price, up to a day a step
# batch_wait = 600  # seconds until batches are left for the next start to collect; without it they are waited for

workspace = "workspace"  # journal, fetched pages, lock; without it your data folder
# journal = "postgresql://desk@db.example/desk"  # kept answers in a database instead, for several machines
# archive = "workspace/archive.sqlite3"  # or a database: "postgresql+psycopg://desk@db.example/desk"
# keep_texts = true  # the articles' texts in the archive, too; false if you may not store them
# look_back = 30  # days before, from which things are recognised
# catch_up = 7  # missed days that are made up for, at most

# More of the model and the server.
# engine = "dask"  # several processes read articles; needs a journal in a database
# workers = 4  # of them
# scheduler = "tls://cluster.example:8786"  # a Dask cluster that is there, instead
# concurrency = 8
# requests_per_minute = 60
# tokens_per_minute = 200_000
# timeout = 180
# attempts = 5
# longest_wait = 60
# reasks = 2
# max_output = 16_384
# context = 128_000
# prompts = "prompts"

# [fetch]  # how feeds and pages are fetched
# timeout = 30
# per_host = 2
# at_once = 16
# delay = 0.5
# largest = 20_000_000
# redirects = 5
# attempts = 3
# robots = true
# allow_private = false
# user_agent = "example-desk/1.0"

[[deliveries]]  # as many as you like, each to a folder, mail, a channel or stdout
to = "folder"
format = "md"  # md, html, pdf, json, text, svg, plover, ninjs, jsonld, ics, csv, quotes-csv
path = "briefings/{date}.md"  # {date} is the briefing's day; {date:%Y/%m/%d} works, too

# [[deliveries]]
# to = "folder"
# format = "svg"
# path = "briefings/{date}-timeline.svg"
# picture = "timeline"  # network, timeline or ladder

# [[deliveries]]
# to = "mail"  # to each of the recipients, once a day
# host = "mail.news.example"
# port = 587
# security = "starttls"  # or "tls"; "none" for a server on this machine
# allow_insecure = false
# certificates = "ca.pem"  # of an authority of your own
# user = "desk"
# password_variable = "MAIL_PASSWORD"  # or password_file = "mail.password"
# from = "Desk <desk@news.example>"
# recipients = ["ada@news.example"]
# subject = "{headline}"  # {date} and {topic} work, too
# attach = ["md"]  # formats as above
# link = "https://news.example/briefings/{date}"  # the day's page, if you have a site
# timeout = 60

# [[deliveries]]
# to = "channel"  # Slack, Matrix, Telegram …, by Apprise: pip install 'summarizer[deliver]'
# url_variable = "CHANNEL_URL"  # or url_file = "channel.url"
# link = "https://news.example/briefings/{date}"
# timeout = 60

# [[deliveries]]
# to = "stdout"
# format = "text"
"""
"""A file to start from, with every key in it."""

ONE_RUN = frozenset({"record", "replay"})
"""Settings that are of one run, not of each day's."""
KEYS = re.compile(r"(api_?key|^key$|password|secret|^token$)(?!.*_(variable|file)$)", re.I)
"""Names of keys that hold what is nobody's business."""

_WORDS = {
    "tuple_type": "must be a list, in [ and ]",
    "string_type": "must be a text, in quotation marks",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "missing": "is missing",
    "too_short": "must have one, at least",
    "string_pattern_mismatch": "has characters that can't stand there",
}
"""What is wrong, to a person, where pydantic's word for it is of another world."""


class PlanFile(Settings):
    """A `summarizer.toml` as it stands, the environment left aside."""

    feeds: tuple[str, ...] = Field(default=(), description="Addresses of feeds, pages and lists of them")
    folders: tuple[str, ...] = Field(default=(), description="Folders, files and patterns")
    deliveries: tuple[Delivery, ...] = Field(default=(), description="Where each briefing goes")
    catch_up: int = Field(default=7, ge=0, description="Missed days that are made up for, at most")

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what the file has."""
        return (init_settings,)

    @field_validator("feeds", "folders")
    @classmethod
    def _can_be_read_each_day(cls, places: tuple[str, ...]) -> tuple[str, ...]:
        for place in places:
            if place.strip() in ("", "-"):
                raise ValueError(f"{place!r} is nothing that can be read each day")
            if "{date" in place:
                check_braces(place, "date")
        return places

    @field_validator("base_url")
    @classmethod
    def _has_no_login(cls, url: str | None) -> str | None:
        if url and re.search(r"//[^/@]*@", url):
            raise Unusable("has a login in it", "give it as SUMMARIZER_BASE_URL in the environment")
        return url

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if not self.feeds and not self.folders:
            raise Unusable("feeds, folders: there is nothing to read", "name one, at least")
        return self

    @model_validator(mode="after")
    def _receivers_are_apart(self) -> Self:
        receivers = [receiver.lower() for delivery in self.deliveries for receiver in delivery.receivers]
        if twice := next((each for each in receivers if receivers.count(each) > 1), None):
            raise Unusable(f"deliveries: two go to {twice!r}", "give each a receiver of its own")
        return self


@dataclass(frozen=True)
class DailyPlan:
    """What a desk does each day."""

    folder: Path
    """That relative paths are relative to."""
    reads: tuple[str, ...]
    """Feeds and folders, {date} left in."""
    deliveries: tuple[Folder | Stdout | Mail | Channel, ...]
    catch_up: int
    settings: Settings = field(default_factory=Settings)

    def places(self, days: Iterable[date]) -> tuple[str, ...]:
        """What is to be read for these days, each place once."""
        return tuple(dict.fromkeys(place for read in self.reads for place in self._dated(read, days)))

    def _dated(self, read: str, days: Iterable[date]) -> Iterator[str]:
        if "{date" not in read:
            yield _placed(read, self.folder)
            return
        for day in days:
            place = _placed(read.format(date=day), self.folder)
            if "://" in place or Path(place).exists() or glob.has_magic(place):  # not each day has to have one
                yield place


def load_plan(path: str | Path = FILE, **given: Any) -> DailyPlan:
    """Read a `summarizer.toml`.

    A setting counts as it is `given`, else as the environment has it (SUMMARIZER_NAME), else as
    the file has it, else as by default.

    Args:
        path: of the file.
        given: settings by their names.

    Raises:
        InvalidPlan: if the file can't be used.
        InvalidSettings: if something given, or in the environment, can't be.
    """
    path = Path(path).expanduser()
    data = _parsed(path)
    _check_keys(path, data)
    try:
        file = PlanFile(**data)
    except ValidationError as error:
        raise InvalidPlan(path, *(_wrong(dict(each)) for each in error.errors(include_input=False))) from None
    folder = path.absolute().parent
    settings = _settings(_with_paths(file, folder), given)
    return DailyPlan(folder, (*file.feeds, *file.folders), file.deliveries, file.catch_up, with_archive(settings))


def with_archive(settings: Settings) -> Settings:
    """The settings with an archive in the workspace, if there is one and no other is named."""
    if settings.workspace is None:
        return settings
    return settings.model_copy(update={"archive": settings.archive_in(settings.workspace)})


def _parsed(path: Path) -> dict[str, Any]:
    """The file's keys and values."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        advice = f"`summarizer daily --init --config {path}` writes one to start from"
        raise InvalidPlan(path, ("", "there is no such file", advice)) from None
    except IsADirectoryError:
        raise InvalidPlan(path, ("", "is a folder", f"name the file in it, as {path / FILE}")) from None
    except OSError as error:
        raise InvalidPlan(path, ("", f"can't be read: {error.strerror}", "see who may read it")) from error
    except UnicodeDecodeError:
        raise InvalidPlan(path, ("", "is not UTF-8", "save it as UTF-8")) from None
    except tomllib.TOMLDecodeError as error:
        advice = "mend that line; texts stand in quotation marks, one key a line"
        raise InvalidPlan(path, ("", f"is no TOML: {error}", advice)) from None


def _check_keys(path: Path, data: Mapping[str, Any]) -> None:
    """Refuse keys that are settings elsewhere, or hold what is nobody's business, before anything repeats it."""
    tables = {"": data, **{f"{name}.": table for name, table in data.items() if isinstance(table, dict)}}
    found = [f"{where}{name}" for where, table in tables.items() for name in table if KEYS.search(name)]
    reason = "a file that is copied and shared is no place for it"
    advice = "take it out, and set OPENAI_API_KEY, or SUMMARIZER_API_KEY, in the environment"
    wrong = [(key, reason, advice) for key in found]
    deliveries = data.get("deliveries")
    for number, table in enumerate(deliveries if isinstance(deliveries, list) else (), 1):
        for name in table if isinstance(table, dict) else ():
            if KEYS.search(name) or name == "url":
                kind = "url" if name == "url" else "password"
                advice = f'take it out, and name the variable that holds it: {kind}_variable = "{kind.upper()}"'
                wrong.append((f"deliveries {number}.{name}", reason, advice))
    if wrong:
        raise InvalidPlan(path, *wrong)
    if once := sorted(ONE_RUN & data.keys()):
        advice = "take it out; `summarizer brief` has it as an option"
        raise InvalidPlan(path, *((key, "a recording is of one run", advice) for key in once))


def _wrong(error: Mapping[str, Any]) -> tuple[str, str, str]:
    """Key, reason and advice, of what pydantic found."""
    place = [part for n, part in enumerate(error["loc"]) if n != 2 or error["loc"][0] != "deliveries"]  # its kind
    key = "".join(f" {part + 1}" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")
    name = ".".join(str(part) for part in place if not isinstance(part, int))
    if error["type"] == "extra_forbidden":
        table, dot, own = name.rpartition(".")
        known = [each.rpartition(".")[2] for each in _examples() if each.rpartition(".")[0] == table]
        near = difflib.get_close_matches(own, known, 1)
        advice = f"did you mean {table}{dot}{near[0]}?" if near and near[0] != own else "take it out"
        if (last := name.rpartition(".")[2]) in _examples() and "." in name:
            advice = f"{last} belongs above the first [table]: what stands below one is part of it"
        return key, "there is no such key", advice
    if error["type"] in ("union_tag_not_found", "union_tag_invalid"):
        return f"{key}.to", "is missing, or nothing that is known", 'write "folder", "mail", "channel" or "stdout"'
    said = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    reason = _WORDS.get(error["type"], said[:1].lower() + said[1:])
    told = getattr(error.get("ctx", {}).get("error"), "advice", None)
    if not key:  # it is of the file as a whole, and says which keys
        key, _, reason = reason.partition(": ")
    return key, reason, told or f"write it as in {_examples().get(name, FILE)}"


def _examples() -> Mapping[str, str]:
    """A line for each key that there is, as the starter file has it."""
    found: dict[str, str] = {}
    table = ""
    for line in STARTER.splitlines():
        if head := re.match(r"#? ?\[+(\w+)\]+", line):
            table = f"{head[1]}."
            found[head[1]] = head[0].lstrip("# ")
        elif told := re.match(r"(?:# )?(\w+) = (\"[^\"]*\"|\[[^\]]*\]|\S+)(?=  #|$)", line):
            found.setdefault(f"{table}{told[1]}", f"{told[1]} = {told[2]}")
    return found


def _with_paths(file: PlanFile, folder: Path) -> dict[str, Any]:
    """The settings that the file has, with its relative paths made whole."""
    values = file.model_dump(include=set(Settings.model_fields), exclude_unset=True)
    for name in ("workspace", "prompts"):
        if values.get(name):
            values[name] = folder / values[name].expanduser()
    if "://" not in (values.get("archive") or "://"):
        values["archive"] = str(folder / Path(values["archive"]).expanduser())
    return values


def _settings(in_file: Mapping[str, Any], given: Mapping[str, Any]) -> Settings:
    """Settings of a desk: as given, over the environment, over the file, over the defaults."""
    try:
        over = Settings(**given).model_dump(exclude_unset=True)
        fetch = {**in_file.get("fetch", {}), **over.get("fetch", {})}
        return Settings(**{**in_file, **over, **({"fetch": fetch} if fetch else {})})
    except ValidationError as error:
        wrong = (
            f"SUMMARIZER_{'__'.join(map(str, e['loc'])).upper()}: "
            f"{e['msg'].removeprefix('Value error, ').replace('Input should be', 'must be')}"
            for e in error.errors(include_input=False)
        )
        raise InvalidSettings("; ".join(wrong)) from None


def _placed(place: str, folder: Path) -> str:
    """A place as seen from the file's folder."""
    if "://" in place:
        return place
    path = Path(place).expanduser()
    if path.is_absolute() or not glob.has_magic(place) or (folder / path).exists():
        return str(folder / path)
    return str(Path(glob.escape(str(folder))) / path)
