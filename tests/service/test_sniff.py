import pytest

from service.sniff import looks_like_html


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html>",
        "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        "\n\t <html lang=en>",
        "<!-- saved from -->",
        '<?xml version="1.0"?><html>',
        "<p>Hello",
        "<DIV class=a>",
        "<br/>",
        "\ufeff<html>",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_html_is_seen(body: str, charset: str) -> None:
    assert looks_like_html(body.encode(charset))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n",
        "Hello",
        "Use <html> to start a page",
        "<3 is a heart",
        "<b",
        "<pre-war> Poland",
        "< p >",
        "<unknown>",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_text_is_seen(body: str, charset: str) -> None:
    assert not looks_like_html(body.encode(charset))


def test_leading_white_space_may_be_long() -> None:
    assert looks_like_html(b" " * 100_000 + b"<html>")
