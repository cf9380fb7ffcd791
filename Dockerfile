# The bridge in a container. A help centre is mounted at /centre (read-only will do), inquiries are kept in /data.
# `--target watch` is another image, which keeps time: docs/publishing.md.
#   docker build --tag haedap .
#   docker run --publish 127.0.0.1:8000:8000 --volume ./my-help:/centre:ro --volume inquiries:/data \
#     --env HAEDAP_SMTP_HOST=smtp.example --env HAEDAP_PROXY_HOPS=1 haedap
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml hatch_build.py README.md LICENSE mkdocs.yml ./
COPY portal_builder portal_builder
COPY bridge bridge
COPY themes/_base themes/_base
COPY i18n i18n
# The versions of the lock file, without what tests and the search's dictionaries (220 MB) need.
RUN sed -nE 's/^([A-Za-z0-9._-]+==[^ ]+)( ; .*[^ \\])? ?\\?$/\1\2/p' requirements.lock > constraints.txt \
 && python -m venv /opt/haedap \
 && PIP_CONSTRAINT=/src/constraints.txt /opt/haedap/bin/pip install --no-cache-dir --disable-pip-version-check . \
 && /opt/haedap/bin/pip uninstall --yes --quiet pip

# Publishes on time: it pulls, so it needs git, and the checkout that is mounted belongs to somebody else.
FROM python:3.13-slim AS watch
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends git openssh-client rsync \
 && rm -rf /var/lib/apt/lists/* && git config --system --add safe.directory /centre
COPY --from=build /opt/haedap /opt/haedap
ENV PATH=/opt/haedap/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /centre
STOPSIGNAL SIGTERM
ENTRYPOINT ["haedap"]
CMD ["watch"]

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin haedap \
 && install --directory --owner haedap --group haedap --mode 0700 /data
COPY --from=build /opt/haedap /opt/haedap
ENV PATH=/opt/haedap/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HAEDAP_DATA=/data HAEDAP_LOG_FORMAT=json
USER haedap
WORKDIR /centre
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["haedap-bridge"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
