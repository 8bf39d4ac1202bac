"""The switchboard: every address, floor by floor."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.views import answering, home, personal_data, profile, tokens
from analytics.admin.dashboards import dashboard_urls
from analytics.admin.record_store import record_store_urls
from analytics.views import operation
from config.api_schema import SchemaView
from courses.admin.markdown_widget import markdown_preview
from courses.admin.standing import excuse_item, learners_file
from courses.views import certificate
from knowledge.admin.media_labels import label_urls
from knowledge.admin.repeating import repetition_urls, said_before_page
from knowledge.admin.search_model import search_model_urls
from knowledge.admin.themes import themes_page
from media_library.admin.frames import frame_urls
from media_library.admin.podcast_import import podcast_import_urls
from media_library.admin.sources import source_urls
from media_library.admin.storage import storage_page
from media_library.admin.words import words_file, words_page

handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler429 = "accounts.views.errors.too_many_requests"  # allauth looks here
handler500 = "accounts.views.errors.broken"

organization_pages = [
    path("", include("accounts.urls")),
    path("", include("courses.urls")),
    path("", include("media_library.urls")),
    path("", include("knowledge.urls")),
]
organization_api = [
    path("", include("accounts.api.urls")),
    path("", include("media_library.api.urls")),
    path("", include("courses.api.urls")),
    path("", include("knowledge.api.urls")),
    path("", include("analytics.api.urls")),
]
urlpatterns = [
    path("", home.front_page, name="home"),
    path("organizations/menu/", home.organization_menu, name="organization_menu"),
    path("invitations/", answering.answer_invitation, name="answer_invitation"),
    path("invitations/<str:secret>/", answering.open_link, name="invitation"),
    path("invitations/<uuid:invitation_id>/join/", answering.join_by_address, name="join_by_address"),
    path("certificates/<slug:school>/", certificate.find_by_number, name="verify_number"),
    path("certificates/<slug:school>/accent.css", certificate.school_accent, name="school_accent"),
    path("certificates/<slug:school>/logo/<str:name>", certificate.school_logo, name="school_logo"),
    path("certificates/<slug:school>/<str:number>/", certificate.verify, name="verify_certificate"),
    path("livez/", home.alive, name="alive"),
    path("readyz/", operation.ready, name="ready"),
    path("metrics/", operation.metrics, name="metrics"),
    path("favicon.ico", home.favicon),
    path("admin/storage/", admin.site.admin_view(storage_page), name="back_office_storage"),
    path("admin/markdown/", admin.site.admin_view(markdown_preview), name="back_office_markdown"),
    path("admin/learners/<uuid:course_id>.csv", admin.site.admin_view(learners_file), name="back_office_learners_file"),
    path("admin/excuse/<uuid:enrollment_id>/", admin.site.admin_view(excuse_item), name="back_office_excuse"),
    path("admin/words/", admin.site.admin_view(words_page), name="back_office_words"),
    path("admin/words/calls.csv", admin.site.admin_view(words_file), name="back_office_words_file"),
    path("admin/said-before/", admin.site.admin_view(said_before_page), name="back_office_said_before"),
    path("admin/repetitions/", include(repetition_urls())),
    path("admin/labels/", include(label_urls())),
    path("admin/themes/", admin.site.admin_view(themes_page), name="back_office_themes"),
    path("admin/search-model/", include(search_model_urls())),
    path("admin/frames/", include(frame_urls())),
    path("admin/sources/", include(source_urls())),
    path("admin/dashboards/", include(dashboard_urls())),
    path("admin/podcast-imports/", include(podcast_import_urls())),
    path("admin/record-store/", include(record_store_urls())),
    path("admin/", admin.site.urls),
    path("accounts/sessions/", profile.sessions, name="sessions"),  # before allauth's: each one can be ended
    path("accounts/", include("allauth.urls")),
    path("account/", profile.profile, name="profile"),
    path("account/data/", personal_data.my_data, name="my_data"),
    path("account/data/download/", personal_data.download, name="download_data"),
    path("account/data/<str:secret>/", personal_data.download_by_link, name="download_by_link"),
    path("account/erase/", personal_data.erase, name="erase_account"),
    path("account/tokens/", tokens.token_list, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("api/schema/", login_not_required(SchemaView.as_view()), name="schema"),
    path("api/docs/", login_not_required(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="api_docs"),
    path("api/v1/<slug:organization>/", include(organization_api)),
    path("<slug:organization>/", include(organization_pages)),
]
