"""The pages on which a webinar's parts are worked on; what they do is `portal.core.partdesk`."""

from dataclasses import dataclass
from typing import Any, ClassVar

from flask.typing import ResponseReturnValue

from portal.core.forms import PortalForm
from portal.core.partdesk import PartDesk
from portal.core.parts import part_of, parts_of
from portal.core.web import actor
from portal.webinars.editing import queries
from portal.webinars.models import Webinar
from portal.webinars.parts import operations
from portal.webinars.sections import render


@dataclass(frozen=True)
class Desk(PartDesk):
    """One kind of part of a webinar, for those who may do `rule`. `loads` is loaded with the part."""

    rule: str = "webinar.edit"

    operations: ClassVar[Any] = operations
    layout: ClassVar[str] = "webinars/section.html"

    def thing(self, slug: str) -> Webinar:
        return queries.to_work_on(slug, actor(), self.rule)

    def part(self, thing: Webinar, part_id: int) -> Any:
        return part_of(self.model, "webinar_id", thing.id, part_id, *self.loads)

    def render(self, template: str, thing: Webinar, **values: Any) -> str:
        return render(template, thing, **values)

    def said(self, form: Any) -> Any:
        return form.fill

    def how(self) -> dict[str, Any]:
        return {**super().how(), "rule": self.rule}

    def index(self, slug: str) -> ResponseReturnValue:
        webinar = self.thing(slug)
        parts = parts_of(self.model, "webinar_id", webinar.id, *self.loads)
        page = f"webinars/{self.home.replace('.', '/')}.html"
        return render(page, webinar, parts=parts, form=PortalForm(formdata=None))
