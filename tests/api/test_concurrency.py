"""Many at once get what each would get alone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient


def test_threads_get_the_answers_that_they_would_get_alone(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    line = request_body["bom"][0]
    bodies = [
        request_body | {"bom": [line | {"amount": number, "location": place}]}
        for number in range(1, 51)
        for place in ("IN", "KE", "ZA", "GLO", "BD", "LK", "142", "AQ")
    ]

    def ask(body: dict[str, Any]) -> bytes:
        # after id and time, which are each footprint's own
        return client.post("/v1/footprints", json=body).content.partition(b'"name"')[2]

    alone = [ask(body) for body in bodies]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ask, bodies))
    assert together == alone
    assert len(set(alone)) == len(alone)
