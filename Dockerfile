# An image that fetches nothing once it is built. The two install lines are those of the Makefile;
# tests/architecture/test_dockerfile.py compares them and runs the steps of the first stage.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --require-hashes --only-binary=:all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY lca_service lca_service
COPY datasets datasets
COPY methods methods
# Templates are expanded here, so that a container starts from the compiled cache.
RUN /opt/venv/bin/python -m pip install --no-deps --no-build-isolation . \
    && LCA_DATA_ROOT=/var/lib/lca /opt/venv/bin/lca-service data compile

FROM python:3.11-slim-bookworm AS fonts
# For reports in any script. Fonts change nothing that is computed: their versions are Debian's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="lca-service" \
    org.opencontainers.image.description="Carbon and water footprints of products over HTTP" \
    org.opencontainers.image.licenses="BSD-3-Clause"
RUN useradd --system --uid 10001 --no-create-home --home-dir /var/lib/lca lca
COPY --from=build /opt/venv /opt/venv
COPY --from=fonts /usr/share/fonts /usr/share/fonts
COPY --from=build --chown=10001 /var/lib/lca /var/lib/lca
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LCA_DATA_ROOT=/var/lib/lca
USER 10001
VOLUME ["/var/lib/lca"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["lca-service", "serve", "--host", "0.0.0.0", "--port", "8000"]
