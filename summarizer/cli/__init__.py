"""The command line: words a person types, words on the screen. The only place that prints or exits."""

from __future__ import annotations

import os
import sys

from summarizer.cli.commands import NONE, UNDER_WAY, USAGE
from summarizer.cli.parser import build_parser
from summarizer.cli.screen import visible

__all__ = ["build_parser", "main"]


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    args, unknown = build_parser().parse_known_args(argv)
    if unknown:  # the command's own usage says what it knows; argparse would show that of the program
        args.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    from summarizer.errors import BatchesUnderWay, InputError, PromptError, SummarizerError

    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except (InputError, PromptError) as error:
        _complain(error)
        return USAGE
    except SummarizerError as error:
        _complain(error)
        return UNDER_WAY if isinstance(error, BatchesUnderWay) else NONE
    except KeyboardInterrupt:
        print("summarizer: stopped; what is in the journal or in a batch isn't asked again", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NONE
    except OSError as error:
        _complain(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains once more
        return NONE


def _complain(error: Exception) -> None:
    print(f"summarizer: {visible(str(error))}", file=sys.stderr)
