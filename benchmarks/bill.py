"""The bill that is measured: thirty purchases from everything the release offers."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.schemas.request import FootprintRequest
from api.translate.questions import to_study
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.study import Stage, Study

N_LINES = 30
_SEED = 20260101


def request(catalogue: Catalogue) -> dict[str, Any]:
    """Return a request of thirty lines at as many places, under every default indicator."""
    generator = np.random.default_rng(_SEED)
    names = catalogue.nomenclature
    products = generator.choice(sorted(names.products), N_LINES)
    places = generator.choice(names.countries, N_LINES, replace=False)
    stages = [stage.value for stage in Stage]
    return {
        "name": "Thirty purchases",
        "declared_unit": {"amount": 1, "unit": "piece", "mass_kg": 1},
        "location": "GLO",
        "bom": [
            {
                "id": f"line-{index}",
                "stage": stages[index % len(stages)],
                "product": str(product),
                "amount": float(amount),
                "unit": names.products[str(product)].unit,
                "location": str(place),
            }
            for index, (product, place, amount) in enumerate(
                zip(products, places, generator.lognormal(0.0, 1.0, N_LINES), strict=True)
            )
        ],
    }


def study(catalogue: Catalogue) -> Study:
    """Return the same as a study."""
    return to_study(FootprintRequest.model_validate(request(catalogue)))
