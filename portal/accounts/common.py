"""Words that Danes make passwords of: the lists of leaked ones that zxcvbn brings are English."""

from pathlib import Path

WORDS = tuple(Path(__file__).with_suffix(".txt").read_text("utf-8").split())
