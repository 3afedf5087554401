"""Worksheets and solutions, read as they are printed."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.exercises.words import number
from api.exports.typeset import typeset

NEEDED = "needs Debian's fonts-noto-core, fonts-noto-cjk and poppler-utils"
LISTS = ("head", "parts", "tables", "questions", "solved", "workings", "closing")
URL = "/v1/exercises/recipe-by-hand"
VARIANT = {"country": "ET", "seed": 3}


def pages(client: TestClient, path: str, **query: Any) -> bytes:
    response = client.get(path, params={**VARIANT, **query, "format": "pdf"})
    if response.status_code == 422 and not os.environ.get("CI"):
        pytest.skip(NEEDED)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    assert "3" not in response.headers["content-disposition"]  # a name that leaks no seed
    return response.content


def poppler(tool: str, made: bytes, *options: str) -> str:
    if shutil.which(tool) is None and not os.environ.get("CI"):
        pytest.skip(NEEDED)
    done = subprocess.run([tool, *options], input=made, capture_output=True, check=True)
    return done.stdout.decode()


def text_of(made: bytes) -> str:
    return poppler("pdftotext", made, "-layout", "-enc", "UTF-8", "-", "-")


def found(client: TestClient, path: str, **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(path, params={**VARIANT, **query}).json()
    return answer


@pytest.mark.parametrize("language", ["en", "zh", "fr", "es", "ru", "ar"])
def test_a_worksheet_has_what_is_given_and_no_answer(shipped: TestClient, language: str) -> None:
    text = text_of(pages(shipped, URL, language=language))
    sheet = found(shipped, URL, language=language)
    for each in (*sheet["given"], *sheet["data"]):
        number = each["text"].split()[0]
        assert number in text, each
        assert each["id"] in text
    solved = found(shipped, f"{URL}/solution", language=language)
    for each in solved["questions"]:
        assert each["answer"] not in text
    hidden = {each["id"] for each in solved["data"]} - {each["id"] for each in sheet["data"]}
    assert hidden
    assert not [name for name in hidden if name in text]


def test_a_solution_has_every_answer_and_what_mistakes_lead_to(shipped: TestClient) -> None:
    text = re.sub(r"\s+", " ", text_of(pages(shipped, f"{URL}/solution")))
    solved = found(shipped, f"{URL}/solution")
    for each in solved["questions"]:
        assert each["answer"] in text
        for mistake in each["mistakes"]:
            assert mistake["answer"] in text
            assert mistake["text"][:30] in text
        for hint in each["hints"]:
            assert hint[:40] in text
    assert solved["how_to_discuss"][:40] in text
    assert solved["literature"][0][:40] in text


def test_the_same_variant_is_the_same_file(shipped: TestClient) -> None:
    assert pages(shipped, URL, language="zh") == pages(shipped, URL, language="zh")
    assert pages(shipped, URL, language="zh") != pages(shipped, URL, language="ru")


def boxes(made: bytes) -> list[tuple[float, float, str]]:
    """Return where words stand: left, right, and the letters as they stand from the left."""
    text = poppler("pdftotext", made, "-bbox", "-", "-")
    pattern = r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)".*?>(.*?)</word>'
    return [(float(left), float(right), word) for left, right, word in re.findall(pattern, text)]


def test_arabic_runs_from_right_to_left(shipped: TestClient) -> None:
    made = pages(shipped, URL, language="ar")
    assert "NotoSansArabic" in poppler("pdffonts", made, "-")
    sheet = found(shipped, URL, language="ar")
    title = sheet["title"].split()
    places = {word[::-1]: (left, right) for left, right, word in boxes(made)}
    first, last = places[title[0]], places[title[-1]]
    assert first[1] > 595 - 55  # at the right margin: A4 is 595 pt wide, 18 mm are 51 pt
    assert last[1] < first[0]
    # names in expressions stand in the first column, which is the right one
    name = next(each for each in boxes(made) if each[2] == sheet["given"][0]["id"])
    number = next(each for each in boxes(made) if each[2] == sheet["given"][0]["text"].split()[0])
    assert name[0] > 400
    assert number[1] < 200


def test_arabic_letters_are_joined(shipped: TestClient) -> None:
    pages(shipped, URL, language="ar")  # or the fonts are missing
    empty = {
        **dict.fromkeys(("kind", "page", "of", "footer", "questions_title"), ""),
        **{name: [] for name in LISTS},
        "language": "ar",
    }
    word = "\u0643\u0647\u0631\u0628\u0627\u0621"  # electricity
    apart = "\u200c".join(word)  # a zero-width non-joiner keeps letters apart
    joined, unjoined = (
        typeset("worksheet.typ", {**empty, "title": title}, made=datetime(2026, 1, 1, tzinfo=UTC))
        for title in (word, apart)
    )

    def width(made: bytes) -> float:
        found = [each for each in boxes(made) if not each[2].isascii()]  # no page number
        return max(right for _, right, _ in found) - min(left for left, _, _ in found)

    # letters that stand alone have their tails: the word is wider by a tenth at least
    assert width(joined) < 0.9 * width(unjoined)


def test_a_chinese_sheet_is_set_in_chinese_letters(shipped: TestClient) -> None:
    made = pages(shipped, URL, language="zh")
    assert "NotoSansCJK" in poppler("pdffonts", made, "-")
    assert "埃塞俄比亚" in text_of(made)


def test_the_whole_working_is_printed_where_it_is_asked_for(shipped: TestClient) -> None:
    made = pages(shipped, f"{URL}/solution", explain="full")
    text = re.sub(r"\s+", " ", text_of(made))
    for working in found(shipped, f"{URL}/solution", explain="full")["workings"]:
        assert f"{working['indicator']} [{working['unit']}]" in text
        for value in (*working["supply"], working["value"]):
            assert number(value, "en") in text
    assert re.search("C ?B ?s", text)
    assert not re.search("C ?B ?s", text_of(pages(shipped, f"{URL}/solution")))
