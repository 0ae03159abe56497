"""Where a fact comes from: address and date retrieved, on every imported or measured value."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.slugs import MAX_LENGTH

# A row that ties two things together is known by both of their ids.
KEY_LENGTH = 2 * MAX_LENGTH + 1


def addresses(source_url: str) -> list[str]:
    """The addresses in a source column one by one; a row may rest on several."""
    return [part.strip() for part in source_url.split(" ; ") if part.strip()]


class Sourced:
    """Mixin of models whose rows are taken from elsewhere."""

    source_url: Mapped[str] = mapped_column(default="")
    source_note: Mapped[str] = mapped_column(default="")
    retrieved: Mapped[str] = mapped_column(String(200), default="")

    @property
    def source_urls(self) -> list[str]:
        """The addresses one by one."""
        return addresses(self.source_url)


class Imported(Sourced):
    """Mixin of models that `flask data load` fills.

    `import_key` is the row's id in the files; `import_digest` tells whether the file's row has
    changed since, so that loading again never overwrites what was edited here.
    """

    import_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH), unique=True)
    import_digest: Mapped[str] = mapped_column(String(64), default="")
