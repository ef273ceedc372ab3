# docker build -t michishirube .
# docker run --read-only --tmpfs /tmp --cap-drop ALL -v michishirube:/data --env-file .env -p 127.0.0.1:8080:8080 michishirube
FROM python:3.12-slim

WORKDIR /app
COPY requirements/uv.txt requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && uv pip install --system --no-cache --require-hashes -r requirements/run.txt
COPY bot bot
COPY knowledge_base knowledge_base
RUN python -m compileall -q bot && useradd --system --uid 10001 --no-create-home bot && install -d -o bot /data

USER bot
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BOT_HOST=0.0.0.0 BOT_PORT=8080 \
    BOT_CACHE_DIR=/data/cache BOT_DATABASE_URL=sqlite+aiosqlite:////data/michishirube.db
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"BOT_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
