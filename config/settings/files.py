"""Files: what is served, what is uploaded, where media lies and how it gets to people."""

from typing import Any

from config.environment import bucket_origins, bucket_storage, cdn_storage, env, one_of
from config.settings.places import BASE_DIR, DATA_DIR

# Static files are hashed and compressed.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Media: on local disk, or in a bucket.
MEDIA_ROOT = DATA_DIR / "media"
S3_BUCKET = env.str("S3_BUCKET", "")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", "")  # of any store that speaks S3; empty: Amazon's
S3_PUBLIC_URL = env.str("S3_PUBLIC_URL", S3_ENDPOINT_URL)  # where browsers find it, if that is somewhere else
CDN_STORAGE = cdn_storage()  # before the bucket: files go out from there
BUCKET_ORIGINS = bucket_origins(S3_BUCKET, public_url=S3_PUBLIC_URL)
LOCAL_STORAGE: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": MEDIA_ROOT},
}
STORAGES = {
    "default": bucket_storage(S3_BUCKET, endpoint=S3_ENDPOINT_URL) if S3_BUCKET else LOCAL_STORAGE,
    "staticfiles": {"BACKEND": "core.static_files.StaticFiles"},
}

# Delivery: by this application; by nginx, which is told where the file lies; or by the bucket, which is sent to.
WAYS = ("app", "nginx", "bucket")
MEDIA_DELIVERY = env.str("MEDIA_DELIVERY", "bucket" if S3_BUCKET else "app", validate=one_of(WAYS))
MEDIA_LINK_SECONDS = env.int("MEDIA_LINK_SECONDS", 4 * 3600)  # how long the address of a player's files opens them
MEDIA_BEARER_SECONDS = env.int("MEDIA_BEARER_SECONDS", 3600)  # and one given to a program, which anybody may hold
MEDIA_RECHECK_SECONDS = env.int("MEDIA_RECHECK_SECONDS", 60)  # at the latest then, what was revoked is refused

# Uploads
UPLOADS_DIR = DATA_DIR / "uploads"  # of which a part has arrived; on the disk of MEDIA_ROOT they are moved, not copied
UPLOAD_DAYS = env.int("UPLOAD_DAYS", 7)  # after the last byte an unfinished one waits so long to be continued
PURGE_ARCHIVED_DAYS = env.int("PURGE_ARCHIVED_DAYS", 0)  # then archived media is removed for good; 0: by hand only
UNUSED_BATCH_DAYS = env.int("UNUSED_BATCH_DAYS", 30)  # then whoever made an empty batch is told that it goes; 0: never
UNUSED_BATCH_NOTICE_DAYS = env.int("UNUSED_BATCH_NOTICE_DAYS", 7)  # so long after that it goes, if it is still empty
UPLOADS_AT_ONCE = env.int("UPLOADS_AT_ONCE", 2)  # bodies that one web process receives; below its threads, for the rest
COURSE_FILE_BYTES = env.int("COURSE_FILE_BYTES", 100 * 1000**2)  # the largest file to hand in, or offered as a resource
FILE_UPLOAD_TEMP_DIR = UPLOADS_DIR
FILE_UPLOAD_PERMISSIONS = 0o640

# Work on media
SCRATCH_DIR = DATA_DIR / "scratch"  # half-made files of running jobs
DISK_RESERVE_BYTES = env.int("DISK_RESERVE_BYTES", 1024**3)  # work waits rather than leave less than this free
for folder in (STATIC_ROOT, UPLOADS_DIR):
    folder.mkdir(parents=True, exist_ok=True)

# Folders with fonts for scripts that the built-in ones of certificates lack, such as Chinese; separated by commas.
CERTIFICATE_FONTS: list[str] = env.list("CERTIFICATE_FONTS", [])

# Forms: the longest is that of a quiz, twelve fields a question, of which there may be a thousand (the most that a
# course file brings). Django's own limit of 1,000 fields would end at eighty.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
