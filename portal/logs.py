"""One JSON object a line, so that nothing in a request can forge a second line."""

import logging
import sys

import structlog
from flask import Flask

# Tells each step of every `flask db upgrade`, also when there is nothing to do.
TALKATIVE = ("alembic", "fontTools", "fpdf")


def install(app: Flask) -> None:
    """Send every log record of the process through one escaping formatter to standard error."""
    steps: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                *steps,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=True),
            ]
        )
    )
    handler.set_name("portal")
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if other.get_name() != "portal"] + [handler]
    root.setLevel(app.config["PORTAL_LOG_LEVEL"].upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
