"""The chart of growth has a line per task, and the bandwidth is of a size that memory can have."""

from benchmarks.growth import Point, bandwidth, chart, points
from benchmarks.systems import ecoinvent_like


def test_every_task_is_measured_and_drawn() -> None:
    found = [*points(ecoinvent_like(1000), 1000), Point(5000, 60000, "other", 0.1)]
    assert all(each.seconds > 0 for each in found)
    drawn = chart(found).to_dict()
    values = drawn["data"]["values"]
    assert [row["ms"] for row in values] == [each.seconds * 1e3 for each in found]
    assert {row["task"] for row in values} == {each.task for each in found}
    assert len({row["task"] for row in values}) == 3


def test_bandwidth_is_of_a_plausible_size() -> None:
    mib, ours, plain = bandwidth(ecoinvent_like(1000))
    assert 0.05 < mib < 10
    assert 0.05 < ours < 1000
    assert 0.05 < plain < 1000
