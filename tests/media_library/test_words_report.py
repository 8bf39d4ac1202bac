"""Where words come from and what they cost: in figures, on the page, as a file and in the API."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Organization
from core.ai.embedder import OpenAIEmbedder
from core.ai.errors import AiError
from core.errors import Refused
from core.models import AiCall, CallState, Unit
from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import Media, Method, Source
from media_library.services.paying import begin_of_month, budget, paid_call
from media_library.services.site import change_site_configuration
from media_library.services.transcripts import publish_transcript
from media_library.services.words_report import words_report

NOVEMBER = datetime(2026, 11, 15, tzinfo=UTC)


def read_by(method: str, title: str = "Talk") -> Media:
    media = Media.objects.create(source=Source.UPLOAD, source_path=title, title=title, duration=9)
    publish_transcript(media, [TimedText(0, 2, f"{title} words")], language="en", method=method)
    return media


def paid(cost: str, *, when: datetime = NOVEMBER, **facts) -> AiCall:
    given = {
        "provider": "api.openai.com", "model": "gpt-transcribe", "purpose": "transcription", "unit": Unit.SECONDS,
        "quantity": 60, "price": "0.000075", "cost": cost, "state": CallState.PAID,
    }  # fmt: skip
    call = AiCall.objects.create(**given | facts)
    AiCall.objects.filter(pk=call.pk).update(started_at=when)
    return call


def test_report_counts_methods_and_what_is_free(scope):
    for n in range(3):
        read_by(Method.HOST, f"hosted {n}")
    read_by(Method.SPEECH, "heard")
    Media.objects.create(source=Source.UPLOAD, source_path="mute", title="Mute")

    report = words_report("2026-11")

    assert [(one.method, one.media, one.percent) for one in report.methods] == [("host", 3, 75.0), ("speech", 1, 25.0)]
    assert (report.with_words, report.free, report.free_percent, report.reaches_target) == (4, 3, 75.0, False)


def test_what_was_heard_for_money_stays_paid_when_somebody_corrects_it(scope, alice):
    media = read_by(Method.SPEECH)

    publish_transcript(media, [TimedText(0, 2, "Better")], language="en", method=Method.EDITED, by=alice)

    report = words_report()
    assert ([one.method for one in report.methods], report.free_percent) == (["edited"], 0.0)


def test_report_without_words_has_no_share(scope):
    report = words_report()

    assert (report.free_percent, report.methods, report.reaches_target, report.percent) == (None, [], True, None)


def test_report_sums_a_month_of_the_organizations_own_time(scope):
    paid("1.50")
    paid("0.25", model="text-embedding-3-large", purpose="embedding", unit=Unit.TOKENS, quantity=1_900_000)
    paid("0.10", when=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))  # half past midnight of November in Berlin
    paid("7.00", when=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))  # December there
    paid("9.00", state=CallState.FAILED)
    Organization.objects.update(monthly_ai_ceiling=Decimal("3.70"))

    report = words_report("2026-11")

    assert (report.spent, report.ceiling, report.percent) == (Decimal("1.85"), Decimal("3.70"), 50.0)
    assert [(one.purpose, one.calls, one.cost, one.amount) for one in report.costs] == [
        ("transcription", 2, Decimal("1.60"), "2.0 min"),
        ("embedding", 1, Decimal("0.25"), "1,900,000 tokens"),
    ]


@pytest.mark.parametrize(("provider", "known"), [("api.example.com", False), ("127.0.0.1", True)])
def test_report_says_where_no_price_is_known(scope, provider, known):
    paid("0", model="mystery", provider=provider)

    assert [one.is_price_known for one in words_report("2026-11").costs] == [known]


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "26-11", "november", "2026-11-01", "9999-01", "٢٠٢٦-١١", "-"])
def test_report_refuses_what_is_no_month(scope, month):
    with pytest.raises(Refused) as refused:
        words_report(month)

    assert (refused.value.code, list(refused.value.fields)) == ("invalid", ["month"])


def test_report_leads_from_month_to_month(scope):
    report = words_report("2026-12")

    assert (str(report.previous), str(report.next)) == ("2026-11-01", "2027-01-01")


@pytest.mark.parametrize(
    ("own", "site", "ceiling"), [(None, None, None), ("5", None, 5), (None, "3", 3), ("5", "3", 3), ("2", "3", 2)]
)
def test_budget_is_the_lower_ceiling(scope, alice, own, site, ceiling):
    Organization.objects.update(monthly_ai_ceiling=own)
    change_site_configuration(by=alice, monthly_ai_ceiling=site and Decimal(site))

    allowed = budget()

    assert (allowed.ceiling, allowed.since) == (ceiling, begin_of_month(scope.zone))


@pytest.mark.parametrize(("answered", "state", "quantity"), [(True, CallState.PAID, 7), (False, CallState.FAILED, 7)])
def test_what_was_answered_is_paid_whatever_it_was(scope, answered, state, quantity):
    embedder = OpenAIEmbedder("k", "http://127.0.0.1:9/v1")

    with pytest.raises(AiError), paid_call(embedder, "embedding", Unit.TOKENS, 7):
        raise AiError("provider_changed", was_answered=answered)

    call = AiCall.objects.get()
    assert (call.state, call.quantity) == (state, quantity)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_as_often_for_three_rows_as_for_one(rows, scope, alice, client_of, django_assert_num_queries):
    for n in range(rows):
        media = read_by(Method.SPEECH, f"Talk {n}")
        paid("0.5", subject_id=media.pk, model=f"model-{n}")
    client = client_of(alice)
    client.get(reverse("back_office_words"))

    with django_assert_num_queries(22):
        page = client.get(reverse("back_office_words"), {"month": "2026-11"})

    text = page.content.decode()
    assert (page.status_code, text.count("Talk "), text.count("$0.500000")) == (200, 2 * rows, rows)


def test_page_says_what_is_no_month(scope, alice, client_of):
    page = client_of(alice).get(reverse("back_office_words"), {"month": "soon"})

    assert (page.status_code, "This is no month. Write it like 2026-11." in page.content.decode()) == (400, True)


def test_page_is_no_learners_business(bob, client_of):
    assert client_of(bob).get(reverse("back_office_words")).status_code in (302, 403)


def test_file_holds_each_call(scope, alice, client_of, other_organization):
    paid("0.5", model="=cmd()")
    with organization_scope(other_organization):
        paid("9")

    answer = client_of(alice).get(reverse("back_office_words_file"), {"month": "2026-11"})

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert (answer["Content-Disposition"], len(rows)) == ('attachment; filename="ai-calls-2026-11.csv"', 2)
    assert rows[1][1:9] == [
        "transcription", "api.openai.com", "'=cmd()", "seconds", "60.000", "0.000075000", "0.500000", "paid",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_api_tells_the_same_figures(rows, scope, alice, client_of, django_assert_num_queries):
    for n in range(rows):
        read_by(Method.HOST, f"Talk {n}")
        paid("0.5", model=f"model-{n}")
    client = client_of(alice)

    with django_assert_num_queries(12):
        answer = client.get(f"/api/v1/{scope.slug}/costs/?month=2026-11")

    told = answer.json()
    assert (answer.status_code, told["month"], told["spent"]) == (200, "2026-11", f"{rows * 0.5:.6f}")
    assert (told["free_percent"], len(told["costs"]), told["ceiling"]) == (100.0, rows, None)


def test_api_refuses_what_is_no_month(scope, alice, client_of):
    answer = client_of(alice).get(f"/api/v1/{scope.slug}/costs/?month=soon")

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["month"])
