"""Values -> what goes over the wire: an answer as JSON, as text, as Markdown."""

import json
import re
from collections.abc import Mapping
from typing import Any

from model.label import Label
from model.strip import Stripped
from service.wire import Id, Options

# What CommonMark would take for markup within a line, or at its start.
_INLINE = re.compile(r"[\\`*<\[]|(?<!\w)_|_(?!\w)")
_START = re.compile(r"\A(?=#{1,6}(?:\s|$)|>|~~~|\+\s|=+\s*$|-+\s*$)")


def dump(value: Mapping[str, Any]) -> str:
    """`value` as JSON on one line, characters as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def as_json(stripped: Stripped, options: Options, id_: Id = None) -> str:
    """The whole answer as a JSON object on one line."""
    answer: dict[str, Any] = {
        "id": id_,
        "title": stripped.title,
        "text": stripped.text(options.keep),
        "lines": [
            {
                "text": line.text,
                "label": line.label,
                "score": line.score,
                "kept": line.label in options.keep,
                "start": line.start,
                "end": line.end,
            }
            for line in stripped.lines
        ],
    }
    if options.page_text:
        answer["page_text"] = stripped.page_text
    answer["model"] = stripped.model
    return dump(answer)


def as_text(stripped: Stripped, options: Options) -> str:
    """The kept lines alone, joined by newlines."""
    return stripped.text(options.keep)


def as_markdown(stripped: Stripped, options: Options) -> str:
    """The title as a first heading, headings as second ones, each other kept line a paragraph."""
    title = stripped.title
    blocks = [] if title is None else [f"# {_escape(title)}"]
    for line in stripped.lines:
        if line.label not in options.keep or (line.label is Label.TITLE and line.text.strip() == title):
            continue
        mark = "## " if line.label in {Label.HEADING, Label.TITLE} else ""
        blocks.append(mark + _escape(line.text))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _escape(text: str) -> str:
    """`text` so that a Markdown reader shows the same characters; lists stay lists."""
    return _START.sub(r"\\", _INLINE.sub(r"\\\g<0>", text.strip()), count=1)
