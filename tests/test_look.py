"""The look: every pair of colours can be read, in both themes, and the one stylesheet is whole."""

import re
import runpy

import pytest

from portal.core.assets import FOLDER, url

CSS = FOLDER / "css"
ON_PAPER = ("ink", "ink-soft", "petrol", "petrol-deep", "amber", "red")
TEXTS = [(text, "paper") for text in ON_PAPER] + [
    ("ink", "mist"),
    ("ink-soft", "mist"),
    ("petrol", "mist"),
    ("ink", "petrol-mist"),
    ("petrol-deep", "petrol-mist"),
    ("ink", "amber-mist"),
    ("amber", "amber-mist"),
    ("petrol", "amber-mist"),
    ("ink", "red-mist"),
    ("red", "red-mist"),
    ("ink", "mark"),
    ("on-petrol", "petrol"),
    ("on-petrol", "petrol-deep"),
    *((f"on-level-{level}", f"level-{level}") for level in range(5)),
]
# What must be seen but is not read: edges of controls, focus (WCAG 1.4.11).
SHAPES = [("line-strong", "paper"), ("focus", "paper"), ("focus", "mist"), ("petrol", "level-1")]


def _themes() -> dict[str, dict[str, str]]:
    style = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, system, chosen = (
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", part))
        for part in re.split(r"prefers-color-scheme: dark|data-theme=\"dark\"", style)
    )
    return {"light": light, "dark by the system": system, "dark by choice": chosen}


THEMES = _themes()


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_words_stand_out_from_their_ground(theme, text, ground):
    assert _contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_controls_and_focus_can_be_seen(theme, shape, ground):
    assert _contrast(THEMES[theme][shape], THEMES[theme][ground]) >= 3


def test_the_dark_theme_is_the_same_chosen_or_not():
    assert THEMES["dark by the system"] == THEMES["dark by choice"]


def test_the_steps_of_the_map_go_one_way():
    for colours in THEMES.values():
        steps = [_luminance(colours[f"level-{level}"]) for level in range(5)]
        assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_every_stylesheet_is_part_of_the_whole():
    named = set(re.findall(r'@import url\("([^".]+\.css)"\)', (CSS / "main.css").read_text(encoding="utf-8")))
    files = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")} - {"main.css"}
    assert files == named


def test_the_bundle_holds_everything_and_asks_for_nothing_more():
    made = runpy.run_path(str(FOLDER.parent.parent / "tools/bundle.py"))["bundle"]()
    assert "@import" not in made
    assert "@font-face" in made
    assert made.count("{") == made.count("}")


def test_a_preloaded_font_is_the_one_that_the_stylesheet_asks_for():
    made = runpy.run_path(str(FOLDER.parent.parent / "tools/bundle.py"))["bundle"]()
    frame = (FOLDER.parent / "templates/components/frame.html").read_text(encoding="utf-8")
    preloaded = re.findall(r"static\('vendor/(fonts/[^']+)'\)", frame)
    assert preloaded
    for font in preloaded:
        assert f"url({url(f'vendor/{font}').removeprefix('/static/vendor/')})" in made


def test_only_the_top_folder_names_addresses():
    for path in CSS.glob("*/*.css"):
        assert "url(" not in path.read_text(encoding="utf-8"), path.name
