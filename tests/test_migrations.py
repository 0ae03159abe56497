"""The migrations make exactly the schema that the models describe, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Enum, inspect, select

from portal.core.db import db
from portal.projects.models import Milestone, Update
from tests.make import THEN, Make


def test_models_and_migrations_agree(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": lambda _c, _i, _m, _found, wanted: False if isinstance(wanted, Enum) else None},
        )
        assert compare_metadata(context, db.metadata) == []


def test_the_schema_can_be_taken_down_and_put_up_again(app: Flask) -> None:
    with app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
        assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_a_step_back_and_forth_loses_nothing_that_hangs_on_a_project(app: Flask, make: Make) -> None:
    make.project(milestones=[Milestone(title_en="Ready")], updates=[Update(title_en="News", dated=THEN.date())])
    with app.app_context():
        db.session.remove()
        downgrade(revision="-1")
        upgrade()
        assert db.session.scalars(select(Milestone.title_en)).all() == ["Ready"]
        assert db.session.scalars(select(Update.title_en)).all() == ["News"]


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        f"{table.name}: {constraint}"
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if not constraint.name
    ]
    assert unnamed == []
