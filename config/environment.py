"""The one helper through which settings read the environment, and what follows from where Lectern runs."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

env = Env()
one_of, in_range = validate.OneOf, validate.Range


def secret_key(data: Path, *, public: bool) -> str:
    """The signing key: from SECRET_KEY, or a private file of the data folder on a machine of one's own.

    Raises ImproperlyConfigured where the site is public and no key is set: one made up would differ between hosts.
    """
    if key := env.str("SECRET_KEY", ""):
        return key
    if public:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. LECTERN_URL makes this a public site, which needs its own long random key."
        )
    return _own_secret_key(data / "secret_key")


def _own_secret_key(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        if not file.exists():
            draft.rename(file)  # whole or not at all: two processes may start together
        draft.unlink(missing_ok=True)
    return file.read_text()


def allowed_hosts(url: str) -> list[str]:
    """Host names this site answers to: that of its public address, or just this machine."""
    extra: list[str] = env.list("ALLOWED_HOSTS", [])
    return [host for host in [urlsplit(url).hostname, *extra] if host] or ["localhost", "127.0.0.1", "[::1]"]


def bucket_storage(bucket: str, *, endpoint: str) -> dict[str, Any]:
    """Private files in a bucket of Amazon's or of any store that speaks S3.

    Signing is spelled out, names are never overwritten, and there is no custom domain: with one, addresses would come
    out unsigned. Keys and region are boto3's own: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION.
    """
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "region_name": env.str("AWS_DEFAULT_REGION", "us-east-1"),
        "querystring_auth": True,
        "querystring_expire": 900,
        "file_overwrite": False,
        "default_acl": None,
        "object_parameters": {"CacheControl": "private, max-age=0"},
        "client_config": Config(signature_version="s3v4", s3={"addressing_style": "path" if endpoint else "virtual"},
                                request_checksum_calculation="when_required"),
    }  # fmt: skip
    if endpoint:
        options["endpoint_url"] = endpoint
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def cdn_storage() -> dict[str, Any]:
    """Options by which a bucket's addresses lead to the CloudFront distribution before it, signed; empty without one.

    Raises ImproperlyConfigured where a domain is named without its keys: its addresses would be open to everybody.
    """
    domain, key_id, key = env.str("CDN_DOMAIN", ""), env.str("CDN_KEY_ID", ""), env.str("CDN_KEY", "")
    if not domain:
        return {}
    if not (key_id and key):
        raise ImproperlyConfigured("CDN_DOMAIN needs CDN_KEY_ID and CDN_KEY: without them its addresses are unsigned.")
    return {"custom_domain": domain, "cloudfront_key_id": key_id, "cloudfront_key": key.replace("\\n", "\n")}


def bucket_origins(bucket: str, *, public_url: str) -> list[str]:
    """Where browsers reach the bucket, for the content security policy; none without one."""
    if not bucket:
        return []
    domain = env.str("CDN_DOMAIN", "")
    return [*([f"https://{domain}"] if domain else []), *_own_origin(bucket, public_url)]


def _own_origin(bucket: str, public_url: str) -> list[str]:
    if public_url:
        address = urlsplit(public_url)
        return [f"{address.scheme}://{address.netloc}"]
    return [f"https://{bucket}.s3.{env.str('AWS_DEFAULT_REGION', 'us-east-1')}.amazonaws.com"]
