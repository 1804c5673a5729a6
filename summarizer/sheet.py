"""Sheets: tables as CSV (RFC 4180) that no spreadsheet calculates.

A spreadsheet takes a cell that begins like a formula for one, and articles are written by anybody:
such cells get an apostrophe in front, which is what OWASP advises.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from summarizer.text import flatten

FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")
"""Where a formula would begin: at the start of a cell, or after the semicolon that parts cells in half of Europe."""


def write_sheet(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    r"""A header and rows, every line ended by CR LF.

    >>> write_sheet(["a", "b"], [{"a": "=1", "b": "x, y"}])
    'a,b\r\n\'=1,"x, y"\r\n'
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: sheet_cell(value) for column, value in row.items()})
    return out.getvalue()


def sheet_cell(value: object) -> str:
    """A value on one line, as text that no spreadsheet calculates. Several are parted by semicolons.

    >>> sheet_cell(["Anna", "@SUM(A1)"]), sheet_cell(None), sheet_cell(False)
    ("Anna; '@SUM(A1)", '', 'no')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, (str, int, date)):
        text = flatten("" if value is None else str(value))
    else:
        text = "; ".join(flatten(str(part)) for part in value)  # type: ignore[attr-defined]
    return FORMULA.sub(r"\1\2'", text)
