"""What people write, bound to what the release has."""

import pytest

from lca_service.catalogue.resolve import resolve_flow, resolve_location, resolve_product
from lca_service.engine import Engine
from lca_service.errors import NoProvider, UnknownName

INDIA = ("IN", "034", "142", "GLO")


@pytest.mark.parametrize(
    ("asked", "ladder"),
    [
        ("IN", INDIA),
        ("in", INDIA),
        (" IN ", INDIA),
        ("IND", INDIA),
        ("ind", INDIA),
        ("IN-GJ", ("IN-GJ", *INDIA)),
        ("in-gj", ("IN-GJ", *INDIA)),
        ("034", ("034", "142", "GLO")),
        ("uk", ("GB", "154", "150", "GLO")),
        ("World", ("GLO",)),
        ("glo", ("GLO",)),
        ("AQ", ("AQ", "GLO")),
        ("KEN", ("KE", "014", "202", "002", "GLO")),
    ],
)
def test_a_place_is_known_by_its_codes_and_other_names(
    tiny: Engine, asked: str, ladder: tuple[str, ...]
) -> None:
    assert resolve_location(tiny.catalogue, asked) == ladder


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("SU", "retired_location"),
        ("an", "retired_location"),
        ("XX", "unknown_location"),
        ("IN-ZZ", "unknown_location"),  # not in ISO 3166-2
        ("ZZ-GJ", "unknown_location"),
        ("IN-", "unknown_location"),
        ("", "unknown_location"),
        ("34", "unknown_location"),  # UN M49 codes have three digits
        ("🇮🇳", "unknown_location"),
        ("A" * 10_000, "unknown_location"),
    ],
)
def test_a_place_that_is_not_known_is_no_place_nearby(tiny: Engine, asked: str, code: str) -> None:
    with pytest.raises(UnknownName) as refusal:
        resolve_location(tiny.catalogue, asked)
    assert refusal.value.code == code
    assert refusal.value.name == asked


@pytest.mark.parametrize(
    ("product", "asked", "mix", "location", "walked"),
    [
        ("electricity-low-voltage", "IN", "", "IN", ("IN",)),
        ("electricity-low-voltage", "IN-GJ", "", "IN", ("IN-GJ", "IN")),
        ("electricity-low-voltage", "ind", "", "IN", ("IN",)),
        ("electricity-low-voltage", "LK", "", "034", ("LK", "034")),
        ("electricity-low-voltage", "AQ", "", "GLO", ("AQ", "GLO")),
        ("electricity-coal", "BD", "", "GLO", ("BD", "034", "142", "GLO")),
        ("seed-cotton", "KE", "", "202", ("KE", "014", "202")),
        ("seed-cotton", "IN", "export", "GLO", INDIA),
    ],
)
def test_a_provider_is_found_at_the_nearest_rung(
    tiny: Engine, product: str, asked: str, mix: str, location: str, walked: tuple[str, ...]
) -> None:
    match = resolve_product(tiny.catalogue, product, asked, mix)
    assert (match.location, match.ladder) == (location, walked)
    assert match.asked == walked[0]
    assert match.is_substituted == (len(walked) > 1)
    activity = tiny.catalogue.activities[match.activity_index]
    assert (activity.product, activity.location) == (product, location)


def test_the_mix_of_an_activity_follows_who_asks(tiny: Engine) -> None:
    def mix(asked: str) -> str:
        match = resolve_product(tiny.catalogue, "seed-cotton", asked)
        return tiny.catalogue.activities[match.activity_index].mix

    assert (mix("GLO"), mix("GB"), mix("LK")) == ("production", "export", "production")


def test_nobody_exports_what_is_not_traded(tiny: Engine) -> None:
    with pytest.raises(NoProvider, match="export mix of 'hard-coal'"):
        resolve_product(tiny.catalogue, "hard-coal", "IN", "export")


def test_a_regional_flow_is_bound_to_its_place_and_another_to_none(tiny: Engine) -> None:
    rows = tiny.catalogue.flow_rows

    def bound(flow: str, place: str) -> dict[tuple[str, str], float]:
        found = resolve_flow(tiny.catalogue, flow, place)
        return {rows[row]: share for row, share in found.items()}

    assert bound("water-green", "IN-GJ") == {("water-green", "IN"): 1.0}
    assert bound("n2o", "IN") == {("n2o", ""): 1.0}
    assert bound("r-410a", "IN") == {("hfc-125", ""): 0.5, ("hfc-32", ""): 0.5}
    with pytest.raises(UnknownName) as refusal:
        bound("nitrous", "IN")
    assert refusal.value.code == "unknown_flow"
    assert refusal.value.nearest[0] == "n2o"
