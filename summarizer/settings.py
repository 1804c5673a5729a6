"""What a run can be told, in one frozen object: keywords, then the environment, then defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from summarizer.text import flatten
from summarizer.version import VERSION

DEFAULT_MODEL = "openai/gpt-5.4-mini"

PRODUCT = "summarizer"
"""What the program is called in robots.txt."""


ARCHIVE_FILE = "archive.sqlite3"
"""The archive's name in the workspace, where no other place is given."""


class Unusable(ValueError):
    """A value that can't be used, said by a validator; with what to do, where that isn't to look at an example."""

    def __init__(self, reason: str, advice: str | None = None) -> None:
        self.advice = advice
        super().__init__(reason)


class FetchOptions(BaseModel):
    """How pages are fetched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timeout: float = Field(default=30.0, gt=0, description="Seconds until one whole reply must be there")
    per_host: int = Field(default=2, ge=1, description="Requests under way at once at one host")
    at_once: int = Field(default=16, ge=1, description="Requests under way at once in all")
    delay: float = Field(default=0.5, ge=0, description="Seconds between two requests to one host; robots.txt adds")
    largest: int = Field(default=20_000_000, ge=1, description="Bytes that a page may have, unpacked")
    redirects: int = Field(default=5, ge=0, description="Redirects followed at most")
    allow_private: bool = Field(default=False, description="Fetch from any address and port, one's own network's too")
    robots: bool = Field(default=True, description="Do as robots.txt asks")
    user_agent: str = Field(
        default=f"{PRODUCT}/{VERSION}",
        pattern=r"^[!-~]([ -~]*[!-~])?$",
        description="What it calls itself to servers; in robots.txt it is always summarizer",
    )
    attempts: int = Field(default=3, ge=1, description="Times that a request is sent at most")


class Settings(BaseSettings):
    """Settings of a run. Each can be given as SUMMARIZER_NAME in the environment, of `fetch` as SUMMARIZER_FETCH__NAME.

    >>> Settings(model="openai/gpt-5.5", concurrency=4).concurrency
    4
    """

    model_config = SettingsConfigDict(env_prefix="SUMMARIZER_", env_nested_delimiter="__", frozen=True, extra="forbid")

    model: str = Field(default=DEFAULT_MODEL, description="PROVIDER/NAME, as instructor has it")
    base_url: str | None = Field(default=None, description="OpenAI-compatible endpoint; None: the provider's own")
    api_key: SecretStr | None = Field(default=None, description="None: the provider's usual variable, OPENAI_API_KEY …")
    concurrency: int = Field(default=8, ge=1, description="Requests under way at once")
    requests_per_minute: int | None = Field(default=None, ge=1, description="None: as many as come")
    tokens_per_minute: int | None = Field(default=None, ge=1, description="In and out; None: as many as come")
    timeout: float = Field(default=180.0, gt=0, description="Seconds until one whole reply must be there")
    deadline: float | None = Field(default=None, gt=0, description="Seconds for the whole run; None: no limit")
    attempts: int = Field(default=5, ge=1, description="Times that a request is sent at most")
    longest_wait: float = Field(default=60.0, ge=0, description="Seconds between two of them at most")
    reasks: int = Field(default=2, ge=0, description="Times an invalid answer is sent back to be mended")
    batch: bool = Field(default=False, description="Ask by OpenAI's batch endpoint: half the price, up to a day a step")
    batch_wait: float | None = Field(
        default=None, ge=0, description="Seconds until batches are left, for the next run to collect; None: no limit"
    )
    max_output: int = Field(default=16_384, ge=256, description="Tokens that one answer may have")
    context: int | None = Field(
        default=None,
        ge=8192,
        description="Tokens that prompt and answer may have together; None: as known for the model",
    )
    max_tokens: int | None = Field(default=None, ge=1, description="Tokens that the whole run may take; None: no cap")
    max_cost: Decimal | None = Field(default=None, gt=0, description="US dollars that it may take; None: no cap")
    workspace: Path | None = Field(
        default=None,
        description="Folder of the journal; None: none is kept, but for the command line",
    )
    journal: str | None = Field(
        default=None,
        description="PostgreSQL URL of a journal that several machines share; None: a file in the workspace",
    )
    engine: Literal["local", "dask"] = Field(default="local", description="What reads articles: this process, or Dask")
    workers: int | None = Field(default=None, ge=1, description="Of Dask, on this machine; None: one a core")
    scheduler: str | None = Field(
        default=None,
        pattern=r"^(tcp|tls)://\S+$",
        description="Address of a Dask cluster that is there, as tls://host:8786; None: workers on this machine",
    )
    archive: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the archive, or path of its SQLite file; None: none, but for the command line",
    )
    keep_texts: bool = Field(default=True, description="Keep the articles' texts in the archive, for those who may")
    look_back: int = Field(default=30, ge=1, description="Days before, from which things are recognised")
    language: str = Field(default="en", description="BCP 47 tag of the language the briefing is written in")
    topic: str | None = Field(default=None, min_length=1, description="The beat that is kept; None: all stories")
    max_stories: int = Field(default=10, ge=1, description="Stories that are read and told; others are listed")
    min_reports: int = Field(
        default=2,
        ge=1,
        description="Articles, copies counted once, that a story is told for if any has as many; others are listed",
    )
    prompts: Path | None = Field(default=None, description="Folder whose templates replace those of the same name")
    fetch: FetchOptions = Field(default=FetchOptions(), description="How pages and feeds are fetched")
    record: Path | None = Field(
        default=None, description="Folder to keep every reply in; what is there isn't asked again"
    )
    replay: Path | None = Field(default=None, description="Folder to take every reply from; nothing is asked")

    @property
    def sendings(self) -> int:
        """Times that a request is sent at most: by batch twice, as each may take a day."""
        return min(2, self.attempts) if self.batch else self.attempts

    def archive_in(self, folder: Path) -> str:
        """Where the archive is: as named, else a file in a folder."""
        return str(folder / ARCHIVE_FILE) if self.archive is None else self.archive

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """As they are, but for a login in a URL; the key is masked by its type."""
        for name, value in super().__repr_args__():
            yield name, re.sub(r"//[^/@]*@", "//…@", value) if isinstance(value, str) else value

    @field_validator("archive")
    @classmethod
    def _names_a_place(cls, archive: str | None) -> str | None:
        if archive is not None and not archive.strip():
            raise ValueError("names no place; give a file or a database URL, or leave it out")
        return archive

    @field_validator("topic")
    @classmethod
    def _says_something(cls, topic: str | None) -> str | None:
        if topic is not None and not flatten(topic):
            raise ValueError("there is nothing in it")
        return topic

    @field_validator("model")
    @classmethod
    def _names_a_provider(cls, model: str) -> str:
        if not re.fullmatch(r"[^/\s]+/\S+", model):
            raise ValueError(f"write PROVIDER/NAME, as {DEFAULT_MODEL}, not {model!r}")
        return model
