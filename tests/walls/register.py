"""For whom each address is. Whoever adds one says so here, or a test fails.

An address is open to its class and to everybody above it. `account` is besides the five of an organization: pages of
the person who is logged in, whatever they are a member of; they name no organization.
"""

from enum import IntEnum

from django.contrib import admin

from tests.walls.routes import Route, routes


class For(IntEnum):
    PUBLIC = 0  # anybody; of an organization: anybody where it is open, its members otherwise
    ACCOUNT = 1  # whoever is logged in, about themselves
    MEMBER = 2  # active members of the organization of the address, as far as they were let in
    CREATOR = 3
    OWNER = 4
    PLATFORM = 5  # superusers


PUBLIC, ACCOUNT, MEMBER, CREATOR, OWNER, PLATFORM = For

PAGES: dict[str, For] = {
    "home": PUBLIC,
    "organization_menu": ACCOUNT,
    "answer_invitation": PUBLIC,
    "invitation": PUBLIC,
    "join_by_address": ACCOUNT,
    "alive": PUBLIC,
    "ready": PUBLIC,
    "metrics": PUBLIC,  # with a token of its own
    "favicon.ico": PUBLIC,
    "schema": PUBLIC,
    "api_docs": PUBLIC,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_confirm_email": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "account_reauthenticate": ACCOUNT,
    "account_email": ACCOUNT,
    "account_change_password": ACCOUNT,
    "account_set_password": ACCOUNT,
    "mfa_index": ACCOUNT,
    "mfa_reauthenticate": ACCOUNT,
    "mfa_activate_totp": ACCOUNT,
    "mfa_deactivate_totp": ACCOUNT,
    "mfa_view_recovery_codes": ACCOUNT,
    "mfa_generate_recovery_codes": ACCOUNT,
    "mfa_download_recovery_codes": ACCOUNT,
    "usersessions_list": ACCOUNT,
    "sessions": ACCOUNT,
    "profile": ACCOUNT,
    "my_data": ACCOUNT,
    "download_data": ACCOUNT,
    "download_by_link": ACCOUNT,
    "erase_account": ACCOUNT,
    "tokens": ACCOUNT,
    "revoke_token": ACCOUNT,
    "accounts:members": OWNER,
    "accounts:member": OWNER,
    "accounts:invitations": OWNER,
    "accounts:resend_invitation": OWNER,
    "accounts:revoke_invitation": OWNER,
    "accounts:suspend_member": OWNER,
    "accounts:reinstate_member": OWNER,
    "accounts:remove_member": OWNER,
    "accounts:accent": PUBLIC,
    "accounts:logo": PUBLIC,
    "courses:catalog": PUBLIC,
    "courses:course": PUBLIC,
    "courses:cover": PUBLIC,
    "courses:collection": PUBLIC,
    "courses:enroll": PUBLIC,
    "courses:redeem": PUBLIC,
    "courses:leave": MEMBER,
    "courses:learn": MEMBER,
    "courses:lesson": MEMBER,
    "courses:mark_done": MEMBER,
    "courses:work_on": MEMBER,
    "courses:open_resource": MEMBER,
    "courses:item_notes": MEMBER,
    "courses:item_missed": MEMBER,
    "courses:notes": MEMBER,
    "courses:export_notes": MEMBER,
    "courses:edit_note": MEMBER,
    "courses:delete_note": MEMBER,
    "courses:missed": MEMBER,
    "courses:start_quiz": MEMBER,
    "courses:save_quiz": MEMBER,
    "courses:submit_quiz": MEMBER,
    "courses:my_courses": MEMBER,
    "courses:progress": MEMBER,
    "courses:certificate": MEMBER,
    "courses:certificate_file": MEMBER,
    "verify_number": PUBLIC,
    "verify_certificate": PUBLIC,
    "school_accent": PUBLIC,
    "school_logo": PUBLIC,
    "media_library:image": PUBLIC,
    "media_library:watch": MEMBER,
    "media_library:status": MEMBER,
    "media_library:thumbnail": PUBLIC,
    "media_library:captions": MEMBER,
    "media_library:linked_thumbnail": MEMBER,
    "media_library:linked_captions": MEMBER,
    "media_library:cues": MEMBER,
    "media_library:hls": MEMBER,
    "media_library:whole_file": MEMBER,
    "media_library:storyboard": MEMBER,
    "knowledge:search": MEMBER,
}

API: dict[str, dict[str, For]] = {
    "api_members": {"GET": OWNER},
    "api_member": {"GET": OWNER, "PATCH": OWNER, "DELETE": OWNER},
    "api_invitations": {"GET": OWNER, "POST": OWNER},
    "api_invitation": {"DELETE": OWNER},
    "api_resend_invitation": {"POST": OWNER},
    "api_tokens": {"GET": MEMBER},
    "api_token": {"DELETE": MEMBER},
    "media_list": {"GET": MEMBER, "POST": CREATOR},
    "api_images": {"GET": CREATOR, "POST": CREATOR},
    "api_image": {"GET": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_imports": {"GET": CREATOR, "POST": CREATOR},
    "api_import": {"GET": CREATOR},
    "api_import_rows": {"GET": CREATOR},
    "api_import_retry": {"POST": CREATOR},
    "api_import_stop": {"POST": CREATOR},
    "media_links": {"GET": MEMBER},
    "media_playback": {"GET": MEMBER, "POST": MEMBER},
    "media_detail": {"GET": MEMBER, "PATCH": CREATOR, "DELETE": CREATOR},
    "media_bring": {"POST": CREATOR},
    "media_retry": {"POST": CREATOR},
    "media_steps": {"GET": CREATOR},
    "media_step_retry": {"POST": CREATOR},
    "media_step_cancel": {"POST": CREATOR},
    "media_cancel": {"POST": CREATOR},
    "media_renditions": {"GET": MEMBER},
    "media_thumbnail": {"GET": CREATOR, "PUT": CREATOR, "POST": CREATOR, "DELETE": CREATOR},
    "media_transcript": {"GET": MEMBER, "PUT": CREATOR, "PATCH": CREATOR},
    "media_transcript_search": {"GET": CREATOR, "POST": CREATOR},
    "media_transcript_versions": {"GET": CREATOR},
    "media_transcript_version": {"GET": CREATOR, "DELETE": CREATOR},
    "media_transcript_choose": {"POST": CREATOR},
    "media_restore": {"POST": CREATOR},
    "media_purge": {"POST": CREATOR},
    "api_categories": {"GET": CREATOR, "POST": CREATOR},
    "api_category": {"GET": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_playlists": {"GET": CREATOR, "POST": CREATOR},
    "api_playlist": {"GET": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_playlist_entries": {"GET": CREATOR, "POST": CREATOR},
    "api_playlist_entry": {"DELETE": CREATOR},
    "api_playlist_order": {"POST": CREATOR},
    "api_playlist_course": {"POST": CREATOR},
    "api_collections": {"GET": MEMBER, "POST": CREATOR},
    "api_collection": {"GET": MEMBER, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_collected_courses": {"PUT": CREATOR},
    "source_messages": {"POST": PUBLIC},
    "api_sources": {"GET": CREATOR},
    "api_source_account": {"GET": OWNER, "PUT": OWNER, "DELETE": OWNER},
    "api_source_check": {"POST": OWNER},
    "api_source_sync": {"POST": OWNER},
    "api_storage": {"GET": CREATOR},
    "api_costs": {"GET": CREATOR},
    "api_tags": {"GET": CREATOR, "POST": CREATOR},
    "api_tag": {"GET": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "uploads": {"GET": CREATOR, "POST": CREATOR},
    "upload_allowance": {"GET": CREATOR},
    "upload": {"GET": CREATOR, "HEAD": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "upload_parts": {"POST": CREATOR},
    "upload_complete": {"POST": CREATOR},
    "upload_captions": {"PUT": CREATOR},
    "watch_sessions": {"POST": MEMBER},
    "watch_progress": {"POST": MEMBER, "PUT": MEMBER},
    "watch_end": {"POST": MEMBER, "PUT": MEMBER},
    "api_courses": {"GET": MEMBER, "POST": CREATOR},
    "api_course": {"GET": MEMBER, "PUT": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_chapters": {"GET": MEMBER, "POST": CREATOR},
    "api_structure": {"GET": MEMBER},
    "api_course_order": {"POST": CREATOR},
    "api_course_opening": {"POST": CREATOR},
    "api_course_export": {"GET": CREATOR},
    "api_course_import": {"POST": CREATOR},
    "api_publish_course": {"POST": CREATOR},
    "api_unpublish_course": {"POST": CREATOR},
    "api_enrollments": {"POST": MEMBER},
    "api_progress": {"GET": MEMBER},
    "api_enrollment": {"PATCH": OWNER, "DELETE": MEMBER},
    "api_all_enrollments": {"GET": CREATOR},
    "api_redeem": {"POST": MEMBER},
    "api_enrollment_list": {"POST": OWNER},
    "api_codes": {"GET": CREATOR, "POST": OWNER},
    "api_code": {"GET": CREATOR, "PATCH": OWNER, "DELETE": OWNER},
    "api_course_invitations": {"GET": CREATOR, "POST": OWNER},
    "api_course_invitation": {"DELETE": OWNER},
    "api_chapter": {"PUT": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_items": {"GET": MEMBER, "POST": CREATOR},
    "api_item": {"GET": MEMBER, "PUT": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_item_done": {"POST": MEMBER},
    "api_item_missed": {"GET": MEMBER},
    "api_notes": {"GET": MEMBER, "POST": MEMBER},
    "api_note": {"GET": MEMBER, "PATCH": MEMBER, "DELETE": MEMBER},
    "api_learners": {"GET": CREATOR},
    "api_item_standings": {"GET": MEMBER},
    "api_excuse": {"PUT": CREATOR, "DELETE": CREATOR},
    "api_certificates": {"GET": MEMBER},
    "api_certificate": {"GET": MEMBER},
    "api_certificate_file": {"GET": MEMBER},
    "api_certificate_revoke": {"POST": CREATOR},
    "api_certificate_reinstate": {"POST": CREATOR},
    "api_assignments": {"GET": CREATOR, "POST": CREATOR},
    "api_assignment": {"GET": CREATOR, "PUT": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_submissions": {"GET": MEMBER, "POST": MEMBER},
    "api_submission": {"GET": MEMBER, "PATCH": MEMBER},
    "api_submit": {"POST": MEMBER},
    "api_submission_files": {"POST": MEMBER},
    "api_submission_file": {"GET": MEMBER, "DELETE": MEMBER},
    "api_grade": {"POST": CREATOR},
    "api_release": {"POST": CREATOR},
    "api_return": {"POST": CREATOR},
    "api_resources": {"GET": CREATOR, "POST": CREATOR},
    "api_resource": {"GET": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_quizzes": {"GET": CREATOR, "POST": CREATOR},
    "api_quiz": {"GET": CREATOR, "PUT": CREATOR, "PATCH": CREATOR, "DELETE": CREATOR},
    "api_attempts": {"GET": MEMBER, "POST": MEMBER},
    "api_quiz_results": {"GET": CREATOR},
    "api_attempt": {"GET": MEMBER, "PATCH": MEMBER},
    "api_submit_attempt": {"POST": MEMBER},
    "api_search": {"GET": MEMBER},
    "api_media_report": {"GET": CREATOR},
}

#: Pages of the back office that belong to no model.
BACK_OFFICE: dict[str, For] = {
    "admin:index": CREATOR,
    "admin:search": CREATOR,
    "admin:autocomplete": CREATOR,
    "admin:app_list": CREATOR,
    "admin:view_on_site": CREATOR,
    "admin:choose_organization": CREATOR,
    "admin:password_change": CREATOR,
    "admin:password_change_done": CREATOR,
    "admin:login": PUBLIC,
    "admin:logout": PUBLIC,
    "admin:jsi18n": CREATOR,
    "back_office_storage": CREATOR,
    "back_office_markdown": CREATOR,
    "back_office_words": CREATOR,
    "back_office_words_file": CREATOR,
    "back_office_learners_file": CREATOR,
    "back_office_excuse": CREATOR,
    "back_office_sources": CREATOR,
    "back_office_source": OWNER,
    "back_office_source_findings": OWNER,
    "back_office_source_check": OWNER,
    "back_office_source_forget": OWNER,
    "back_office_source_sync": OWNER,
    "admin:organizations": PLATFORM,
    "admin:leave_organization": PLATFORM,
    "admin/(?P<url>.*)$": CREATOR,
}

#: Models with pages in the back office, and what else than the five usual pages they have.
MODELS: dict[str, For] = {
    "core.AuditEntry": OWNER,
    "core.Job": PLATFORM,
    "core.OutgoingMail": PLATFORM,
    "accounts.Organization": OWNER,
    "accounts.Membership": OWNER,
    "accounts.Invitation": OWNER,
    "accounts.ApiToken": OWNER,
    "django_q.Failure": PLATFORM,
    "django_q.OrmQ": PLATFORM,
    "django_q.Schedule": PLATFORM,
    "django_q.Success": PLATFORM,
    "media_library.Media": CREATOR,
    "media_library.Category": CREATOR,
    "media_library.Tag": CREATOR,
    "media_library.Playlist": CREATOR,
    "media_library.LibraryImage": CREATOR,
    "media_library.SiteConfiguration": PLATFORM,
    "courses.Course": CREATOR,
    "courses.Collection": CREATOR,
    "courses.Chapter": CREATOR,
    "courses.ContentItem": CREATOR,
    "courses.Enrollment": CREATOR,
    "courses.EnrollmentCode": CREATOR,
    "courses.CourseInvitation": CREATOR,
    "courses.Quiz": CREATOR,
    "courses.Assignment": CREATOR,
    "courses.Submission": CREATOR,
    "courses.Resource": CREATOR,
    "courses.Certificate": CREATOR,
    "analytics.MediaDay": CREATOR,
    "analytics.AlertRule": OWNER,
    "analytics.SiteAlertRule": PLATFORM,
}
USUAL_PAGES = ("changelist", "add", "history", "delete", "change")
MORE_PAGES: dict[str, tuple[str, ...]] = {
    "media_library.Media": (
        "admin:media_library_media_purge",
        "admin:media_library_media_do",
        "admin:media_library_media_steps",
        "admin:media_library_media_cancel",
        "admin:media_library_media_retry_step",
        "admin:media_library_media_cancel_step",
        "admin:media_library_media_thumbnail",
        "admin:media_library_media_transcript",
        "admin:media_library_media_choose_transcript",
        "admin:media_library_media_delete_transcript",
        "admin:media_library_media_look_for_words",
        "admin:media_library_media_import",
        "admin:media_library_media_imports",
        "admin:media_library_media_import_result",
        "admin:media_library_media_import_rows",
        "admin:media_library_media_import_retry",
        "admin:media_library_media_import_stop",
    ),
    "courses.Course": (
        "admin:courses_course_view_as_learner",
        "admin:courses_course_outline",
        "admin:courses_course_picker",
        "admin:courses_course_checklist",
        "admin:courses_course_duplicate",
        "admin:courses_course_export",
        "admin:courses_course_import",
    ),
    "courses.Collection": ("admin:courses_collection_view_as_learner",),
    "courses.Enrollment": ("admin:courses_enrollment_upload",),
    "courses.Certificate": ("admin:courses_certificate_pdf",),
    "analytics.MediaDay": ("admin:analytics_media_report",),
}


def model_pages(label: str) -> list[str]:
    """Names of the addresses a model has in the back office; the shortcut `<key>/` to its change page has none."""
    app, model = label.lower().split(".")
    usual = [f"admin:{app}_{model}_{page}" for page in USUAL_PAGES]
    return [*usual, f"admin/{app}/{model}/<path:object_id>/", *MORE_PAGES.get(label, ())]


def class_of(route: Route, method: str = "GET") -> For:
    """For whom a route is. Raises KeyError where nobody has said so."""
    if (route.name, method) == ("uploads", "OPTIONS"):  # which tus answers with what it speaks; nothing else does
        return CREATOR
    if route.name in API:
        return API[route.name].get(method, PLATFORM)
    return {**PAGES, **BACK_OFFICE, **{page: MODELS[one] for one in MODELS for page in model_pages(one)}}[route.name]


def existing() -> set[str]:
    """Every address there is: its name, and of the API with its method."""
    found = list(routes())
    plain = {route.name for route in found if not route.is_api}
    return plain | {f"{method} {route.name}" for route in found if route.is_api for method in route.methods}


def registered() -> set[str]:
    pages = {page for label in MODELS for page in model_pages(label)}
    return {*PAGES, *BACK_OFFICE, *pages, *(f"{method} {name}" for name, one in API.items() for method in one)}


def models_in_the_back_office() -> set[str]:
    return {model._meta.label for model in admin.site._registry}
