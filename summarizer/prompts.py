"""Prompt templates: Markdown files with front matter, rendered in a strict sandbox.

A template is rendered once, with the material as values: nothing that an article says is
ever read as a template. Its page has two parts, told apart by a line each: what holds for
every request (`<!-- system -->`), first and unchanged so that providers' prompt caches
hit, and the material of this one (`<!-- user -->`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

import frontmatter
import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, ValidationError

from summarizer.errors import InvalidPrompt, UnknownPrompt

PARTS = re.compile(r"\A\s*<!-- system -->\n(?P<system>.*?)^<!-- user -->$(?P<user>.*)\Z", re.S | re.M)

_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class FrontMatter(BaseModel):
    """What a template says about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    about: str
    answer: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A rendered prompt, ready to be sent, and where it came from."""

    prompt: Prompt
    system: str
    user: str


@dataclass(frozen=True)
class Prompt:
    """A template with its front matter."""

    path: Path
    source: str
    head: FrontMatter
    system: str
    user: str

    def __reduce__(self) -> tuple[Callable[[Path, str], Prompt], tuple[Path, str]]:
        return parse_prompt, (self.path, self.source)  # in another process, without what Jinja made of it

    @property
    def name(self) -> str:
        """Under which it is asked for: the front matter's, which is the file's."""
        return self.head.name

    @cached_property
    def sha256(self) -> str:
        """Of the whole file, with line ends as LF."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    @cached_property
    def _templates(self) -> tuple[Template, Template]:
        return _environment.from_string(self.system), _environment.from_string(self.user)

    def render(self, **values: object) -> Message:
        """Fill in the material.

        Raises:
            InvalidPrompt: if a variable is missing, or the template fails on the values.
        """
        try:
            system, user = (template.render(values) for template in self._templates)
        except TemplateError as error:
            raise InvalidPrompt(self.path, f"can't be rendered: {error}") from error
        return Message(self, system.strip(), user.strip())


class PromptBook:
    """All templates by name: the packaged ones, replaced by those in the user's folder."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read all templates.

        Raises:
            InvalidPrompt: at the first that can't be used.
        """
        if folder is not None and not folder.is_dir():
            raise InvalidPrompt(folder, "is not a folder of prompts")
        packaged = _load_all(packaged_prompts())
        own = _load_all(folder) if folder else {}
        for name, prompt in own.items():
            if name not in packaged:
                raise InvalidPrompt(prompt.path, f"replaces nothing; there are: {', '.join(packaged)}")
            if prompt.head.answer != packaged[name].head.answer:
                raise InvalidPrompt(prompt.path, f"must ask for the answer {packaged[name].head.answer}")
        self._prompts: Mapping[str, Prompt] = packaged | own

    def __iter__(self) -> Iterator[Prompt]:
        return iter(sorted(self._prompts.values(), key=lambda prompt: prompt.name))

    def __getitem__(self, name: str) -> Prompt:
        try:
            return self._prompts[name]
        except KeyError:
            raise UnknownPrompt(name, sorted(self._prompts)) from None


def _load_all(folder: Path) -> dict[str, Prompt]:
    """All templates in a folder, by name."""
    found = map(load_prompt, sorted(set(folder.glob("*.md")) - {folder / "README.md"}))
    return {prompt.name: prompt for prompt in found}


def packaged_prompts() -> Path:
    """The folder of the project's own templates: inside a wheel, beside the package in a checkout."""
    package = Path(str(files("summarizer")))
    inside = package / "_prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


def load_prompt(path: Path) -> Prompt:
    """Read a template and hold it to its front matter.

    Raises:
        InvalidPrompt: if it can't be read, has no valid front matter or not both parts, or
            uses other variables than it declares.
    """
    try:
        source = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPrompt(path, f"can't be read: {error}") from error
    return parse_prompt(path, source)


@lru_cache(maxsize=256)  # 5 ms a template, which a program that briefs often pays once
def parse_prompt(path: Path, source: str) -> Prompt:
    """A template's text, held to its front matter. Raises as `load_prompt` does."""
    try:
        post = frontmatter.loads(source)
        head = FrontMatter.model_validate(post.metadata)
    except yaml.YAMLError as error:
        raise InvalidPrompt(path, f"front matter is not YAML: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidPrompt(path, f"front matter: {wrong}") from error
    if head.name != path.stem:
        raise InvalidPrompt(path, f"is named {head.name!r} in its front matter; file and name must agree")
    parts = PARTS.match(post.content)
    if not parts:
        raise InvalidPrompt(path, "needs a line <!-- system --> first, and a line <!-- user --> before the material")
    try:
        used = meta.find_undeclared_variables(_environment.parse(post.content))
    except TemplateError as error:
        raise InvalidPrompt(path, f"is not a valid Jinja template: {error}") from error
    if used != set(head.variables):
        odd = ", ".join(sorted(used ^ set(head.variables)))
        raise InvalidPrompt(path, f"variables declared and used differ: {odd}")
    return Prompt(path, source, head, parts["system"], parts["user"])
