"""Series of countries: read, kept in the compiled release, and every fault told at once."""

import shutil
from pathlib import Path

import pytest

from lca_service.catalogue.country_statistics import read_country_statistics
from lca_service.catalogue.country_storage import load_countries, save_countries
from lca_service.catalogue.datapackage import Package, packages
from lca_service.catalogue.figures import read_sources
from lca_service.catalogue.knowledge import read_knowledge
from lca_service.catalogue.nomenclature import read_nomenclature
from lca_service.domain.country import Role
from lca_service.engine import Engine
from lca_service.errors import DataError

HEAD = "indicator,location,year,value,unit,basis,source,locator,note\n"


def faults(root: Path) -> list[tuple[str, str, str]]:
    found = packages(root, "datasets")
    names, wrong = read_nomenclature(found)
    assert not wrong
    _, told = read_country_statistics(found, names, read_sources(found))
    return [(each.file, each.place, each.code) for each in told]


@pytest.fixture
def own(tiny_knowledge: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny world in which Kenya adds indicators and series of its own."""
    shutil.copytree(tiny_knowledge, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "datasets/kenya"
    shutil.copytree(tmp_path / "datasets/countries", folder)
    text = (folder / "sources.csv").read_text("utf-8")
    (folder / "sources.csv").write_text(text.replace("hand_countries", "knbs"), "utf-8")
    (folder / "indicators.csv").write_text(
        "indicator,name,unit,pillar,role,per_person,definition,source,locator\n"
        "school_years,Years at school,year,social,context,false,Of adults.,knbs,table 3\n",
        "utf-8",
    )
    (folder / "series.csv").write_text(
        HEAD + "school_years,KE,2019,8.4,year,statistics,knbs,table 3,\n", "utf-8"
    )
    return tmp_path


def test_carbon_is_kept_as_printed_and_counted_as_carbon_dioxide(tiny: Engine) -> None:
    first = tiny.catalogue.countries.series["territorial_co2", "IN"][0]
    assert (first.printed, first.unit) == (10, "MtC")
    assert first.value == pytest.approx(36.64)  # times 3.664


def test_a_compiled_release_keeps_every_figure(tiny_knowledge: Path, tmp_path: Path) -> None:
    read = read_knowledge(tiny_knowledge).countries
    save_countries(read, tmp_path)
    kept = load_countries(tmp_path)
    assert kept == read
    assert list(kept.by_country) == ["GB", "IN", "KE"]
    assert [each.code for each in kept.of_role(Role.ACTIVITY)] == ["income"]


def test_a_country_adds_its_own_indicator(own: Path) -> None:
    found = read_knowledge(own).countries
    assert found.indicators["school_years"].pillar == "social"
    (only,) = found.series["school_years", "KE"]
    assert (only.value, only.source, only.locator) == (8.4, "knbs", "table 3")
    assert only.licence == "CC0-1.0"


def test_a_country_names_an_indicator_of_its_own_with_every_fault_told_at_once(own: Path) -> None:
    file = "datasets/kenya/series.csv"
    (own / file).write_text(
        HEAD
        + "school_years,KE,2019,8.4,year,statistics,knbs,table 3,\n"
        + "school_years,KE,2020,,year,statistics,knbs,table 3,\n"  # no value
        + "school_years,KE,,8.5,month,guessed,,,\n"  # no year, source, locator; unit, basis
        + "school_years,KE,2021,8.6,year,estimated,someone,table 3,\n"  # no reasoning, no source
        + "school_years,KE,2019,8.7,year,statistics,knbs,table 3,\n"  # twice
        + "happiness,KEN,2019,nan,points,statistics,knbs,table 4,\n",
        "utf-8",
    )
    assert faults(own) == [
        (file, "row 3 value", "bad_value"),
        (file, "row 4 year", "bad_year"),
        (file, "row 4 unit", "bad_unit"),
        (file, "row 4 basis", "bad_basis"),
        (file, "row 4 source", "missing_cell"),
        (file, "row 4 locator", "missing_cell"),
        (file, "row 5 note", "unexplained_estimate"),
        (file, "row 5 source", "orphan_source"),
        (file, "row 6 year", "duplicate_observation"),
        (file, "row 7 indicator", "unknown_indicator"),
        (file, "row 7 location", "unknown_location"),
        (file, "row 7 value", "bad_value"),
    ]
    with pytest.raises(DataError, match="happiness"):
        read_knowledge(own)


def test_an_indicator_has_a_name_a_unit_a_pillar_and_a_source(own: Path) -> None:
    file = "datasets/kenya/indicators.csv"
    (own / file).write_text(
        "indicator,name,unit,pillar,role,per_person,definition,source,locator\n"
        "school_years,,,culture,measure,maybe,,nobody,\n"
        "income,Income,KES,economy,activity,true,Again.,knbs,-\n",
        "utf-8",
    )
    (own / "datasets/kenya/series.csv").write_text(HEAD, "utf-8")
    assert faults(own) == [
        (file, "row 2 name", "missing_cell"),
        (file, "row 2 unit", "missing_cell"),
        (file, "row 2 definition", "missing_cell"),
        (file, "row 2 pillar", "bad_pillar"),
        (file, "row 2 role", "bad_role"),
        (file, "row 2 per_person", "bad_per_person"),
        (file, "row 2 locator", "missing_cell"),
        (file, "row 2 source", "orphan_source"),
        (file, "row 3 indicator", "duplicate_indicator"),
    ]


def test_a_figure_under_terms_that_forbid_passing_it_on_is_refused(own: Path) -> None:
    file = own / "datasets/kenya/sources.csv"
    file.write_text(file.read_text("utf-8").replace("CC0-1.0", "CC-BY-NC-4.0"), "utf-8")
    assert {code for _, _, code in faults(own)} == {"forbidden_licence"}


def test_a_release_without_series_has_none(tiny_knowledge: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_knowledge, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "datasets/countries")
    found = read_knowledge(tmp_path).countries
    assert (found.indicators, found.series, found.by_country) == ({}, {}, {})


def test_a_package_of_series_is_a_package(own: Path) -> None:
    assert Package(own / "datasets/kenya").of_kind("country_series")
