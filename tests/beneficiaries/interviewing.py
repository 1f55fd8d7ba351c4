"""What the tests of interviews share: their addresses, their rows, the form as it is shown."""

from django.urls import reverse

from beneficiaries.models import Enrolment, Interview, InterviewNote


def url(name: str, *args) -> str:
    return reverse(f"beneficiaries:{name}", args=args)


def create_url(stay: Enrolment) -> str:
    return url("interview_create", stay.person_id)


def of(stay: Enrolment) -> list[Interview]:
    return list(Interview.objects.filter(enrolment=stay).order_by("on", "pk"))


def fields_of(answer) -> dict:
    """Return what a browser would send back of a form, untouched."""
    form = answer.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value not in (None, "")}


def notes_of(interview: Interview) -> dict[str, str]:
    return dict(InterviewNote.objects.filter(interview=interview).values_list("level", "text"))
