"""Random numbers belong to a stream, a seed and a sample, and to nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lca_service.solver.streams import stream, uniforms

MASK = 0xFFFFFFFF


def philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Philox4x32-10 as its authors write it (Salmon et al. 2011, section 4.3)."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        left, right = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = right >> 32 ^ c1 ^ k0, right & MASK, left >> 32 ^ c3 ^ k1, left & MASK
        k0, k1 = k0 + 0x9E3779B9 & MASK, k1 + 0xBB67AE85 & MASK
    return c0, c1, c2, c3


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        # Random123 1.14, tests/kat_vectors, philox4x32 10
        ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((MASK,) * 4, (MASK,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_the_generator_gives_its_published_numbers(
    counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]
) -> None:
    assert philox(counter, key) == words


@pytest.mark.parametrize("seed", [0, 7, 2**64 - 1, 0x299F31D0A4093822])
@pytest.mark.parametrize("key", [0, 1, 2**64 - 1, 0x0370734413198A2E])
def test_numbers_are_those_of_the_generator(seed: int, key: int) -> None:
    found = uniforms(np.array([key], np.uint64), seed=seed, first=0, count=40)[0]
    for pair in range(20):
        words = philox((pair, 0, key & MASK, key >> 32), (seed & MASK, seed >> 32))
        for sample, (high, low) in enumerate((words[:2], words[2:])):
            assert found[2 * pair + sample] == (2 * (high << 20 | low >> 12) + 1) * 2.0**-53


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
