"""The errors this package raises: one family, each with its evidence as attributes.

SummarizerError
├── InputError
│   ├── UnreadableArticle    a file that can't be read as text
│   ├── NoArticles           nothing to make a briefing of
│   ├── InvalidSettings      a setting that can't be used
│   │   └── InvalidPlan          a summarizer.toml that can't be used
│   ├── UnknownFormat        a format that no briefing is written in
│   ├── UnknownPicture       a picture that nobody draws
│   ├── NotInstalled         a format whose library isn't there
│   ├── JournalError         a workspace or journal that can't be used
│   ├── NoWorkers            workers that can't be had
│   └── ArchiveError         an archive that can't be used
│       ├── NotArchived          no briefing of that day
│       ├── OtherArticles        the day has a briefing of other articles
│       ├── UnknownIdentity      nothing goes by that id or name
│       └── TooSlow              a question took longer than it may
├── ArticlesGone             what a briefing was made of is held no more
├── BatchesUnderWay          what was asked by batch isn't answered yet; the next run collects it
├── BatchCancelled           a batch that somebody called off
├── AlreadyRunning           another start is at the same day
├── Undelivered              a briefing that did not get to its receiver
├── Unfetched                a page or feed that can't be had
├── PromptError
│   ├── UnknownPrompt        no template of that name
│   └── InvalidPrompt        front matter or template that can't be used
├── ModelError
│   ├── NoModel              no key, no server, no recording to answer
│   ├── UnreachableModel     the endpoint did not answer, or answered with a fault
│   ├── RefusedRequest       the endpoint said no to everything: key, model name, quota
│   ├── DeclinedQuestion     model or endpoint said no to this one question
│   ├── RejectedAnswer       the answer stayed invalid after all re-asks
│   ├── EndlessAnswer        the answer repeated itself until it was cut off
│   ├── TooMuch              a question that has to be asked in parts
│   │   ├── CutAnswer            its answer was cut off by the length limit
│   │   └── LongPrompt           it does not fit the model's context
│   └── Spent                this run may not ask more
│       ├── BudgetSpent          it might pass a cap on tokens or money
│       └── DeadlinePassed       its time is up
├── CassetteError
│   ├── MissingRecording     replay was asked for something never recorded
│   └── BrokenRecording      a recording that can't be read
└── TraceError
    ├── UnknownSentence      a cited sentence number is not in the article
    └── QuoteMismatch        a quotation differs from its article's characters
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class SummarizerError(Exception):
    """Base of every error that this package raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _as_it_was, (type(self), str(self), vars(self))  # it may come from another process


def _as_it_was(kind: type[SummarizerError], said: str, facts: dict[str, Any]) -> SummarizerError:
    """An error with the evidence that it had, whatever its class is made of."""
    error = kind.__new__(kind, said)
    vars(error).update(facts)
    return error


class InputError(SummarizerError):
    """What was handed in can't be used."""


class UnreadableArticle(InputError):
    """A file that can't be read as an article."""

    def __init__(self, path: str, reason: str, advice: str) -> None:
        self.path, self.reason, self.advice = path, reason, advice
        super().__init__(f"{path}: {reason}; {advice}")


class NoArticles(InputError):
    """Nothing was found to make a briefing of."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"no articles in {where}: {reason}")


class InvalidSettings(InputError):
    """A setting, from a keyword, an option or the environment, that can't be used."""


class InvalidPlan(InvalidSettings):
    """A file of settings, as summarizer.toml, that can't be used."""

    def __init__(self, path: Path, *wrong: tuple[str, str, str]) -> None:
        self.path, self.wrong = path, wrong
        """`wrong` has key (empty: the file as a whole), reason and advice, each time."""
        told = [f"{f'{key}: ' if key else ''}{reason}; {advice}" for key, reason, advice in wrong]
        super().__init__(f"{path}: {told[0]}" if len(told) == 1 else "\n  ".join((f"{path}:", *told)))


class UnknownFormat(InputError):
    """No briefing is written in a format of this name."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"no format {name!r}; there are: {', '.join(known)}")


class ArticlesGone(SummarizerError):
    """A briefing isn't made anew, since articles that it was made of would be lost with it."""

    def __init__(self, day: str, gone: Sequence[str], count: int, delete: str, unread: Sequence[str] = ()) -> None:
        self.day, self.gone, self.count, self.unread = day, tuple(gone), count, tuple(unread)
        """`gone` has the names of the articles, `count` says of how many; `unread` what could not be read, and why."""
        named = ", ".join(gone[:NAMED]) + (f" and {len(gone) - NAMED} more" if len(gone) > NAMED else "")
        told = [
            f"{day}: of the {count} articles of its briefing the sources hold {len(gone)} no more: {named}",
            *(f"could not be read: {each}" for each in unread),
            f"nothing was made; put them back or, if they may be lost, delete the briefing first: {delete}",
        ]
        super().__init__("\n  ".join(told))


NAMED = 10
"""Articles that an error names, of however many."""


class UnknownPicture(InputError):
    """No picture goes by this name."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"no picture {name!r}; there are: {', '.join(known)}")


class NotInstalled(InputError):
    """A format can't be written, as what writes it isn't installed."""

    def __init__(self, form: str, needs: str, advice: str) -> None:
        self.form, self.needs, self.advice = form, needs, advice
        super().__init__(f"{form} needs {needs}, which isn't installed: {advice}")


class AlreadyRunning(SummarizerError):
    """Another start is making the same briefings."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"another start is at it: {holder}; this one did nothing")


class BatchesUnderWay(SummarizerError):
    """What was submitted in batches isn't answered yet, and this run waits no longer."""

    def __init__(self, where: str, batches: Sequence[str], requests: int, reason: str = "") -> None:
        self.where, self.batches, self.requests, self.reason = where, tuple(batches), requests, reason
        """`batches` by the endpoint's names; `requests` that wait for a reply; `reason` is empty if time is up."""
        named = ", ".join(batches[:NAMED]) + (f" and {len(batches) - NAMED} more" if len(batches) > NAMED else "")
        count = f"{requests} request{'s' * (requests != 1)}"
        told = f"{count} wait{'s' * (requests == 1)} for {named}" if batches else f"{count} could not be submitted yet"
        why = f"; it can't be looked after now: {reason}" if reason else ""
        super().__init__(f"{told} at {where}{why}; come back later: the same command collects what is done")


class BatchCancelled(SummarizerError):
    """Somebody called a batch off at the endpoint."""

    def __init__(self, batch: str, answered: int, requests: int) -> None:
        self.batch, self.answered, self.requests = batch, answered, requests
        super().__init__(
            f"{batch} was cancelled with {answered} of {requests} requests answered, which are kept; "
            "the same command submits the rest again"
        )


class Undelivered(SummarizerError):
    """A briefing did not get to its receiver; says why, and nothing secret."""


class Unfetched(SummarizerError):
    """A page or feed that can't be had."""

    def __init__(self, url: str, reason: str, advice: str) -> None:
        self.url, self.reason, self.advice = url, reason, advice
        without_login = re.sub(r"//[^/?#\s]*@", "//…@", url)
        super().__init__(f"{without_login}: {reason}; {advice}")


class PromptError(SummarizerError):
    """A prompt template can't be used."""


class UnknownPrompt(PromptError):
    """No template of this name is in any prompt folder."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"no prompt {name!r}; there are: {', '.join(known)}")


class InvalidPrompt(PromptError):
    """A template whose front matter or body can't be used."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


class ModelError(SummarizerError):
    """The model could not be asked, or did not give a usable answer."""


class NoModel(ModelError):
    """Nobody to ask: no key, no server of one's own, no recordings."""

    def __init__(self, model: str) -> None:
        self.model = model
        super().__init__(
            f"no way to ask {model}. Three ways on:\n"
            "  1. a key:           export OPENAI_API_KEY=…   (or the key of the provider in --model)\n"
            "  2. a local server:  --model openai/llama3.1 --base-url http://localhost:11434/v1   (Ollama)\n"
            "  3. the recordings:  summarizer brief examples/2031-05-12 --replay cassettes/2031-05-12\n"
            "                      (in a checkout of the project; needs neither key nor network)"
        )


class UnreachableModel(ModelError):
    """The endpoint gave no usable reply in the attempts and time allowed."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"no usable reply from {where}: {reason}")


class RefusedRequest(ModelError):
    """The endpoint refused, and asking again would not help."""

    def __init__(self, status: int, message: str, advice: str) -> None:
        self.status, self.message, self.advice = status, message, advice
        super().__init__(f"the endpoint refused ({status}): {message}; {advice}")


class RejectedAnswer(ModelError):
    """The answer was still invalid when the re-asks were used up."""

    def __init__(self, prompt: str, attempts: int, problems: str) -> None:
        self.prompt, self.attempts, self.problems = prompt, attempts, problems
        super().__init__(f"no valid answer to prompt {prompt!r} in {attempts} attempts; the last one: {problems}")


class DeclinedQuestion(ModelError):
    """The model, or a filter before or behind it, would not answer this question."""

    def __init__(self, prompt: str, who: str, reason: str, *, status: int | None = None) -> None:
        self.prompt, self.who, self.reason, self.status = prompt, who, reason, status
        """`status` is None if it was the model, or a filter, and so for what was asked."""
        super().__init__(f"{who} declined prompt {prompt!r}: {reason}")


class EndlessAnswer(ModelError):
    """The answer repeated itself until it was cut off; asking for halves would not help."""

    def __init__(self, prompt: str, tokens: int) -> None:
        self.prompt, self.tokens = prompt, tokens
        super().__init__(
            f"the answer to prompt {prompt!r} repeated itself until it was cut off after {tokens:,} tokens"
        )


class TooMuch(ModelError):
    """A question that can't be asked whole; `parts` says in how many it may fit."""

    def __init__(self, prompt: str, message: str, parts: int = 2) -> None:
        self.prompt, self.parts = prompt, parts
        super().__init__(message)


class CutAnswer(TooMuch):
    """The answer was cut off by the limit on its length."""

    def __init__(self, prompt: str) -> None:
        super().__init__(prompt, f"the answer to prompt {prompt!r} was cut off by the model's length limit")


class LongPrompt(TooMuch):
    """The question does not fit the model's context."""

    def __init__(self, prompt: str, reason: str, parts: int = 2) -> None:
        self.reason = reason
        super().__init__(prompt, f"prompt {prompt!r} does not fit the model's context: {reason}", parts)


class Spent(ModelError):
    """This run may not ask anything more; what was answered is kept."""


class BudgetSpent(Spent):
    """The next question might pass a cap on tokens or money."""

    def __init__(self, cap: str, taken: str, most: str) -> None:
        self.cap, self.taken, self.most = cap, taken, most
        super().__init__(f"{cap} might be passed: {taken}, and this question may take up to {most}; raise it")


class DeadlinePassed(Spent):
    """The time that the run was given is up, or the share of it for this stage."""

    def __init__(self, seconds: float, share: float = 1.0) -> None:
        self.seconds, self.share = seconds, share
        part = "" if share == 1.0 else f"{share:.0%} of "
        super().__init__(f"{part}the deadline of {seconds:g} seconds has passed; run it again to go on, or allow more")


class JournalError(InputError):
    """The journal can't be used."""

    def __init__(self, path: Path | str, reason: str, advice: str) -> None:
        self.path, self.reason, self.advice = path, reason, advice
        super().__init__(f"{path}: {reason}; {advice}")


class NoWorkers(InputError):
    """The engine can't be used, or has no workers."""

    def __init__(self, where: str, reason: str, advice: str) -> None:
        self.where, self.reason, self.advice = where, reason, advice
        super().__init__(f"{where}: {reason}; {advice}")


class ArchiveError(InputError):
    """The archive can't be used, or not for this."""

    def __init__(self, place: str | None, reason: str, advice: str) -> None:
        self.place, self.reason, self.advice = place, reason, advice
        super().__init__(f"{place or 'the archive'}: {reason}; {advice}")


class NotArchived(ArchiveError):
    """The archive has no briefing of a day."""

    def __init__(self, place: str | None, day: str, advice: str) -> None:
        self.day = day
        super().__init__(place, f"no briefing of {day}", advice)


class OtherArticles(ArchiveError):
    """The archive has a briefing of the day, none of whose articles are in the one that would take its place."""

    def __init__(self, place: str | None, day: str) -> None:
        self.day = day
        advice = f"give another --date or a --topic, or delete that one: `summarizer archive delete {day}`"
        super().__init__(place, f"has a briefing of {day} already, of other articles", advice)


class UnknownIdentity(ArchiveError):
    """Nothing in the archive goes by an id or a name, or more than one thing does."""

    def __init__(self, place: str | None, asked: str, reason: str, advice: str) -> None:
        self.asked = asked
        super().__init__(place, f"{asked!r} {reason}", advice)


class TooSlow(ArchiveError):
    """A question to the archive took longer than it may, and was broken off."""

    def __init__(self, place: str | None, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(place, f"a question took longer than {seconds:g} seconds", "ask for fewer days, or a party")


class CassetteError(SummarizerError):
    """Recordings can't serve this run."""


class MissingRecording(CassetteError):
    """Replay was asked for a request that no recording answers."""

    def __init__(self, asked: str, difference: str, remedy: str) -> None:
        self.asked, self.difference, self.remedy = asked, difference, remedy
        super().__init__(f"no recording of {asked}\n  {difference}\n  {remedy}")


class BrokenRecording(CassetteError):
    """A recording that can't be read."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}; delete it and record again")


class TraceError(SummarizerError):
    """A line can't be followed back to its article."""


class UnknownSentence(TraceError):
    """A cited sentence number is not in the article."""

    def __init__(self, number: int, article: str, first: int, last: int) -> None:
        self.number, self.article, self.first, self.last = number, article, first, last
        super().__init__(f"{article} has sentences {first} to {last}, cited {number}")


class QuoteMismatch(TraceError):
    """A quotation is not what stands at its place in the article."""

    def __init__(self, article: str, start: int, end: int, quote: str, found: str) -> None:
        self.article, self.start, self.end, self.quote, self.found = article, start, end, quote, found
        super().__init__(f"{article}[{start}:{end}] reads {found!r}, quoted as {quote!r}")
