"""Small systems with published answers: A s = f, g = B s, h = C g."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy import sparse

from lca_service.solver.adjoint import multipliers
from lca_service.solver.direct import Factorization


@dataclass(frozen=True)
class System:
    """A: outputs positive, inputs negative; f the demand; what the source prints follows."""

    name: str
    source: str
    A: list[list[float]]
    B: list[list[float]]
    f: list[float]
    s: list[float]
    g: list[float]
    C: list[list[float]] = field(default_factory=list)
    h: list[float] = field(default_factory=list)
    rel: float = 1e-12


SYSTEMS = [
    System(
        name="electricity from fuel, products in another order than activities",
        source="Heijungs & Suh (2002): The Computational Structure of LCA, ch. 2",
        A=[[-2, 100], [10, 0]],
        B=[[1, 10], [0.1, 2], [0, -50]],
        f=[0, 1000],
        s=[100, 2],
        g=[120, 14, -100],
    ),
    System(
        name="two activities that buy from each other",
        source="openLCA, olca-modules: math/SelfLoopAnalysisTest",
        A=[[1, -0.5], [-1, 1]],
        B=[[1, 2], [2, 1]],
        f=[2, 0],
        s=[4, 4],
        g=[12, 12],
    ),
    System(
        name="a loop, with impacts",
        source="openLCA, olca-modules: results/providers/ResultProviderTest",
        A=[[1, -0.5], [-1, 1]],
        B=[[1, 2], [-3, -3]],
        f=[0.5, 0],
        s=[1, 1],
        g=[3, -6],
        C=[[1, 0], [0, -1], [2, -0.5]],
        h=[3, 6, 9],
    ),
    System(
        name="a chain with a reference amount of a half",
        source="openLCA, olca-modules: math/SubResultsTest",
        A=[[1, -2, 0], [0, 0.5, -2], [0, 0, 1]],
        B=[[1, 1, 1]],
        f=[0, 0, 1],
        s=[8, 4, 1],
        g=[13],
    ),
    System(
        name="waste whose treatment has a negative diagonal",
        source="openLCA, olca-modules: math/WasteCalculationTest",
        A=[[1, 0], [2, -1]],
        B=[[0, 2]],
        f=[1, 0],
        s=[1, 2],
        g=[4],
    ),
    System(
        name="an avoided product",
        source="openLCA, olca-modules: math/AvoidedFlowsTest",
        A=[[1, 0], [0.5, 1]],
        B=[[2, 2]],
        f=[1, 0],
        s=[1, -0.5],
        g=[1],
    ),
    System(
        name="a supplier that makes four at a time",
        source="openLCA, olca-modules: matrix/solvers/BasicSolverTest",
        A=[[1, 0], [-5, 4]],
        B=[[0, 1]],
        f=[1, 0],
        s=[1, 1.25],
        g=[1.25],
    ),
    System(
        name="a chain of three",
        source="VoLCA: test/GoldenData.hs, SAMPLE.min3",
        A=[[1, 0, 0], [-0.6, 1, 0], [0, -0.4, 1]],
        B=[[0, 0, 4.0], [0, 0, 0.003]],
        f=[1, 0, 0],
        s=[1, 0.6, 0.24],
        g=[0.96, 0.00072],
    ),
    System(
        name="two sectors of an economy",
        source="Miller & Blair (2009): Input-Output Analysis, ch. 2, tables 2.3 and 2.4 (rounded)",
        A=[[0.85, -0.25], [-0.2, 0.95]],
        B=[[0.3, 0.25]],
        f=[600, 1500],
        s=[1247.5, 1841.6],
        g=[834.65],
        rel=5e-5,
    ),
    System(
        name="one supplier",
        source="bw2calc: tests/fixtures/basic_fixture",
        A=[[1, 0], [-0.5, 1]],
        B=[[1, 0]],
        f=[1, 0],
        s=[1, 0.5],
        g=[1],
        C=[[1]],
        h=[1],
    ),
]

systems = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: str(system.name))


def factorized(system: System) -> Factorization:
    return Factorization(sparse.csr_array(np.array(system.A, dtype=float)))


@systems
def test_the_supply_is_the_published_one(system: System) -> None:
    supply = factorized(system).supply(np.array(system.f, dtype=float))
    assert supply == pytest.approx(system.s, rel=system.rel)
    assert np.array(system.B) @ supply == pytest.approx(system.g, rel=system.rel)
    if system.h:
        impacts = np.array(system.C) @ np.array(system.B) @ supply
        assert impacts == pytest.approx(system.h, rel=system.rel)


@systems
def test_multipliers_give_the_published_inventory_without_a_supply(system: System) -> None:
    costs = sparse.csr_array(np.array(system.B, dtype=float))
    found = multipliers(factorized(system), costs) @ np.array(system.f, dtype=float)
    assert found == pytest.approx(system.g, rel=system.rel)


def test_multipliers_are_totals_of_one_unit_of_every_product() -> None:
    # ResultProviderTest: total impacts of one unit of p1 and of p2
    (system,) = (each for each in SYSTEMS if each.name == "a loop, with impacts")
    costs = sparse.csr_array(np.array(system.C) @ np.array(system.B))
    found = multipliers(factorized(system), costs)
    assert pytest.approx(np.array([[6, 12, 18], [5, 9, 14.5]]), rel=1e-12) == found.T


def test_the_inverse_is_the_published_one() -> None:
    # Miller & Blair (2009), ch. 2: the total requirements matrix of the two sectors
    (system,) = (each for each in SYSTEMS if each.name == "two sectors of an economy")
    published = [[1.25412541, 0.330033], [0.2640264, 1.12211221]]
    assert factorized(system).supply(np.eye(2)) == pytest.approx(np.array(published), rel=1e-6)
    assert pytest.approx(np.array(published), rel=1e-6) == factorized(system).adjoint(np.eye(2)).T
