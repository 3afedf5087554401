"""Facts about the places an inventory or a factor may stand at."""

import csv
from pathlib import Path

import pytest

GEOGRAPHY = Path(__file__).parents[2] / "datasets" / "geography"


def rows(name: str) -> list[dict[str, str]]:
    with (GEOGRAPHY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LOCATIONS = {row["location"]: row for row in rows("locations.csv")}
COUNTRIES = [code for code, row in LOCATIONS.items() if row["kind"] == "country"]


def ladder(location: str) -> list[str]:
    """Codes above a location, nearest first; stops when a code comes back."""
    rungs: list[str] = []
    parent = LOCATIONS[location]["parent"]
    while parent and parent not in rungs:
        rungs.append(parent)
        parent = LOCATIONS[parent]["parent"]
    return rungs


def test_every_location_stands_once_and_in_order() -> None:
    codes = [row["location"] for row in rows("locations.csv")]
    assert codes == sorted(set(codes))


def test_there_are_the_249_codes_of_iso_3166_1_and_kosovo() -> None:
    assert len(COUNTRIES) == 250
    assert len({LOCATIONS[code]["iso3"] for code in COUNTRIES}) == 250
    assert all(len(code) == 2 and code.isupper() for code in COUNTRIES)


@pytest.mark.parametrize("location", [code for code in LOCATIONS if code != "GLO"])
def test_the_ladder_of_every_location_ends_at_the_world(location: str) -> None:
    rungs = ladder(location)
    assert rungs[-1] == "GLO"
    assert location not in rungs
    assert all(LOCATIONS[rung]["kind"] != "country" for rung in rungs)


# UN M49, "Standard country or area codes for statistical use".
@pytest.mark.parametrize(
    ("location", "rungs"),
    [
        ("BD", ["034", "142", "GLO"]),
        ("KE", ["014", "202", "002", "GLO"]),
        ("EG", ["015", "002", "GLO"]),
        ("BR", ["005", "419", "019", "GLO"]),
        ("US", ["021", "019", "GLO"]),
        ("NA", ["018", "202", "002", "GLO"]),
        ("TW", ["030", "142", "GLO"]),
        ("XK", ["039", "150", "GLO"]),
        ("AQ", ["GLO"]),
    ],
)
def test_a_country_climbs_its_united_nations_regions(location: str, rungs: list[str]) -> None:
    assert ladder(location) == rungs


def test_every_region_has_a_member() -> None:
    assert {code for code in LOCATIONS if LOCATIONS[code]["kind"] != "country"} == {
        rung for country in COUNTRIES for rung in ladder(country)
    }


def test_a_retired_code_is_not_in_use_and_its_successors_are() -> None:
    for row in rows("retired.csv"):
        assert row["location"] not in LOCATIONS
        assert set(row["successors"].split("|")) <= set(COUNTRIES), row["location"]


@pytest.mark.parametrize(
    ("location", "successors"),
    [("AN", "BQ|CW|SX"), ("DD", "DE"), ("ZR", "CD"), ("BU", "MM"), ("CS", "CZ|ME|RS|SK")],
)
def test_a_retired_code_names_its_successors(location: str, successors: str) -> None:
    retired = {row["location"]: row["successors"] for row in rows("retired.csv")}
    assert retired[location] == successors


def test_the_soviet_union_has_fifteen_successors() -> None:
    retired = {row["location"]: row["successors"] for row in rows("retired.csv")}
    assert len(retired["SU"].split("|")) == 15


def test_an_alias_means_one_location_and_hides_none() -> None:
    aliases = rows("aliases.csv")
    written = [row["alias"].casefold() for row in aliases]
    assert len(written) == len(set(written))
    assert {row["location"] for row in aliases} <= set(LOCATIONS)
    taken = {code.casefold(): code for code in LOCATIONS}
    taken |= {LOCATIONS[code]["iso3"].casefold(): code for code in COUNTRIES}
    taken |= {LOCATIONS[code]["name"].casefold(): code for code in COUNTRIES}
    taken |= {row["location"].casefold(): "retired" for row in rows("retired.csv")}
    assert [alias for alias in written if alias in taken] == []


def test_people_may_write_uk_and_el() -> None:
    aliases = {row["alias"]: row["location"] for row in rows("aliases.csv")}
    assert (aliases["UK"], aliases["EL"]) == ("GB", "GR")
