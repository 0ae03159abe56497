"""The year of a moment by the Danish calendar, in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class danish_year(FunctionElement[int]):  # noqa: N801  reads as the SQL function it is
    """`danish_year(Article.publish_at)`: New Year's Eve at 23:30 UTC is next year already."""

    type = Integer()
    inherit_cache = True
    name = "danish_year"

    def __init__(self, moment: ColumnElement[datetime] | Any) -> None:
        super().__init__(moment)


@compiles(danish_year, "postgresql")
def _postgresql(element: danish_year, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"CAST(EXTRACT(year FROM {moment} AT TIME ZONE 'Europe/Copenhagen') AS INTEGER)"


@compiles(danish_year, "sqlite")
def _sqlite(element: danish_year, compiler: Any, **kwargs: Any) -> str:
    # A year always turns in winter, when Denmark is one hour ahead.
    return f"CAST(STRFTIME('%Y', {compiler.process(element.clauses, **kwargs)}, '+1 hour') AS INTEGER)"
