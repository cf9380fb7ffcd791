"""Owns what looks at the service from outside: `/healthz`, `/readyz`, `/metrics`, and one log line a posted form.

Refuses metrics to strangers: they need the token, or, where none is set, have to come from this machine itself.
"""

from __future__ import annotations

import hmac
import logging
import time

from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.exceptions import NotFound

from bridge.logs import address_mark
from bridge.service import Service
from bridge.store import StoreError

_LOCAL = ("127.0.0.1", "::1", "localhost")
_OUTCOMES = {202: "accepted", 303: "accepted", 422: "returned", 429: "limited"}

log = logging.getLogger(__name__)


def install_watch(app: Flask, service: Service) -> None:
    app.add_url_rule("/healthz", "healthz", lambda: _health(service))
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(service))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(service))

    @app.before_request
    def _begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if request.method == "POST" and request.endpoint == "forms.form":
            _posted(service, response, time.perf_counter() - g.begun)
        return response


def _posted(service: Service, response: Response, seconds: float) -> None:
    outcome = _OUTCOMES.get(response.status_code, "failed" if response.status_code >= 500 else "refused")
    service.metrics.posts.labels(outcome).inc()
    if outcome == "accepted":
        service.metrics.accepting.observe(seconds)
    secret = service.secret
    fields = {
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "from": address_mark(request.remote_addr or "", secret, service.intake.outside.now()),
    }
    log.info("posted: %(status)d in %(ms)d ms, from %(from)s", fields)


def _health(service: Service) -> Response:
    """Whether this process lives. `attention` where something was given up, does not arrive, or replies are stopped:
    it works, but a person has to look."""
    try:
        look = service.store.needs_attention() or service.store.open_breakers(service.outside.now())
        return jsonify({"status": "attention" if look else "ok"})
    except StoreError:
        return jsonify({"status": "attention"})


def _readiness(service: Service) -> Response:
    """Whether it can take an inquiry in just now; a load balancer asks."""
    try:
        service.store.ping()
    except (StoreError, OSError):
        return Response('{"status": "not ready"}\n', 503, {"Retry-After": "10"}, mimetype="application/json")
    return jsonify({"status": "ok"})


def _metrics(service: Service) -> Response:
    if not _may_read(service):
        raise NotFound
    return Response(service.metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _may_read(service: Service) -> bool:
    token = service.settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.get_secret_value().encode())
    host = request.host.rpartition(":")[0] if not request.host.endswith("]") else request.host
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"))
    return request.remote_addr in _LOCAL and (host or request.host).strip("[]") in _LOCAL and not forwarded
