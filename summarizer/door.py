"""The one door to a model: what is asked at all, and what is known already.

What was answered before is taken from the journal; what is answered now is kept there.
Nothing goes out that might pass a cap, comes after the deadline, or has no chance.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import uuid
from contextlib import AsyncExitStack, ExitStack
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from summarizer.account import Account
from summarizer.answers import Answer, Check, checked_by
from summarizer.budget import Amount, Budget
from summarizer.cassette import Cassette
from summarizer.crew import Crew, CrewBudget, CrewThrottle
from summarizer.errors import (
    DeadlinePassed,
    DeclinedQuestion,
    InvalidSettings,
    JournalError,
    LongPrompt,
    ModelError,
    RefusedRequest,
    TooMuch,
    UnreachableModel,
)
from summarizer.journal import Kept
from summarizer.journals import AnyJournal, ServerJournal, journal_of
from summarizer.llm import Model
from summarizer.log import tell
from summarizer.models import Article, PromptUse, Usage
from summarizer.prompts import Message, Prompt
from summarizer.question import Exchange, Question, key_for, limits_of, parts_key_for, room_for
from summarizer.settings import Settings
from summarizer.text import flatten
from summarizer.throttle import Throttle
from summarizer.tokens import MARGIN
from summarizer.transport import Call
from summarizer.usage import price_of
from summarizer.verdict import endpoint_of

if TYPE_CHECKING:
    from summarizer.batch import Told

A = TypeVar("A", bound=Answer)

GIVE_UP_AFTER = 5
"""Questions in a row that could not be asked at all; then the endpoint is down, and nothing more is tried."""
REFUSE_AFTER = 3
"""Questions in a row that the endpoint declined, with none answered before; then it is no matter of the question."""


BATCHED = 10_000
"""Articles read at once by batch: more than a file of 200 MB holds, as each takes some 20 kB of it."""
A_LOOK = 0.01
"""Seconds that are no more than one look at whether somebody else is asking."""
REASK = 8
"""What a re-ask may add to a prompt, in tokens of the answer that it sends back: the answer, and a line for each thing
wrong with it."""


class Door:
    """Asks one model, within limits, and keeps count. Close it when done (`async with`)."""

    def __init__(self, settings: Settings, *, joins: str | None = None, told: Told | None = None) -> None:
        """Make the client, and open the journal; nothing is sent yet.

        Args:
            settings: of the run.
            joins: id of the run that this is another process of; None: this one begins it.
            told: hears how batches stand.

        Raises:
            NoModel: if there is no key, no server and no recordings to answer.
            InvalidSettings: if the settings contradict each other.
            JournalError: if the workspace can't hold a journal, or batches.
        """
        check_settings(settings)
        self.settings = settings
        self.usage = Usage()
        """Of the replies that became answers, whenever they were given: the same for all runs that end alike."""
        self.answered_by: set[str] = set()
        self.prompts: dict[str, Prompt] = {}
        self.account = Account()
        self.limits = limits_of(settings)
        self._run_of_luck = _RunOfLuck()
        folder = settings.replay or settings.record
        self.cassette = Cassette(folder) if folder else None
        with ExitStack() as opened:
            self.journal = journal_of(settings)
            if self.journal is not None:
                opened.callback(self.journal.close)
            self.crew = self._crew(joins)
            self.budget, self.throttle = _limits(settings, self.crew)
            self._model = Model(
                settings, cassette=self.cassette, throttle=self.throttle, account=self.account, told=told
            )
            opened.pop_all()
        self._begun = self.crew if joins is None else None

    def _crew(self, joins: str | None) -> Crew | None:
        """What this process shares with others of the run; None: it is alone."""
        if not isinstance(self.journal, ServerJournal) or self.settings.engine == "local":
            return None
        return Crew(self.journal.server, joins) if joins else Crew.begin(self.journal.server, self.settings)

    def beside(self) -> Door:
        """A door of the same model, journal and limits whose answers are counted apart."""
        other = copy(self)
        other.usage, other.answered_by, other.prompts = Usage(), set(), {}
        return other

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self._model.aclose(ended=kind is None or issubclass(kind, ModelError))
        if self.crew is not None:
            await self.crew.leave(end=self._begun is not None)
        if self.journal is not None:
            self.journal.close()

    async def ask(
        self,
        message: Message,
        answer: type[A],
        *,
        check: Check | None = None,
        article: Article | None = None,
        divisible: bool = False,
    ) -> A:
        """Ask, and have invalid answers mended; what the journal has isn't asked again.

        Args:
            message: the rendered prompt.
            answer: what the model fills in.
            check: yields what is wrong with a well-typed answer, to be re-asked about.
            article: the one that the question is about, if it is about one.
            divisible: whether it can be asked in parts; that it has to be is then remembered.

        Raises:
            RejectedAnswer: if the answer is still invalid after the re-asks allowed.
            DeclinedQuestion: if model or endpoint will not answer this one.
            TooMuch: if the question has to be asked in parts.
            EndlessAnswer: if the answer repeated itself until it was cut.
            RefusedRequest: if the endpoint refuses for good: key, model, quota.
            UnreachableModel: if it can't be reached, or fails every attempt.
            Spent: if the run may not ask this any more.
            MissingRecording: in a replay, if this was never recorded.
        """
        question = Question(message, answer, check or (lambda _: ()), article, divisible)
        self.prompts[question.prompt] = message.prompt
        try:
            async with asyncio.timeout(self.budget.seconds_left) as limit:
                if self.journal is None:
                    found, kept = await self._put(question)
                else:
                    found, kept = await self._through(question, self.journal)
        except TimeoutError:
            if not limit.expired():
                raise
            raise DeadlinePassed(self.settings.deadline or 0) from None
        self.usage += kept.usage
        self.answered_by.add(kept.answered_by)
        return found

    @property
    def at_once(self) -> int:
        """Questions that are worth asking at once: twice as many as may be under way, or what comes to a batch."""
        # Twice as many: some always wait to be sent again.
        return BATCHED if self.settings.batch else 2 * self.settings.concurrency

    def room(self, prompt: Prompt, answer: type[Answer]) -> int:
        """Tokens, as estimated, that the material of a question may have to fit the model's context."""
        return room_for(prompt, answer, self.settings)

    def prompt_uses(self) -> tuple[PromptUse, ...]:
        """The prompts asked so far, by name."""
        used = sorted(self.prompts.values(), key=lambda prompt: prompt.name)
        return tuple(PromptUse(name=p.name, version=p.head.version, sha256=p.sha256) for p in used)

    # ------------------------------------------------------------------ what is kept

    async def _through(self, question: Question[A], journal: AnyJournal) -> tuple[A, Kept]:
        """Take what the journal has; or ask what nobody else is asking just now, and keep the answer.

        Raises:
            TooMuch: if this has to be asked in parts.
        """
        key, parts_key = key_for(question, self.settings), None
        if question.divisible:
            parts_key = parts_key_for(key, self.settings)
        patience = self.settings.attempts * (self.settings.timeout + self.settings.longest_wait)
        if self.settings.batch:  # a batch may take a day: who asks the same as another run waits for the same batch
            patience = A_LOOK
        async with AsyncExitStack() as claim:
            try:
                keys = (key, parts_key) if parts_key else (key,)
                kept = await claim.enter_async_context(journal.asking(*keys, patience=patience))
                if kept is not None and (found := self._accepted(question, kept)):
                    return found
                if kept is not None:
                    await claim.enter_async_context(journal.asking(key, patience=patience, anew=True))
            except JournalError as error:
                self._without_journal(error)
                unkept = await self._put(question)
                self.account.unsaved += 1
                return unkept
            try:
                answer, kept = await self._put(question)
            except TooMuch as error:
                if parts_key:
                    await self._keep(journal, parts_key, self._kept(question, parts=error.parts))
                raise
            await self._keep(journal, key, kept)
            return answer, kept

    def _accepted(self, question: Question[A], kept: Kept) -> tuple[A, Kept] | None:
        """The answer that the journal has, if it still passes for one.

        Raises:
            TooMuch: if the journal knows that this has to be asked in parts.
        """
        if kept.answer is None:
            reason = f"prompt {question.prompt!r} has to be asked in parts"
            raise TooMuch(question.prompt, reason, kept.parts or 2)
        try:
            with checked_by(question.check):
                answer = question.answer.model_validate_json(kept.answer)
        except ValidationError:  # it was held to less than is asked today
            return None
        self.account.kept += 1
        self._run_of_luck.answered = True
        tell(logging.DEBUG, "from the journal", prompt=question.prompt, article=kept.article)
        return answer, kept

    async def _keep(self, journal: AnyJournal, key: str, kept: Kept) -> None:
        """Keep an answer."""
        try:
            await asyncio.shield(journal.keep(key, kept))
        except JournalError as error:
            self.account.unsaved += 1
            self._without_journal(error)

    def _without_journal(self, error: JournalError) -> None:
        """A journal that fails in mid-run costs what it can't keep, not the run."""
        tell(logging.ERROR, "journal failed", reason=error.reason)

    def _kept(
        self,
        question: Question[A],
        *,
        answer: A | None = None,
        exchange: Exchange | None = None,
        parts: int | None = None,
    ) -> Kept:
        """An answer as the journal has it; or, without one, in how many parts it is to be asked."""
        return Kept(
            prompt=question.prompt,
            article=question.article.name if question.article else None,
            model=self.settings.model,
            answered_by=flatten(exchange.answered_by if exchange else "")[:200] or self.settings.model,
            answer=answer.model_dump_json(exclude_defaults=True) if answer else None,
            usage=exchange.usage if exchange else Usage(),
            parts=parts,
        )

    # ------------------------------------------------------------------ what is asked

    async def _put(self, question: Question[A]) -> tuple[A, Kept]:
        """Ask; if the endpoint refuses for its limits, take them in and ask once more."""
        while True:
            self._check_up()
            self.budget.check_time()
            call = self._call(question)
            sent = (self.limits.parameter, self.limits.output)
            try:
                return await self._exchange(question, call)
            except (LongPrompt, DeclinedQuestion) as error:
                # Another question may have learned the same while this one was under way.
                if not self.limits.learn(error.reason) and sent == (self.limits.parameter, self.limits.output):
                    call.keep_refusal()
                    self._mind(error)
                    raise
                tell(logging.INFO, "limits", parameter=self.limits.parameter, output=self.limits.output)
            except ModelError as error:
                self._mind(error)
                raise

    def _call(self, question: Question[A]) -> Call:
        """A question's way down. A quarter of the longest answer is what is expected of one."""
        article = question.article.name if question.article else None
        tokens = question.tokens + self.limits.output // 4 if self.throttle.counts_tokens else 0
        return Call(uuid.uuid4().hex[:8], question.prompt, article, tokens)

    async def _exchange(self, question: Question[A], call: Call) -> tuple[A, Kept]:
        """One exchange about a question, from the first attempt to a valid answer."""
        with self.budget.hold() as hold:
            exchange = Exchange(call, hold)

            async def admit() -> None:
                if self.budget.capped:
                    await self.budget.admit(hold, self._most(question, exchange))

            async def lose() -> None:
                self.budget.lose(hold)
                await admit()

            def book() -> None:
                self.account.spent += exchange.usage
                self.budget.book(hold, self._taken(exchange))

            call.lost = lose
            converse = partial(self._model.converse, question, exchange, self.limits, before=admit, after=book)
            try:
                if self._model.counts_requests:
                    answer = await converse()
                else:  # another provider's client: a question with its re-asks is one turn
                    async with self.throttle.turn(call.tokens):
                        answer = await converse()
            except ModelError as error:
                tell(logging.WARNING, "no answer", **call.names, error=type(error).__name__, attempts=exchange.attempts)
                raise
            finally:
                call.lost = None  # it refers to the call itself, so that all this would wait for the collector
        self._run_of_luck.down, self._run_of_luck.answered = (0, ""), True
        usage = exchange.usage
        counts = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost": usage.cost_usd}
        tell(logging.INFO, "answered", **call.names, attempts=exchange.attempts, **counts)
        return answer, self._kept(question, answer=answer, exchange=exchange)

    def _taken(self, exchange: Exchange) -> Amount:
        """What a reply took: as it says, at the price of the model asked for if its own is not known."""
        usage, cost = exchange.usage, exchange.usage.cost_usd
        if not usage.input_tokens:  # it doesn't say
            return exchange.hold.amount
        if cost is None and self.settings.max_cost is not None:
            cost = self._price(usage.input_tokens, usage.output_tokens)
        return Amount(usage.input_tokens + usage.output_tokens, cost)

    def _most(self, question: Question[A], exchange: Exchange) -> Amount:
        """What the next attempt may take at most."""
        inside = math.ceil(question.tokens * MARGIN)
        if exchange.last is not None:  # a re-ask has the answer before it and what is wrong with it
            inside = max(inside, exchange.usage.input_tokens) + REASK * exchange.usage.output_tokens + 1000
        cost: Decimal | None = Decimal(0)
        if self.settings.max_cost is not None:
            cost = self._price(inside, self.limits.output)
        return Amount(inside + self.limits.output, cost)

    def _price(self, inside: int, outside: int) -> Decimal | None:
        """What so many tokens of prompt and answer cost; None if no price is known."""
        batch = self.settings.batch
        return price_of(self.settings.model, input_tokens=inside, output_tokens=outside, batch=batch)

    # ------------------------------------------------------------------ what goes wrong

    def _mind(self, failure: ModelError) -> None:
        """Remember what failures in a row may mean.

        Raises:
            RefusedRequest: if the endpoint declined the first questions, whatever they were.
        """
        luck = self._run_of_luck
        if isinstance(failure, UnreachableModel):
            luck.down = (luck.down[0] + 1, failure.reason)
        elif isinstance(failure, DeclinedQuestion) and failure.status and not luck.answered:
            luck.declined += 1
            if luck.declined >= REFUSE_AFTER:
                reason = f"{luck.declined} questions in a row, none answered; the last: {failure.reason}"
                raise RefusedRequest(failure.status, reason, "see the provider's documentation of this") from None

    def _check_up(self) -> None:
        """See whether there is any point in asking.

        Raises:
            UnreachableModel: if so many questions in a row failed that the endpoint must be down.
        """
        failed, reason = self._run_of_luck.down
        if failed >= GIVE_UP_AFTER:
            why = f"given up after {GIVE_UP_AFTER} questions in a row without a reply; run it again to go on: {reason}"
            raise UnreachableModel(endpoint_of(self.settings), why)


@dataclass
class _RunOfLuck:
    """How questions went lately."""

    down: tuple[int, str] = (0, "")
    """How many in a row could not be asked at all, and why the last one."""
    declined: int = 0
    """How many the endpoint declined before any was answered."""
    answered: bool = False


def _limits(settings: Settings, crew: Crew | None) -> tuple[Budget, Throttle]:
    """The caps of a run and its pace, kept alone or with others."""
    caps: dict[str, Any] = {
        "max_tokens": settings.max_tokens,
        "max_cost": settings.max_cost,
        "deadline": settings.deadline,
    }
    pace: dict[str, Any] = {
        "requests_per_minute": settings.requests_per_minute,
        "tokens_per_minute": settings.tokens_per_minute,
    }
    if crew is None:
        return Budget(**caps), Throttle(settings.concurrency, **pace)
    return CrewBudget(crew, settings), CrewThrottle(settings.concurrency, crew, **pace)


def check_settings(settings: Settings) -> None:
    """See whether settings go together.

    Raises:
        InvalidSettings: if they don't.
    """
    if settings.record and settings.replay:
        raise InvalidSettings("give either record or replay, not both")
    if settings.batch and not settings.replay:
        _check_batch(settings)
    if settings.batch_wait is not None and not settings.batch:
        raise InvalidSettings("batch wait: only batches are left to be collected later; give --batch, too")
    if settings.replay and not settings.replay.is_dir():
        raise InvalidSettings(f"replay: {settings.replay} is not a folder of recordings")
    if settings.record:
        _make_folder(settings.record)
    if settings.engine != "local":
        _check_engine(settings)
    for url in filter(None, (settings.base_url, os.environ.get("OPENAI_BASE_URL"))):
        _check_url(url)
    key = settings.api_key.get_secret_value() if settings.api_key else os.environ.get("OPENAI_API_KEY", "")
    if not (key.strip().isascii() and key.strip().isprintable()):
        raise InvalidSettings("the API key has characters that no key has: check how it was copied")
    if settings.max_cost is not None and price_of(settings.model, input_tokens=1, output_tokens=1) is None:
        raise InvalidSettings(f"max cost: no price is known for {settings.model}; cap the run with --max-tokens")


def _check_engine(settings: Settings) -> None:
    """See whether several processes can work at a run."""
    if settings.record or settings.replay:
        raise InvalidSettings("engine: one process records and replays; leave --engine out")
    if settings.batch:
        raise InvalidSettings("engine: one process is enough to ask by batch; leave --engine or --batch out")
    if settings.journal is None:
        reason = "several processes share answers and limits through a database"
        advice = "name one as the journal, with --journal postgresql://USER@HOST/DATABASE or `journal` in a desk's file"
        raise InvalidSettings(f"engine: {reason}; {advice}")


def _check_batch(settings: Settings) -> None:
    """See whether there can be batches."""
    if settings.model.partition("/")[0] != "openai":
        raise InvalidSettings(
            f"batch: works through OpenAI-compatible endpoints, not {settings.model!r}: "
            f"use --model openai/NAME, with --base-url for a server other than OpenAI's"
        )
    if settings.workspace is None:
        raise InvalidSettings("batch: what is submitted is written down in a workspace; give --workspace")
    if settings.deadline is not None:
        raise InvalidSettings(
            "deadline: a batch may take a day, and what a deadline cuts off would be paid for and lost; "
            "give --batch-wait to leave and come back later"
        )


def _check_url(url: str) -> None:
    """See whether a base URL is one. It is not repeated: it may hold a login."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    if not whole:
        raise InvalidSettings("the base URL must begin with http:// or https://, and name a host")


def _make_folder(folder: Path) -> None:
    """A folder for recordings, before anything is asked that could then not be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidSettings(f"record: {folder} can't be made a folder of recordings: {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise InvalidSettings(f"record: {folder} can't be written to")
