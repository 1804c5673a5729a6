"""Conditions of a question: one of many values, which each database has in its own words; a span of days."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def among(column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values. They are one parameter: however many, the question is the same."""
    return _Among(column, bindparam(None, json.dumps(list(dict.fromkeys(values))), Text))


def within(asked: Select[Any], column: Column[Any], since: date | None, until: date | None) -> Select[Any]:
    """Only those of a span of days, both ends included; None: without that end."""
    asked = asked.where(column >= since) if since else asked
    return asked.where(column <= until) if until else asked


class _Among(FunctionElement[bool]):
    """A column and a JSON list.

    Without a type: of what is boolean SQLAlchemy asks SQLite whether it is 1, and then no index serves.
    """

    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - what SQLAlchemy has made of both


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    of_column = compiler.dialect.type_compiler_instance.process(next(iter(element.clauses)).type)
    listed = f"SELECT CAST(json_array_elements_text(CAST({values} AS JSON)) AS {of_column})"
    return f"{column} = ANY (ARRAY({listed}))"
