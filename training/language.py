"""The language a page is said to be in, or the likeliest of its script: for reports, never a feature."""

import re

from training.samples import Sample

UNKNOWN = "?"
_DECLARED = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?\s*([A-Za-z]{2,3})(?![A-Za-z])", re.IGNORECASE)
# Where a page's source is looked at: the tag stands at its start.
_START = 20_000
# The commonest language of each script that is hardly used for others; kana go before the Chinese
# characters that stand between them.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
# A page is in a script when this share of its letters is.
_ENOUGH = 0.2
_WORDY = re.compile(r"[^\W\d_]")


def language_of(sample: Sample) -> str:
    """The primary tag of a page's language, lower case: as its HTML says, else its sample, else its script.

    UNKNOWN for what nobody says in Latin letters.
    """
    declared = _DECLARED.search(sample.html[:_START]) if sample.html else None
    if declared:
        return declared.group(1).lower()
    return sample.language.partition("-")[0].lower() or script_language(sample.gold or sample.text or "")


def script_language(text: str) -> str:
    """The commonest language of the script of `text`; UNKNOWN for Latin letters, other scripts and none."""
    letters = len(_WORDY.findall(text))
    for name, script in _SCRIPTS:
        if letters and len(script.findall(text)) >= _ENOUGH * letters:
            return name
    return UNKNOWN
