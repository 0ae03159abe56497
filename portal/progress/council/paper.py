"""The council sheet as PDF: one A4 page, always. Where there is too much to tell, it tells how much more there is."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from portal.core import assets
from portal.core.labels import label
from portal.core.templating import day as day_
from portal.core.texts import gettext as _
from portal.core.texts import ngettext
from portal.progress.council.content import PARTNERS, PROJECTS, FigureLine, Line, Sheet, StageLine
from portal.progress.models import State

WIDTH, HEIGHT, MARGIN = 210, 297, 14
INNER = WIDTH - 2 * MARGIN
INK, SOFT, LINE, PETROL, MIST = (18, 52, 59), (72, 100, 107), (214, 226, 228), (11, 92, 83), (243, 247, 247)
LEVELS = ((227, 238, 240), (181, 214, 211), (119, 181, 166), (47, 143, 120), (11, 92, 83))
EDGE = (139, 163, 168)
# Tried in turn until all fits: how much of the full size the text has, and how many projects and partners are named.
FITS = ((1.0, PROJECTS, PARTNERS), (0.95, 6, 10), (0.92, 4, 6), (0.88, 3, 4), (0.84, 2, 3))


def pdf(sheet: Sheet, address: str, language: str) -> bytes:
    """The page as bytes: the same for the same content on the same day."""
    return bytes(laid_out(sheet, address, language).output())


def laid_out(sheet: Sheet, address: str, language: str) -> "Paper":
    """The page, drawn as large as it fits."""
    tried = (_drawn(sheet, address, language, *how) for how in FITS)
    return next((paper for paper in tried if paper.fits), None) or _drawn(sheet, address, language, *FITS[-1])


def _drawn(sheet: Sheet, address: str, language: str, scale: float, projects: int, partners: int) -> "Paper":
    paper = Paper(sheet, address, language, scale)
    paper.draw(projects, partners)
    return paper


class Paper(FPDF):
    """An A4 page with the portal's own typeface: what it lacks in one part of the font it has in another."""

    def __init__(self, sheet: Sheet, address: str, language: str, scale: float) -> None:
        super().__init__(format="A4", unit="mm")
        self.sheet, self.address, self.scale = sheet, address, scale
        for weight in ("Regular", "SemiBold"):
            for part in ("Latin1", "Latin2", "Pi"):
                self.add_font(f"{weight}-{part}", fname=assets.FOLDER / f"vendor/fonts/{weight}-{part}.woff2")
        self.set_fallback_fonts(["Regular-Pi", "Regular-Latin2"])
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.set_title(_("%(name)s on one sheet", name=sheet.name))
        self.set_lang(language)
        self.set_creator(_("Smart Society"))
        self.set_subject(address)
        self.set_creation_date(datetime.combine(sheet.day, time(), UTC))
        self.set_display_mode("fullpage", "single")
        self.add_page()

    @property
    def fits(self) -> bool:
        return self.page_no() == 1 and self.get_y() <= HEIGHT - MARGIN

    def draw(self, projects: int, partners: int) -> None:
        sheet = self.sheet
        self._head()
        self._heading(_("How far it has come"))
        self._stages(sheet.stages)
        self._heading(_("Key figures"))
        self._figures(sheet.figures)
        top = self.get_y()
        self._column(MARGIN, top, _("Projects here"), sheet.projects, projects, lines_each=2)
        left = self.get_y()
        self._column(MARGIN + INNER / 2 + 3, top, _("Partners here"), sheet.partners, partners)
        self.set_y(max(left, self.get_y()))
        if sheet.unknown:
            self._heading(_("What is unknown"))
            self._text(" ".join(sheet.unknown))
            self._text(_("What nobody has told is unknown, not zero."), colour=SOFT)
        self._foot()

    def _head(self) -> None:
        self._write(_("Smart Society"), 9, "SemiBold", PETROL)
        self._write(self.sheet.name, 22, "SemiBold", INK, height=10)
        self._text(self.sheet.lead, size=9.5)

    def _heading(self, text: str) -> None:
        self.ln(2.6 * self.scale)
        self.start_section(text)
        self._write(text, 11.5, "SemiBold", INK, height=6)

    def _stages(self, lines: Sequence[StageLine]) -> None:
        widths = (52, 24, 38, 68)
        self._rule()
        for line in lines:
            if line.stage is None:
                self._bar(None, MARGIN + widths[0])
                self._row((str(line.name), "", _("not reported"), ""), widths, SOFT)
                continue
            grounds = ", ".join(filter(None, (line.dated, line.source)))
            if line.is_old:
                grounds = f"{_('Out of date')}: {grounds}"
            if line.is_disputed:
                grounds = f"{label(State.DISPUTED)}. {grounds}"
            self._bar(line.stage, MARGIN + widths[0])
            self._row((str(line.name), "", f"{line.stage} {line.stage_name}", grounds), widths, INK)

    def _figures(self, lines: Sequence[FigureLine]) -> None:
        widths = (80, 14, 20, 27, 41)
        middle = _("Median of %(all)s", all=self.sheet.in_all)
        self._row((_("Indicator"), "", middle, _("Period"), _("Source")), widths, SOFT, numbers=(1, 2))
        for line in lines:
            name = f"{line.name} ({line.unit})" if line.unit else str(line.name)
            known = "" if line.known == self.sheet.in_all else f" ({line.known})"
            source = line.source.partition(" (")[0]  # in full at the foot
            cells = (name, line.ours or "–", f"{line.middle}{known}", line.period, source)
            self._row(cells, widths, INK, numbers=(1, 2), strong=(1,))

    def _column(
        self, left: float, top: float, heading: str, lines: Sequence[Line], most: int, *, lines_each: int = 1
    ) -> None:
        """A list in one half of the page, and how much longer it would be."""
        self.set_left_margin(left)
        self.set_xy(left, top)
        self._heading(heading)
        width = INNER / 2 - 3
        for line in lines[:most]:
            if lines_each == 1:
                self._write(self._cut(f"{line.name} · {line.aside}", width, 8.5), 8.5, "Regular", INK)
                continue
            self._write(self._cut(str(line.name), width, 8.5), 8.5, "Regular", INK)
            self._write(self._cut(line.aside, width, 7.5), 7.5, "Regular", SOFT, height=3.6)
        if len(lines) > most:
            more = len(lines) - most
            self._write(ngettext("and %(num)d more", "and %(num)d more", more), 8.5, "Regular", SOFT)
        if not lines:
            self._write(_("not reported"), 8.5, "Regular", SOFT)
        self.set_left_margin(MARGIN)

    def _foot(self) -> None:
        self.ln(2.5 * self.scale)
        self._rule()
        self.ln(1)
        if self.sheet.sources:
            self._text(f"{_('Sources')}: {'; '.join(self.sheet.sources)}.", size=7, colour=SOFT)
        self.set_font("Regular-Latin1", size=7 * self.scale)
        self.set_text_color(*PETROL)
        self.cell(0, 3.4 * self.scale, self.address, link=self.address, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._text(_("as it stood on %(date)s", date=day_(self.sheet.day)), size=7, colour=SOFT)

    def _rule(self) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.line(MARGIN, self.get_y(), WIDTH - MARGIN, self.get_y())

    def _bar(self, stage: int | None, left: float) -> None:
        """Five steps, those reached in the colours of the map; dashed where the stage is unknown."""
        top, size = self.get_y() + 1.3 * self.scale, 2.4 * self.scale
        self.set_line_width(0.2)
        if stage is None:
            self.set_dash_pattern(0.5, 0.5)
        for step in range(len(LEVELS)):
            reached = stage is not None and step <= stage
            self.set_draw_color(*(PETROL if reached else EDGE))
            self.set_fill_color(*LEVELS[step])
            self.rect(left + step * 4.2, top, 3.7, size, style="DF" if reached else "D")
        self.set_dash_pattern()

    def _row(
        self,
        cells: Sequence[str],
        widths: Sequence[float],
        colour: tuple[int, int, int],
        *,
        numbers: Sequence[int] = (),
        strong: Sequence[int] = (),
    ) -> None:
        height, top = 5 * self.scale, self.get_y()
        self.set_text_color(*colour)
        left: float = MARGIN
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            self.set_xy(left, top)
            self.set_font(f"{'SemiBold' if place in strong else 'Regular'}-Latin1", size=8.5 * self.scale)
            text = self._cut(cell, width - 1.5, 8.5)
            self.cell(width - 1.5, height, text, align="R" if place in numbers else "L")
            left += width
        self.set_xy(MARGIN, top + height)
        self._rule()

    def _cut(self, text: str, width: float, size: float) -> str:
        """What of a text fits on a line."""
        self.set_font_size(size * self.scale)
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text.rstrip()}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def _write(
        self,
        text: str,
        size: float,
        weight: str,
        colour: tuple[int, int, int],
        *,
        height: float = 4.2,
    ) -> None:
        self.set_font(f"{weight}-Latin1", size=size * self.scale)
        self.set_text_color(*colour)
        self.cell(0, height * self.scale, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _text(self, text: str, *, size: float = 8.5, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("Regular-Latin1", size=size * self.scale)
        self.set_text_color(*colour)
        height = size * 0.46 * self.scale
        self.multi_cell(INNER, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
