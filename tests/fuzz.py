"""Fuzzing with atheris: the properties of `tests/properties.py`, with inputs led by coverage.

    make fuzz                       # a minute
    make fuzz FUZZ_SECONDS=3600     # an hour

An input that breaks a property is written to the folder `.fuzz` and named in the output.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["summarizer"]):
    from tests.properties import check_answer, check_page, check_refusal, check_text

from tests.conftest import HARBOUR


def try_one(data: bytes) -> None:
    """Hold one input to all properties."""
    provider = atheris.FuzzedDataProvider(data)
    kind = provider.ConsumeIntInRange(0, 3)
    if kind == 0:
        check_text(provider.ConsumeUnicodeNoSurrogates(4000), provider.ConsumeIntInRange(1, 9))
    elif kind == 1:
        check_answer(HARBOUR, provider.ConsumeUnicodeNoSurrogates(4000))
    elif kind == 2:
        check_page(provider.ConsumeUnicodeNoSurrogates(1000))
    else:
        check_refusal(provider.ConsumeBytes(2000))


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
