# One image for every role; which one is an argument: `run`, `run --role web`, `migrate`, …
FROM python:3.13-slim AS packages
COPY requirements.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /build/requirements.lock \
    && /opt/venv/bin/pip uninstall --yes pip

FROM python:3.13-slim
# The embedded PostgreSQL's initdb wants a user with a name, so the user has one.
RUN useradd --system --uid 10001 --user-group --no-create-home pult \
    && install -d -m 0700 -o pult -g pult /data
COPY --from=packages /opt/venv /opt/venv
COPY . /opt/pult
RUN python -m compileall -q /opt/pult
WORKDIR /opt/pult
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PULT_DATA_DIR=/data \
    PULT_HTTP_HOST=0.0.0.0 \
    PULT_HTTP_PORT=8080
USER pult
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["python", "-m", "app"]
CMD ["run"]
