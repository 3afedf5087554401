"""Random numbers belong to a stream, a seed and a sample, and to nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lca_service.solver.streams import philox, stream, uniforms

WORDS = [np.uint64(0)] * 6
ONES = [np.uint64(0xFFFFFFFF)] * 6
PI = [
    np.uint64(word)
    for word in (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0)
]


@pytest.mark.parametrize(
    ("counter_and_key", "words"),
    [
        # Random123 1.14, tests/kat_vectors, philox4x32 10
        (WORDS, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (ONES, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (PI, (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ],
)
def test_the_generator_gives_its_published_numbers(
    counter_and_key: list[np.uint64], words: tuple[int, ...]
) -> None:
    assert tuple(int(word) for word in philox(*counter_and_key)) == words


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 2**64 - 1))
def test_a_number_does_not_depend_on_what_else_is_drawn(first: int, count: int, seed: int) -> None:
    streams = np.array([3, 2**63 + 5, 77], dtype=np.uint64)
    whole = uniforms(streams, seed=seed, first=0, count=60)
    part = uniforms(streams[[2, 0]], seed=seed, first=first, count=count)
    assert (part == whole[[2, 0], first : first + count]).all()


def test_numbers_are_uniform_and_do_not_know_each_other() -> None:
    streams = np.array([stream("yield", "wheat", str(place)) for place in range(400)], np.uint64)
    drawn = uniforms(streams, seed=7, first=0, count=500)
    assert 0 < drawn.min() < 1e-4
    assert 1 - 1e-4 < drawn.max() < 1
    assert stats.kstest(drawn.ravel(), "uniform").pvalue > 1e-3
    n = drawn.size
    for other in (drawn[1:, :], drawn[:, 1:]):
        one = drawn[: other.shape[0], : other.shape[1]]
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 5 / n**0.5
    again = uniforms(streams, seed=8, first=0, count=500)
    assert abs(np.corrcoef(drawn.ravel(), again.ravel())[0, 1]) < 5 / n**0.5


def test_streams_of_other_names_are_others() -> None:
    names = [("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("a", "b", "d")]
    assert len({stream(*each) for each in names}) == len(names)
