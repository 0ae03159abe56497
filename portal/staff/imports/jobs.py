"""The steps of an import that take time: done at once for a small one, by the worker for a large one."""

import logging

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.core import clock, progress
from portal.core.db import db, transaction
from portal.core.errors import DomainError
from portal.staff.imports import operations, queries
from portal.staff.imports.models import BatchState, ImportBatch

AT_ONCE = 300
"""How many rows a request takes on itself."""

logger = logging.getLogger(__name__)


def work() -> None:
    """Do what waits. What cannot be done is given back to its curator, with nothing of it written."""
    for batch_id in queries.waiting():
        try:
            run(batch_id)
        except (DomainError, IntegrityError, StaleDataError) as error:
            logger.warning("import %s could not go on: %s", batch_id, error)
            with transaction():
                operations.give_up(db.session.get_one(ImportBatch, batch_id, populate_existing=True))


def run(batch_id: int) -> None:
    """Take an import as far as it goes without its curator."""
    state = db.session.get_one(ImportBatch, batch_id).state
    if state is BatchState.CHECKING:
        _check(batch_id)
    elif state in (BatchState.WRITING, BatchState.UNDOING):
        try:
            with transaction():
                batch = db.session.get_one(ImportBatch, batch_id, populate_existing=True, with_for_update=True)
                if batch.state is state:
                    act = operations.write if state is BatchState.WRITING else operations.undo
                    act(batch, actor=queries.acting(batch), now=clock.now())
        finally:
            progress.end(f"import-{batch_id}")


def _check(batch_id: int) -> None:
    checking = operations.Checking(db.session.get_one(ImportBatch, batch_id))
    is_more = True
    while is_more:
        with transaction():
            is_more = checking.step()
