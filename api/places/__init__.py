"""Buildings and places: metrics of floor area, occupants and inhabitants."""
