# The service in one image; which process of the Procfile it runs is its argument: web (default), worker, guard, beat, release.
#   docker build --tag bazico-stock .
# A tag is for readers; the digest names one image for good. The newest: docker buildx imagetools inspect TAG
# The service and nothing else: .dockerignore leaves the sandbox, bin/dev and the tests out, requirements.txt their packages.
FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285 AS packages
COPY requirements.txt .
# Into a folder of their own: pip and its cache stay behind.
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.txt

FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin bazico
COPY --from=packages /packages /packages
ENV PATH="/packages/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEBUG=0 PORT=8000
WORKDIR /app
COPY . .
# Settings refuse to load without these; nothing of them stays in the image.
RUN SECRET_KEY=build ENCRYPTION_KEYS=build PUBLIC_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/build REDIS_URL=redis://build.invalid:6379/0 \
    SHOPIFY_API_KEY=build SHOPIFY_API_SECRET=build BLING_CLIENT_ID=build BLING_CLIENT_SECRET=build \
    python manage.py collectstatic --noinput
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Ready, and not only alive: database, broker and worker answer. Only the web process has this address.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.parse, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', headers={'Host': urllib.parse.urlsplit(os.environ['PUBLIC_URL']).hostname}), timeout=4)"]
ENTRYPOINT ["/bin/sh", "-c", "grep -q \"^$0: \" /app/Procfile || { echo \"The Procfile has no process $0\" >&2; exit 64; }; eval \"exec $(sed -n \"s/^$0: //p\" /app/Procfile)\""]
CMD ["web"]
