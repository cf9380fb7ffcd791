"""Owns the target `s3`: a bucket of Amazon S3 or of any storage that speaks its language. Refuses to touch what lies
beside its prefix, and to delete anything before everything new is there.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import Field

from portal_builder.publishing.hostfiles import encoded
from portal_builder.publishing.parcel import Parcel, Sent, TargetError, TargetOptions
from portal_builder.search.memory import recall, remember

SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_TEXT = {"application/json", "application/javascript", "application/xml", "application/atom+xml", "image/svg+xml"}
_TYPES = {".js": "text/javascript", ".md": "text/markdown", ".webp": "image/webp", ".woff2": "font/woff2"}
_FORMAT = "1"
_BATCH = 1000
"""So many keys one request may delete."""


class Options(TargetOptions):
    bucket: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$")]
    prefix: Annotated[str, Field(pattern=r"^([^/].*/)?$")] = ""
    """The folder within the bucket, with a slash at its end."""
    region: str = "us-east-1"
    endpoint: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    """Where the storage is not Amazon's."""


def host_of(_: Options) -> str:
    return "bucket"


def send(options: Options, parcel: Parcel) -> Sent:
    """What pages load first, then the pages, then what is not needed any more."""
    try:
        import boto3  # noqa: PLC0415 -- an extra: only who has a bucket needs it
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- the same
    except ImportError:
        raise TargetError("boto3 is not installed: pip install 'haedap[s3]'") from None
    try:
        client = boto3.session.Session(
            aws_access_key_id=parcel.environment.get("AWS_ACCESS_KEY_ID"),
            aws_secret_access_key=parcel.environment.get("AWS_SECRET_ACCESS_KEY"),
            aws_session_token=parcel.environment.get("AWS_SESSION_TOKEN"),
            region_name=options.region,
        ).client("s3", endpoint_url=options.endpoint)
        return _sync(client, options, parcel)
    except (BotoCoreError, ClientError) as error:
        raise TargetError(str(error)) from error


def _sync(client: Any, options: Options, parcel: Parcel) -> Sent:
    there, sums = dict(_listed(client, options)), _sums(parcel)
    written = 0
    for path in sorted(parcel.tree.digests, key=lambda path: (wave(path), path)):
        if there.get(path) != sums[parcel.tree.digests[path]]:
            client.put_object(
                Bucket=options.bucket,
                Key=options.prefix + path,
                Body=parcel.tree.content(path),
                **_about(path, parcel.redirects),
            )
            written += 1
    gone = sorted(there.keys() - parcel.tree.digests.keys(), key=lambda path: (-wave(path), path))
    for start in range(0, len(gone), _BATCH):
        keys = [{"Key": options.prefix + path} for path in gone[start : start + _BATCH]]
        failed = client.delete_objects(Bucket=options.bucket, Delete={"Objects": keys, "Quiet": True}).get("Errors")
        if failed:
            raise TargetError(f"{failed[0].get('Key')}: {failed[0].get('Message')}")
    return Sent(written, len(gone))


def _listed(client: Any, options: Options) -> Iterator[tuple[str, str]]:
    """What is there, by path, with the MD5 that storages call ETag where an object was sent in one piece."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=options.bucket, Prefix=options.prefix):
        for one in page.get("Contents", ()):
            yield one["Key"].removeprefix(options.prefix), one["ETag"].strip('"')


def _sums(parcel: Parcel) -> Mapping[str, str]:
    """By SHA-256, the MD5 of each file. It is made once of the same bytes: only new files are read."""
    known: Mapping[str, str] = recall(parcel.desk / "md5", _FORMAT) or {}
    sums = {
        digest: known.get(digest) or hashlib.md5(parcel.tree.content(path), usedforsecurity=False).hexdigest()
        for path, digest in parcel.tree.digests.items()
    }
    remember(parcel.desk / "md5", _FORMAT, sums)
    return sums


def wave(path: str) -> int:
    """0 what pages load, 1 the pages and what points at files, 2 the mark that says that all of it is there."""
    if path.endswith(".well-known/haedap.json"):
        return 2
    return 1 if path.endswith((".html", ".xml", "search/head.json", "llms.txt")) else 0


def _about(path: str, redirects: Mapping[str, str]) -> dict[str, str]:
    """The headers that the storage keeps with an object. A page that leads on has it in its bytes as well, so that a
    new destination is a new object."""
    suffix = PurePosixPath(path).suffix.lower()
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    about = {
        "ContentType": f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _TEXT else kind,
        "CacheControl": "no-cache",
    }
    to = redirects.get(path.removesuffix("index.html"))
    return about | ({"WebsiteRedirectLocation": encoded(to)} if to else {})
