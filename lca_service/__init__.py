"""Footprints by life cycle assessment, from open regional data.

The one door to the engine is :class:`lca_service.engine.Engine`.
"""

__version__ = "0.1.0"
