from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import web
from search.local_time import format_at
from search.plain_text import format_percent
from web.formats import (
    format_duration,
    format_km,
    likelihood_words,
)
from web.marking import marked
from web.testing import NOON, Office
from web.words import catalog

KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("templates/**.html", "jinja2.ext.babel_extract"), ("**.py", "python")]


def test_every_sentence_has_its_vietnamese() -> None:
    folder = str(Path(web.__file__).parent)
    options = {"templates/**.html": {"newstyle_gettext": "true"}}
    found = extract_from_dir(folder, METHODS, options, KEYWORDS)
    sentences = {message for _, _, message, _, _ in found}
    assert len(sentences) > 100
    words = catalog("vi")
    for sentence in sentences:
        if isinstance(sentence, tuple):
            said = words.ngettext(*sentence, 2)
            assert said != sentence[1]
            sentence = sentence[1]
        else:
            said = words.gettext(sentence)
            known = dict(getattr(words, "_catalog", {}))
            assert sentence in known, sentence
        assert said.count("%(") == sentence.count("%("), sentence


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [
        ("vi", 0, "0 giây"),
        ("vi", 190, "3 phút 10 giây"),
        ("vi", 90_061, "1 ngày 1 giờ"),
        ("en", 3600, "1 hour"),
        ("en", 7265, "2 hours 1 minute"),
    ],
)
def test_durations_are_said_in_words(
    office: Office, language: str, seconds: float, words: str
) -> None:
    with office.app.test_request_context(headers={"Cookie": f"language={language}"}):
        assert format_duration(seconds) == words


def test_distances_have_a_decimal_comma_in_vietnamese(office: Office) -> None:
    with office.app.test_request_context(headers={"Cookie": "language=vi"}):
        assert [format_km(m) for m in (340.4, 1234)] == ["340 m", "1,2 km"]
        assert likelihood_words(0.96) == "gần như chắc chắn"
    with office.app.test_request_context(headers={"Cookie": "language=en"}):
        assert format_km(1234) == "1.2 km"
        assert [likelihood_words(p) for p in (0.8, 0.5, 0.2, 0.1)] == [
            "very likely",
            "likely",
            "possible",
            "unlikely",
        ]


def test_times_are_those_of_hanoi() -> None:
    assert format_at(NOON) == "12:00:00 · 24/11/2026"


def test_what_is_not_sure_is_never_a_hundred_per_cent() -> None:
    probabilities = (0, 0.001, 0.333, 0.994, 1)
    assert [format_percent(p) for p in probabilities] == ["0 %", "< 1 %", "33 %", "> 99 %", "100 %"]


@pytest.mark.parametrize(
    ("text", "asked", "differing"),
    [
        ("30A12346", "30A12345", "6"),
        ("30A12345", "30A12345", ""),
        ("30A12345", None, ""),
        ("30A12345", "30A?23*", ""),
        ("30A1234", "30A12345", ""),
        ("30A123455", "30A12345", "5"),
        ("30MD12345", "30LD12345", "M"),
    ],
)
def test_characters_that_differ_are_marked(text: str, asked: str | None, differing: str) -> None:
    characters = marked(text, asked)
    assert "".join(c for c, differs in characters if differs) == differing
    assert "".join(c for c, _ in characters if c.isalnum()).replace("Đ", "D") == text
