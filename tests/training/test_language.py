import pytest

from training.language import UNKNOWN, language_of, script_language
from training.samples import Sample


def sample(html: str | None = None, text: str | None = None, language: str = "", gold: str | None = None) -> Sample:
    return Sample("a", "a.example", 0, html=html, text=text, language=language, gold=gold)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ('<html lang="de">', "de"),
        ("<html lang=PT-br class=x>", "pt"),
        ("<html class='no-js' xml:lang='zh-Hans'>", "zh"),
        ('<html lang="">', "fr"),
        ('<html lang="{{lang}}">', "fr"),
        ('<html><p lang="de">', "fr"),
        ('<html\nprefix="og: x" lang = "yue">', "yue"),
    ],
)
def test_html_goes_before_the_sample(tag: str, language: str) -> None:
    assert language_of(sample(html=f"<!doctype html>{tag}<body>東京", language="fr-CA")) == language


def test_the_sample_goes_before_the_script() -> None:
    assert language_of(sample(text="東京", language="JA-jp")) == "ja"


def test_the_script_is_that_of_gold_or_text() -> None:
    assert language_of(sample(html="<p>a", gold="Έφυγε νωρίς")) == "el"
    assert language_of(sample(text="Ушёл рано")) == "ru"
    assert language_of(sample(html="<p>Ушёл рано")) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("東京都は護岸工事を始める", "ja"),
        ("市政府宣布下月动工", "zh"),
        ("시는 다음 달 착공한다", "ko"),
        ("เทศบาลเริ่มงาน", "th"),
        ("تبدأ البلدية العمل", "ar"),
        ("העירייה תתחיל", "he"),
        ("नगर निगम", "hi"),
        ("The city begins", UNKNOWN),
        ("The city of 東京 begins work on its river banks", UNKNOWN),
        ("1234 …", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_script(text: str, language: str) -> None:
    assert script_language(text) == language
