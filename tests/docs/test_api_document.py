"""docs/api.md tells of everything that there is."""

import re
from pathlib import Path

import pytest

from api.app import create_app
from api.exercises.book import shipped_book
from api.schemas.organisation import ActivityRequest, OrganisationRequest, SiteRequest
from api.schemas.request import FootprintRequest, LineRequest
from api.settings import Settings


@pytest.fixture(scope="module")
def document(root: Path) -> str:
    return (root / "docs" / "api.md").read_text("utf-8")


def test_every_address_is_named(document: str) -> None:
    paths = create_app(Settings()).openapi()["paths"]
    named = [
        re.sub(r"\{\w+_id\}", "{id}", path).replace("diff/{id}", "diff/{other}") for path in paths
    ]
    assert [path for path in named if path not in document] == []


def test_every_setting_is_named_with_its_default(document: str) -> None:
    for name, field in Settings.model_fields.items():
        assert f"`LCA_{name.upper()}`" in document
        if isinstance(field.default, int | str):
            assert f"`{field.default}`" in document


def test_every_field_of_a_request_is_named(document: str) -> None:
    shapes = (FootprintRequest, LineRequest, OrganisationRequest, SiteRequest, ActivityRequest)
    for name in (each for shape in shapes for each in shape.model_fields):
        assert f"`{name}" in document


_CODE = re.compile(
    r'(?:Fault|UnknownName|_fault)\(\s*(?:[^"\n]*?|"[^"]*"),?\s*"([a-z]+(?:_[a-z]+)+)"'
    r'|UnknownName\(\s*"([a-z_]+)"|code(?:: str)? ?= ?"([a-z_]+)"'
)


def test_every_error_code_is_named(root: Path, document: str) -> None:
    doors = [*(root / "api").rglob("*.py"), *(root / "lca_service/calculation").glob("*.py")]
    doors += [root / f"lca_service/catalogue/{name}.py" for name in ("resolve", "inspect")]
    codes = {
        code
        for path in doors
        for found in _CODE.findall(path.read_text("utf-8"))
        for code in found
        if code
    }
    assert len(codes) > 20
    assert [code for code in sorted(codes) if f"`{code}`" not in document] == []


def test_the_course_is_listed_as_it_is(root: Path) -> None:
    document = (root / "docs" / "exercises.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (\d+) \| (\d) \| `([a-z-]+)` \| (.+?) \| (\w+) \| (\d+) \|$", document, re.M
    )
    expected = [
        (str(each.order), str(each.day), each.id, each.title["en"], each.level, str(each.minutes))
        for each in shipped_book().exercises.values()
    ]
    assert rows == expected
