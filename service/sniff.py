"""Text or HTML: told from the first bytes of a body that does not say what it is."""

import codecs
import re

# The tags a page or a fragment of one starts with: those of the WHATWG MIME Sniffing Standard
# (section 7.1) and the sectioning and metadata elements of today's HTML.
_TAGS = (
    rb"!doctype\s+html|html|head|script|iframe|h[1-6]|div|font|table|a|style|title|b|body|br|p"
    rb"|meta|link|base|noscript|header|footer|main|nav|article|section|aside|template|span|ul|ol"
    rb"|figure|picture|img|form"
)
_HTML = re.compile(rb"\s*(?:<(?:" + _TAGS + rb")(?=[\s/>])|<!--|<\?xml\s)", re.IGNORECASE)

# Two bytes a character: only their start is decoded, enough for leading white space and a tag.
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEAD = 2048


def looks_like_html(body: bytes) -> bool:
    """Whether `body`, whatever its charset, starts as HTML source does."""
    for mark, charset in _WIDE.items():
        if body.startswith(mark):
            body = body[len(mark) : _HEAD].decode(charset, "ignore").encode()
    return _HTML.match(body.removeprefix(codecs.BOM_UTF8)) is not None
