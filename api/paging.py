"""Pages of long lists (RFC 8288)."""

from __future__ import annotations

from starlette.datastructures import URL


def page_links(url: URL, total: int, limit: int, offset: int) -> str:
    """Return the Link header of a page: first, previous and next, as far as there are.

    The addresses are relative: a proxy may know the service by another name.
    """
    places = {"first": 0}
    if offset > 0:
        places["prev"] = max(offset - limit, 0)
    if offset + limit < total:
        places["next"] = offset + limit
    return ", ".join(
        f'<{url.path}?{_query(url, place, limit)}>; rel="{relation}"'
        for relation, place in places.items()
    )


def _query(url: URL, offset: int, limit: int) -> str:
    return url.include_query_params(offset=offset, limit=limit).query
