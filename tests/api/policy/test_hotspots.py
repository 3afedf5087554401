"""Hotspots: shares of a value chain, what can be won, and what is done about it."""

import pytest
from fastapi.testclient import TestClient

from api.policy.sectors import sectors
from api.schemas.language import LANGUAGES

PRODUCTS = [(name, each.id) for name, sector in sectors().items() for each in sector.products]


@pytest.mark.parametrize(("sector", "product"), PRODUCTS)
def test_shares_sum_to_one_and_the_agenda_begins_with_most_to_win(
    service: TestClient, sector: str, product: str
) -> None:
    found = service.get(f"/v1/hotspots/{sector}?product={product}").json()
    for each in found["indicators"]:
        for country in found["countries"]:
            shares = [c["share"] for c in each["cells"] if c["country"] == country]
            if all(share is not None for share in shares):
                assert sum(shares) == pytest.approx(1.0, abs=1e-9)
        ranked = [spot["share"] for spot in each["by_share"]]
        assert ranked == sorted(ranked, reverse=True)
        assert all(spot["potential"] >= 0 for spot in each["by_potential"])
    gains = [each["mean_potential"] for each in found["agenda"]]
    assert gains == sorted(gains, reverse=True)
    assert [each["rank"] for each in found["agenda"]] == list(range(1, len(gains) + 1))
    for each in found["published"]:
        assert 0.2 < each["ratio"] < 5
        assert each["why"]


def test_rice_is_grown_in_methane_and_water(service: TestClient) -> None:
    found = service.get("/v1/hotspots/food?product=rice&countries=IN,VN").json()
    for each in found["indicators"]:
        farming = [c for c in each["cells"] if c["step"] == "farming"]
        assert all(c["share"] > 0.5 for c in farming)
    (addressed,) = [each for each in found["addressed"] if each["step"] == "farming"]
    assert "alternate-wetting-drying" in {each["measure"] for each in addressed["measures"]}
    effect = next(m for m in addressed["measures"] if m["measure"] == "alternate-wetting-drying")
    assert effect["relative"]["climate_change.total"] < -0.2
    assert addressed["actions"]


def test_titles_are_in_six_languages(service: TestClient) -> None:
    for sector in sectors().values():
        titles = [sector.title, *(each.title for each in (*sector.steps, *sector.products))]
        assert all(set(title) == set(LANGUAGES) for title in titles)
    found = service.get("/v1/hotspots/textiles?language=ar").json()
    assert found["title"] == sectors()["textiles"].title["ar"]


def test_what_is_not_known_is_told_at_once(service: TestClient) -> None:
    found = service.get("/v1/hotspots/food?countries=IN,XX&indicators=warmth").json()["errors"]
    assert {each["code"] for each in found} == {"unknown_location", "unknown_indicator"}
    assert service.get("/v1/hotspots/mining").status_code == 404
    assert service.get("/v1/hotspots/food?product=gold").status_code == 404


def test_an_indicator_that_is_unknown_has_a_reason_and_no_cells(service: TestClient) -> None:
    found = service.get("/v1/hotspots/food?countries=KE&indicators=climate_change.luluc").json()
    (luluc,) = found["indicators"]
    assert (luluc["cells"], luluc["by_share"]) == ([], [])
    assert luluc["reason"].startswith("KE: unknown")
