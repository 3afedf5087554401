"""Kernels run whether or not their compiled code can be kept."""

from lca_service.solver.jit import kernel


def test_a_function_without_a_place_to_keep_it_is_compiled_all_the_same() -> None:
    names: dict[str, object] = {}
    exec("def divided(x, y):\n    return x / y", names)  # no file, so no folder beside it
    divided = kernel(names["divided"])  # type: ignore[arg-type]
    assert divided(1.0, 4.0) == 0.25
    assert divided(1.0, 0.0) == float("inf")
