"""What the footprint of an organisation says of itself."""

from __future__ import annotations

from api.schemas.organisation import OrganisationRequest
from api.schemas.organisation_answer import OrganisationStatementAnswer
from lca_service.calculation.footprint import Footprint

# GHG Protocol, Corporate Value Chain (Scope 3) Standard (2011), table 5.3
CATEGORY_NAMES = {
    1: "Purchased goods and services",
    2: "Capital goods",
    3: "Fuel- and energy-related activities not in scope 1 or 2",
    4: "Upstream transportation and distribution",
    5: "Waste generated in operations",
    6: "Business travel",
    7: "Employee commuting",
    8: "Upstream leased assets",
    9: "Downstream transportation and distribution",
    10: "Processing of sold products",
    11: "Use of sold products",
    12: "End-of-life treatment of sold products",
    13: "Downstream leased assets",
    14: "Franchises",
    15: "Investments",
}

STRESS = "areas with water stress rest on maps (WRI Aqueduct) that this service does not have"


def statement(request: OrganisationRequest, result: Footprint) -> OrganisationStatementAnswer:
    """Return the statement; what holds for every footprint is taken from that of the lines."""
    found = result.statement
    consolidation = request.consolidation.replace("_", " ")
    if request.consolidation == "equity_share":
        consolidation += ": every amount of a site is multiplied by the share in it"
    return OrganisationStatementAnswer(
        period=f"{request.period.start} to {request.period.end}, both included",
        consolidation=consolidation,
        scope_1="what burns, drives, leaks or reacts at the sites and in vehicles of their own",
        scope_2="what arises in power and heat plants for the amount consumed, without their "
        "fuel supply and without losses of the grid; reservoirs' methane and geothermal steam "
        "count as the plants' own. Market-based: contracts, else the published residual mix, "
        "else the grid; market.status says which",
        scope_3="by category as given, cradle to the site; category 3 has what comes before "
        "scopes 1 and 2 and the energy lost on the way; categories without data are null",
        biogenic_co2="of combustion and decay, apart from the scopes; methane and N2O of biomass "
        "are inside them",
        water="own flows of the sites and tap water bought, as withdrawn and consumed; scarcity "
        "by the AWARE factor of the place for what is consumed; water of purchases stands apart",
        gases="CO2, CH4, N2O, HFCs, PFCs, SF6, NF3 and the others that the method has a factor for",
        system_model=found.system_model,
        cut_off=found.cut_off,
        allocation=found.allocation,
        land_use_change=found.land_use_change,
        gwp_sets=list(found.gwp_sets),
        data_period=found.data_period,
        limits=[*found.limits, "offsets, credits and avoided emissions are not counted"],
        review=found.review,
        aligned_with=[
            "GHG Protocol Corporate Standard (2004)",
            "GHG Protocol Scope 2 Guidance (2015)",
            "GHG Protocol Corporate Value Chain (Scope 3) Standard (2011)",
            "GRI 303: Water and Effluents 2018",
            "GRI 305: Emissions 2016",
        ],
    )
