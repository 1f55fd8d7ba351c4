"""Pages for a colleague who is away for a while, or who leaves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from autoprod.core.formatting import counted, day, day_range
from autoprod.core.views import get_or_404
from programmes.forms.accounts import CutShortForm, HandOverForm, ReplacementForm
from programmes.services.accounts import accounts_in
from programmes.services.handovers import HandoverReport, hand_over, preview_hand_over
from programmes.services.memberships import cut_short, replace
from programmes.views.accounts import ActPage


class ColleaguePage(ActPage):
    """A form about the account of the URL and a colleague."""

    def get_form_kwargs(self) -> dict:
        """Give the form its choices."""
        return super().get_form_kwargs() | {"scope": self.scope, "account": self.account}


class ReplacementCreate(ColleaguePage):
    """Give an absent colleague's rights to another, between two days."""

    form_class = ReplacementForm
    title = "Remplacer pendant une absence"
    submit_label = "Enregistrer le remplacement"
    explanation = (
        "La personne choisie aura les mêmes droits pendant ces jours-là, en plus des siens. Le "
        "remplacement finit seul, et peut être écourté."
    )

    def form_valid(self, form: ReplacementForm) -> HttpResponse:
        """Open the rights."""
        asked = form.cleaned_data
        try:
            opened = replace(scope=self.scope, absent=self.account, **asked)
        except ValidationError as error:
            return self.refuse(form, error)
        days = day_range(asked["starts_on"], asked["ends_on"])
        if opened:
            text = f"{asked['substitute']} remplace {self.account} {days}."
            messages.success(self.request, text)
        else:
            text = f"{asked['substitute']} a déjà tous ces droits\u00a0: rien n’a changé."
            messages.info(self.request, text)
        return redirect(self.get_success_url())


class ReplacementEnd(ActPage):
    """Cut a replacement short."""

    form_class = CutShortForm
    title = "Écourter le remplacement"
    submit_label = "Écourter"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find the substitute too."""
        if request.scope.allows(self.action):
            rows = accounts_in(request.scope)
            self.substitute = get_or_404(rows, pk=kwargs["substitute"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict:
        """Propose today."""
        return {"last_day": timezone.localdate()}

    def get_explanation(self) -> str:
        """Say who replaces whom."""
        return (
            f"{self.substitute} remplace {self.account}. Les droits donnés pour ce "
            "remplacement s’arrêteront ce jour-là\u00a0; les autres restent."
        )

    def form_valid(self, form: CutShortForm) -> HttpResponse:
        """End the rights."""
        asked = form.cleaned_data
        try:
            rows = cut_short(
                scope=self.scope, absent=self.account, substitute=self.substitute, **asked
            )
        except ValidationError as error:
            return self.refuse(form, error)
        done = f"Le remplacement finit le {day(asked['last_day'])}."
        messages.success(self.request, done if rows else "Ce remplacement était déjà fini.")
        return redirect(self.get_success_url())


class HandOver(ColleaguePage):
    """Pass a leaver's rights and persons to a successor; a review page asks first."""

    form_class = HandOverForm
    title = "Confier et fermer"
    submit_label = "Vérifier"
    explanation = (
        "Pour une personne qui quitte le service\u00a0: ses droits et ses dossiers passent à celle "
        "que vous choisissez, puis son compte est fermé. Rien ne bouge avant la page suivante."
    )

    def get_initial(self) -> dict:
        """Propose today."""
        return {"on": timezone.localdate()}

    def form_valid(self, form: HandOverForm) -> HttpResponse:
        """Show what would move, then move it once confirmed."""
        asked = {"scope": self.scope, "leaver": self.account, **form.cleaned_data}
        is_confirmed = "confirm" in self.request.POST
        try:
            report = hand_over(**asked) if is_confirmed else preview_hand_over(**asked)
        except ValidationError as error:
            return self.refuse(form, error)
        if is_confirmed:
            text = (
                f"Tout est confié à {asked['successor']}. Compte\u00a0: {_account(report, asked)}."
            )
            messages.success(self.request, text)
            return redirect(self.get_success_url())
        lines = [*_lines(report), ("Compte", _account(report, asked))]
        context = self.get_context_data(form=form, report=report, lines=lines)
        return TemplateResponse(self.request, "programmes/memberships/review.html", context)


def _account(report: HandoverReport, asked: dict) -> str:
    """Return what becomes of the leaver's account."""
    if report.kept:
        return "reste ouvert, car il a des droits que vous n’avez pas donnés"
    if report.deactivated:
        return "fermé, sessions comprises"
    if asked["on"] > timezone.localdate():
        return f"reste ouvert d’ici là, à désactiver le {day(asked['on'])}"
    return "déjà fermé"


def _lines(report: HandoverReport) -> list[tuple[str, str]]:
    return [
        ("Droits qui prennent fin", counted(report.closed, "droit", "droits")),
        ("Droits donnés", counted(report.opened, "droit", "droits")),
        *[(label, str(number)) for label, number in report.moved.items()],
    ]
