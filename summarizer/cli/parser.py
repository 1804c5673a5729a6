"""The words a person types: commands and options."""

from __future__ import annotations

import argparse
import math

from summarizer.cli import commands as run
from summarizer.cli import keep, past
from summarizer.cli.commands import ANSWERS
from summarizer.cli.daily import run_daily, run_deliver
from summarizer.cli.look import COLORS
from summarizer.cli.serve import run_serve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal
    from pathlib import Path
    from typing import Any

WORKSPACE = "folder of the journal: answers by article, prompt, model and URL (default: in your data folder)"
JOURNAL = "a journal in PostgreSQL, that several machines share, as postgresql://…"
ARCHIVE = "SQLite file or database URL, as postgresql+psycopg://… (default: archive.sqlite3 in the workspace)"


def build_parser() -> argparse.ArgumentParser:
    """All commands and options."""
    parser = argparse.ArgumentParser(
        prog="summarizer",
        description="Turn a day's news articles into one briefing in which every line can be checked.",
        epilog="Exit codes: 0 done, and whole; 3 done with problems (see the briefing's section Problems); 1 not done; "
        "2 wrong usage, or nothing there to answer from; 4 another start of daily is at it; 5 batches are under way, "
        "the same command collects them; 130 stopped by hand.",
    )
    parser.add_argument("--version", action=Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Command)
    _add_brief(commands)
    _add_daily(commands)
    _add_deliver(commands)
    _add_prompts(commands)
    _add_schema(commands)
    _add_cassettes(commands)
    _add_journal(commands)
    _add_questions(commands)
    _add_export(commands)
    _add_serve(commands)
    _add_archive(commands)
    return parser


class Command(argparse.ArgumentParser):
    """A command's parser, which learns its options when it is used.

    Those of all commands together take as long as Python does to start.
    """

    def __init__(self, *given: Any, options: Callable[[Command], None] | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self._options = options

    def _learn(self) -> None:
        if self._options is not None:
            options, self._options = self._options, None
            options(self)

    def parse_known_args(self, *given: Any) -> Any:  # type: ignore[override]
        """Parse, and say who did: it complains of what it doesn't know."""
        self._learn()
        self.set_defaults(parser=self)
        return super().parse_known_args(*given)

    def format_help(self) -> str:
        """The help, of all options."""
        self._learn()
        return super().format_help()


class Version(argparse.Action):
    """Prints the version; looks it up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print and exit."""
        from summarizer.version import VERSION

        print(f"summarizer {VERSION}")
        parser.exit()


Commands = argparse._SubParsersAction  # the only name that argparse has for it


def _add_brief(commands: Commands[Command]) -> None:
    commands.add_parser(
        "brief",
        help="make a briefing of articles",
        description="Make one briefing of a day's articles. Progress goes to stderr, the briefing to stdout or a file.",
        epilog="Every setting also has a variable SUMMARIZER_NAME: SUMMARIZER_MODEL, SUMMARIZER_TIMEOUT …",
        options=_brief_options,
    )


def _brief_options(brief: Command) -> None:
    brief.set_defaults(run=run.run_brief)
    brief.add_argument(
        "paths",
        nargs="+",
        metavar="PLACE",
        help="file, folder, pattern, URL, or - for standard input: text, pages, feeds, mail, PDF … (docs/reading.md)",
    )
    brief.add_argument(
        "--date", type=_date, metavar="YYYY-MM-DD", help="the briefing's date (default: newest article's)"
    )
    forms = ("md", "html", "pdf", "json", "text", "svg")
    brief.add_argument("--format", choices=forms, help="default: by the ending of -o, else md")
    _add_picture(brief)
    brief.add_argument("-o", "--output", type=_path, metavar="FILE", help="write there instead of to stdout")
    _add_look(brief)
    brief.add_argument("--quiet", action="store_true", help="no progress")
    brief.add_argument("-v", "--verbose", action="store_true", help="log every request as JSON lines, not progress")
    brief.add_argument("--dry-run", action="store_true", help="say what would be asked and may be paid; ask nobody")
    brief.add_argument(
        "--allow-private",
        action="store_const",
        const={"allow_private": True},
        dest="fetch",
        help="fetch from one's own machine and network, too",
    )
    model = brief.add_argument_group("model")
    model.add_argument("--model", metavar="PROVIDER/NAME", help="default: openai/gpt-5.4-mini")
    model.add_argument("--base-url", metavar="URL", help="OpenAI-compatible endpoint, as http://localhost:11434/v1")
    model.add_argument("--context", type=int, metavar="N", help="tokens it takes, where that isn't known by its name")
    model.add_argument("--max-output", type=int, metavar="N", help="tokens that one answer may have (default: 16384)")
    model.add_argument("--language", metavar="TAG", help="language of the briefing (default: en)")
    model.add_argument("--prompts", type=_path, metavar="DIR", help="templates that replace those of the same name")
    stories = brief.add_argument_group("stories")
    stories.add_argument(
        "--topic", metavar="WORDS", help='keep one beat, as "Ukraine talks"; what is left out is listed'
    )
    stories.add_argument("--max-stories", type=int, metavar="N", help="read and tell so many (default: 10)")
    stories.add_argument(
        "--min-reports",
        type=int,
        metavar="N",
        help="tell a story if it has so many articles, if any has (default: 2); smaller ones are listed",
    )
    _add_batch(brief.add_argument_group("batch"))
    limits = brief.add_argument_group("limits")
    limits.add_argument("--concurrency", type=int, metavar="N", help="requests under way at once (default: 8)")
    limits.add_argument("--rpm", type=int, metavar="N", dest="requests_per_minute", help="requests a minute")
    limits.add_argument("--tpm", type=int, metavar="N", dest="tokens_per_minute", help="tokens a minute")
    limits.add_argument("--timeout", type=float, metavar="SECONDS", help="for one whole reply (default: 180)")
    limits.add_argument("--deadline", type=float, metavar="SECONDS", help="for the whole run")
    limits.add_argument("--max-tokens", type=int, metavar="N", help="stop before the run takes more")
    limits.add_argument("--max-cost", type=_money, metavar="USD", help="stop before the run costs more")
    journal = brief.add_argument_group("journal")
    kept = journal.add_mutually_exclusive_group()
    kept.add_argument("--workspace", type=_path, metavar="DIR", help=WORKSPACE)
    kept.add_argument("--no-journal", action="store_true", help="keep no answers, and use none that are kept")
    journal.add_argument("--journal", metavar="URL", help=JOURNAL)
    _add_engine(brief.add_argument_group("several processes"))
    archive = brief.add_argument_group("archive")
    where = archive.add_mutually_exclusive_group()
    where.add_argument("--archive", metavar="PLACE", help=ARCHIVE)
    where.add_argument("--no-archive", action="store_true", help="enter it nowhere, and compare with nothing")
    _add_no_texts(archive, "enter it without the articles' texts")
    archive.add_argument("--look-back", type=int, metavar="DAYS", help="compare with so many days before (default: 30)")
    tapes = brief.add_argument_group("recordings").add_mutually_exclusive_group()
    tapes.add_argument("--record", type=_path, metavar="DIR", help="keep every reply; what is there isn't asked again")
    tapes.add_argument("--replay", type=_path, metavar="DIR", help="take every reply from there; asks nobody")


def _add_batch(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--batch", action="store_const", const=True, help="ask by batch: half the price, up to a day a step"
    )
    group.add_argument(
        "--batch-wait",
        type=float,
        metavar="SECONDS",
        help="leave after so long; the same command collects later (default: wait)",
    )


def _add_engine(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--engine", choices=("local", "dask"), help="what reads articles (default: local, one process)")
    group.add_argument("--workers", type=int, metavar="N", help="of Dask on this machine (default: one a core)")
    group.add_argument("--scheduler", metavar="ADDRESS", help="Dask's, that is there, as tls://host:8786")


def _add_no_texts(command: argparse._ActionsContainer, told: str) -> None:
    """The setting `keep_texts`, as an option."""
    command.add_argument("--no-texts", action="store_const", const=False, dest="keep_texts", help=told)


def _add_daily(commands: Commands[Command]) -> None:
    commands.add_parser(
        "daily",
        help="make the day's briefing of what is new since yesterday, once",
        description="Make the day's briefing of what is new since yesterday, as summarizer.toml has it, after those of "
        "days that were missed. Started again, it does nothing twice (docs/daily.md).",
        epilog="Exit codes: 0 all done, or nothing to do; 3 done with problems; 1 not done; 2 wrong usage; 4 another "
        "start is at it; 5 batches are under way, the next start collects them. Variables SUMMARIZER_NAME go before "
        "the file.",
        options=_daily_options,
    )


def _daily_options(daily: Command) -> None:
    daily.set_defaults(run=run_daily)
    daily.add_argument("--config", type=_path, default="summarizer.toml", metavar="FILE", help="default: %(default)s")
    daily.add_argument("--init", action="store_true", help="write a file to start from, and nothing else")
    daily.add_argument("--date", type=_date, metavar="YYYY-MM-DD", help="the briefing's date (default: today)")
    daily.add_argument("--again", action="store_true", help="make it anew though it is in the archive; no other day")
    daily.add_argument("--catch-up", type=_count, metavar="N", help="missed days made first, at most (default: 7)")
    daily.add_argument("--dry-run", action="store_true", help="say what would be asked and may be paid; ask nobody")
    _add_look(daily)
    daily.add_argument("--quiet", action="store_true", help="say nothing but what went wrong")
    daily.add_argument("-v", "--verbose", action="store_true", help="log every request as JSON lines, not progress")


def _add_deliver(commands: Commands[Command]) -> None:
    commands.add_parser(
        "deliver",
        help="take a briefing of the archive where summarizer.toml says",
        description="Take a briefing of the archive to those whom summarizer.toml names: files are written, mails and "
        "channels sent to who hasn't had them. Asks no model (docs/delivery.md).",
        epilog="Exit codes: 0 delivered, or nothing to do; 3 not to all; 2 wrong usage; 4 another start is at it.",
        options=_deliver_options,
    )


def _deliver_options(deliver: Command) -> None:
    deliver.set_defaults(run=run_deliver)
    deliver.add_argument("day", nargs="?", type=_date, metavar="DATE", help="as 2031-05-12 (default: the last day)")
    deliver.add_argument("--config", type=_path, default="summarizer.toml", metavar="FILE", help="default: %(default)s")
    deliver.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="NAME",
        help="only there: folder, mail, channel, stdout, or one address, path or variable; may be repeated",
    )
    deliver.add_argument("--again", action="store_true", help="send it also to those who had it")
    deliver.add_argument("--quiet", action="store_true", help="say nothing but what went wrong")


def _add_prompts(commands: Commands[Command]) -> None:
    commands.add_parser(
        "prompts", help="list or show the prompts", description="List or show the prompts.", options=_prompts_options
    )


def _prompts_options(prompts: Command) -> None:
    verbs = prompts.add_subparsers(metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="all prompts: name, version, hash, what it asks")
    listed.set_defaults(run=run.run_prompts_list)
    shown = verbs.add_parser("show", help="one prompt as its file has it")
    shown.set_defaults(run=run.run_prompts_show)
    shown.add_argument("name", metavar="NAME")
    for verb in (listed, shown):
        verb.add_argument("--prompts", type=_path, metavar="DIR", help="templates that replace those of the same name")


def _add_schema(commands: Commands[Command]) -> None:
    commands.add_parser(
        "schema",
        help="print a JSON Schema",
        description="Print the JSON Schema of a briefing, or of what a model fills in.",
        options=_schema_options,
    )


def _schema_options(schema: Command) -> None:
    schema.set_defaults(run=run.run_schema)
    names = ("Briefing", "Article", *ANSWERS)
    schema.add_argument("name", nargs="?", default="Briefing", choices=names, metavar="NAME", help=", ".join(names))


def _add_cassettes(commands: Commands[Command]) -> None:
    commands.add_parser(
        "cassettes", help="check recordings", description="Check recordings.", options=_cassettes_options
    )


def _cassettes_options(cassettes: Command) -> None:
    verbs = cassettes.add_subparsers(metavar="VERB", required=True)
    check = verbs.add_parser(
        "check",
        help="name what is stale, unused or missing",
        description="Hold recordings against today's prompts, schemas and articles. Asks nobody. "
        "Exit code 1 if something is stale or missing.",
    )
    check.set_defaults(run=run.run_cassettes_check)
    check.add_argument("folders", nargs="+", type=_path, metavar="DIR")
    check.add_argument("--prompts", type=_path, metavar="DIR", help="templates that replace those of the same name")


def _add_journal(commands: Commands[Command]) -> None:
    commands.add_parser(
        "journal",
        help="see what is kept, or clear it out",
        description="Every answer that was paid for is kept, and not asked for again.",
        options=_journal_options,
    )


def _journal_options(journal: Command) -> None:
    verbs = journal.add_subparsers(metavar="VERB", required=True)
    stats = verbs.add_parser("stats", help="what is kept: answers, tokens, money, by prompt and model")
    stats.set_defaults(run=run.run_journal_stats)
    _add_look(stats)
    prune = verbs.add_parser("prune", help="delete what was not used for a time", description="Delete answers.")
    prune.set_defaults(run=run.run_journal_prune)
    which = prune.add_mutually_exclusive_group(required=True)
    which.add_argument("--older-than", type=_days, metavar="DAYS", help="those not used for so long")
    which.add_argument("--all", action="store_true", help="all of them")
    for verb in (stats, prune):
        where = verb.add_mutually_exclusive_group()
        where.add_argument("--workspace", type=_path, metavar="DIR", help=WORKSPACE)
        where.add_argument("--journal", metavar="URL", help=JOURNAL)


def _add_questions(commands: Commands[Command]) -> None:
    commands.add_parser(
        "list", help="briefings in the archive", description="List the archive's briefings.", options=_list_options
    )
    commands.add_parser(
        "show",
        help="a day's briefing, or one thing over all days",
        description="Show a day's briefing as it was made; or, by its id, one thing over all days.",
        options=_show_options,
    )
    commands.add_parser(
        "diff", help="two days side by side", description="Hold two days against each other.", options=_diff_options
    )
    commands.add_parser(
        "ledger",
        help="who wants what, and what came of it",
        description="Over a span of days: demands and proposals by party with the answers to them, how certain each "
        "meeting was on which day and by whom, and how claims' standing moved.",
        options=_ledger_options,
    )
    commands.add_parser(
        "actor",
        help="what somebody demanded, proposed and said, and where they met",
        description="All that an actor, and who belongs to it, had a part in.",
        options=_actor_options,
    )
    commands.add_parser(
        "search",
        help="full text over items and quotations",
        description="Find what has all the words. Case and accents don't count.",
        options=_search_options,
    )


def _list_options(listed: Command) -> None:
    listed.set_defaults(run=past.run_list)
    _add_span(listed)
    _add_shown(listed)


def _show_options(show: Command) -> None:
    show.set_defaults(run=past.run_show)
    show.add_argument("what", nargs="?", metavar="DATE|ID", help="as 2031-05-12 or D4 (default: the last day)")
    show.add_argument("--topic", metavar="WORDS", help="if the day has several briefings")
    _add_picture(show)
    _add_shown(show, "html", "pdf", "svg", form=None, told="by the ending of -o, else text")


def _diff_options(diff: Command) -> None:
    diff.set_defaults(run=past.run_diff)
    diff.add_argument("days", nargs=2, type=_date, metavar="DATE")
    _add_shown(diff)


def _ledger_options(ledger: Command) -> None:
    ledger.set_defaults(run=past.run_ledger)
    ledger.add_argument("--issue", metavar="WORDS", help="only what is about it")
    _add_party(ledger)
    _add_span(ledger)
    _add_shown(ledger, "svg")


def _actor_options(actor: Command) -> None:
    actor.set_defaults(run=past.run_actor)
    actor.add_argument("name", nargs="+", metavar="NAME", help="or a part of it, or an id")
    _add_most(actor)
    _add_span(actor)
    _add_shown(actor)


def _search_options(search: Command) -> None:
    search.set_defaults(run=past.run_search)
    search.add_argument(
        "words", nargs="+", metavar="WORDS", help="words, '\"a phrase\"', the beginning of one*, -without"
    )
    kinds = ("actor", "demand", "proposal", "venue", "claim", "event", "dispute")
    search.add_argument("--type", action="append", choices=kinds, dest="kinds", help="only these; may be repeated")
    _add_party(search)
    _add_most(search)
    _add_span(search)
    _add_shown(search)


def _add_party(asked: Command) -> None:
    asked.add_argument("--party", metavar="NAME", help="only what names it, or who belongs to it")


def _add_most(asked: Command) -> None:
    asked.add_argument("--most", type=_most, default=50, metavar="N", help="show so many, of each kind (default: 50)")


def _add_span(asked: Command) -> None:
    asked.add_argument("--from", type=_date, dest="since", metavar="DATE", help="first day")
    asked.add_argument("--to", type=_date, dest="until", metavar="DATE", help="last day")


def _add_shown(asked: Command, *more: str, form: str | None = "text", told: str = "text") -> None:
    """How an answer is written, and of which archive."""
    asked.add_argument("--format", choices=("text", "md", "json", "csv", *more), default=form, help=f"default: {told}")
    asked.add_argument("-o", "--output", type=_path, metavar="FILE", help="write there instead of to stdout")
    _add_look(asked)
    _add_place(asked)


def _add_look(command: argparse.ArgumentParser) -> None:
    """How what a person reads is shown."""
    command.add_argument(
        "--width", type=_columns, metavar="N", help="columns of text (default: the terminal's; elsewhere 88)"
    )
    command.add_argument(
        "--color", choices=COLORS, default="auto", help="default: on a terminal, unless NO_COLOR is set"
    )


def _add_picture(command: argparse.ArgumentParser) -> None:
    """Which picture `--format svg` draws."""
    command.add_argument("--picture", choices=("network", "timeline", "ladder"), help="of svg (default: network)")


def _add_place(command: argparse.ArgumentParser) -> None:
    """Where the archive is."""
    command.add_argument("--archive", metavar="PLACE", help=ARCHIVE)
    command.add_argument("--workspace", type=_path, metavar="DIR", help="folder where it lies, if it is a file")


def _add_export(commands: Commands[Command]) -> None:
    commands.add_parser(
        "export",
        help="a briefing in the field's formats",
        description="Write a briefing as plover (event records), ninjs (IPTC news item), jsonld (schema.org), ics "
        "(calendar), csv (items) or quotes-csv (quotations). See docs/export.md.",
        options=_export_options,
    )


def _export_options(export: Command) -> None:
    export.set_defaults(run=past.run_export)
    export.add_argument("what", nargs="?", metavar="DATE|FILE", help="a day, or a briefing's JSON (default: last day)")
    export.add_argument("--topic", metavar="WORDS", help="if the day has several briefings")
    export.add_argument("--format", metavar="NAME", help="default: by the ending of -o, else csv")
    export.add_argument("-o", "--output", type=_path, metavar="FILE", help="write there instead of to stdout")
    _add_place(export)


def _add_serve(commands: Commands[Command]) -> None:
    commands.add_parser(
        "serve",
        help="the archive as a site, to be read",
        description="Serve the archive as a site and an API on this machine, to be read only (docs/serve.md). Needs "
        "summarizer[serve].",
        epilog="A token can also be given in the variable SUMMARIZER_TOKEN.",
        options=_serve_options,
    )


def _serve_options(serve: Command) -> None:
    serve.set_defaults(run=run_serve)
    serve.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="default: %(default)s; any other needs a token"
    )
    serve.add_argument("--port", type=int, default=8765, metavar="N", help="default: %(default)s; 0: any that is free")
    serve.add_argument(
        "--name",
        action="append",
        default=[],
        dest="names",
        metavar="HOST",
        help="what it is called besides; may be repeated",
    )
    token = serve.add_mutually_exclusive_group()
    token.add_argument("--token-file", type=_path, metavar="FILE", help="ask for the token in it")
    token.add_argument("--new-token", action="store_true", help="make a token, print it, ask for it")
    serve.add_argument(
        "--behind-proxy",
        action="store_true",
        help="believe X-Forwarded-Proto and -For; only where nothing but a proxy reaches it",
    )
    serve.add_argument("--open", action="store_true", help="open it in the browser")
    _add_place(serve)


def _add_archive(commands: Commands[Command]) -> None:
    commands.add_parser(
        "archive",
        help="mend the archive, or move it",
        description="Say what is one thing over the days and what isn't, delete a day, move all to another machine.",
        options=_archive_options,
    )


def _archive_options(archive: Command) -> None:
    verbs = archive.add_subparsers(metavar="VERB", required=True)
    merge = verbs.add_parser("merge", help="one id for what had several", description="Give several things one id.")
    merge.set_defaults(run=keep.run_merge)
    merge.add_argument("id", metavar="ID", help="that stays, as D4")
    merge.add_argument("others", nargs="+", metavar="ID", help="that go by it from now on")
    split = verbs.add_parser(
        "split",
        help="part what had one id",
        description="Part what goes by one id: what it was on some days; without days, what was merged into another.",
    )
    split.set_defaults(run=keep.run_split)
    split.add_argument("id", metavar="ID")
    split.add_argument("days", nargs="*", type=_date, metavar="DATE", help="on which it was another thing")
    rename = verbs.add_parser("rename", help="call a thing otherwise", description="Call a thing otherwise.")
    rename.set_defaults(run=keep.run_rename)
    rename.add_argument("id", metavar="ID")
    rename.add_argument("name", nargs="?", metavar="NAME", help="without one: as it was first called")
    delete = verbs.add_parser("delete", help="delete a day's briefing", description="Delete a day's briefing.")
    delete.set_defaults(run=keep.run_delete)
    delete.add_argument("day", type=_date, metavar="DATE")
    delete.add_argument("--topic", metavar="WORDS", help="of the briefing; without it, the one on all topics")
    forget = verbs.add_parser(
        "forget-texts",
        help="forget the texts of articles that were read long ago",
        description="Forget the texts of articles that no briefing of that day or later was made of. Briefings, and "
        "what they quote, stay.",
    )
    forget.set_defaults(run=keep.run_forget_texts)
    forget.add_argument("--before", type=_date, metavar="DATE", required=True, help="as 2031-05-12")
    dump = verbs.add_parser("dump", help="all of it as lines of JSON", description="Write all of it as lines of JSON.")
    dump.set_defaults(run=keep.run_dump)
    dump.add_argument("-o", "--output", type=_path, metavar="FILE", help="write there instead of to stdout")
    dump.add_argument("--no-texts", action="store_false", dest="texts", help="without the articles' texts")
    load = verbs.add_parser(
        "load",
        help="fill it from a dump, or with briefings",
        description="Make an archive of a dump; or enter briefings from their JSON.",
    )
    load.set_defaults(run=keep.run_load)
    load.add_argument("file", metavar="FILE", help="dump, or a briefing's JSON; - for standard input")
    _add_no_texts(load, "without the articles' texts that a dump has")
    for verb in (merge, split, rename, delete, forget, dump, load):
        _add_place(verb)


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not 0 < days < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; write one above 0, or --all")
    return days


def _columns(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) >= 20):
        raise argparse.ArgumentTypeError(f"{text!r} is no width; write a number of columns, 20 or more")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; write 0 or more")
    return int(text)


def _most(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of answers; write 1 or more")
    return int(text)


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def _money(text: str) -> Decimal:
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(text.removeprefix("$"))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount; write US dollars, as 0.50") from None


def _date(text: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as YYYY-MM-DD") from None
