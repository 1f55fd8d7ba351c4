"""The page that moves a session, or it and the rest of its series."""

from django.contrib import messages
from django.http import HttpResponse

from autoprod.core.formatting import counted
from autoprod.core.scoping import Action
from autoprod.core.views import UpdatePage
from programmes.forms.moves import MoveForm
from programmes.services import sessions
from programmes.views.sessions import LockedOnceClosed, SessionFormPage, SessionMixin, when


class SessionMove(SessionMixin, LockedOnceClosed, SessionFormPage, UpdatePage):
    """Move a session that nobody ticked."""

    form_class = MoveForm
    action = Action.EDIT_SESSIONS
    once_ticked = sessions.ROLL_BEGUN
    submit_label = "Déplacer"

    def get_title(self) -> str:
        """Return « Déplacer … »."""
        return f"Déplacer {self.object}"

    def get_subtitle(self) -> str:
        """Return when it is planned today."""
        return f"{when(self.object)}. Ses ateliers la suivent."

    def get_fixed(self) -> dict:
        """Return the programme, which does not change."""
        return {"programme": self.object.programme}

    @property
    def success_message(self) -> str:
        """Return how many were moved."""
        moved = self.form.done.moved
        return counted(moved, "séance déplacée.", "séances déplacées.")

    def form_valid(self, form: MoveForm) -> HttpResponse:
        """Move; say which of the series stay, and why."""
        self.form = form
        response = super().form_valid(form)
        done = getattr(form, "done", None)
        if done:
            for warning in done.warnings:
                messages.warning(self.request, warning)
            if done.staying:
                messages.warning(self.request, _staying_told(done.staying))
        return response


def _staying_told(staying: dict[str, int]) -> str:
    """Return « 2 séances restent à leur jour : 1 (férié : Ascension), 1 (…) »."""
    total = sum(staying.values())
    reasons = ", ".join(f"{number} ({reason})" for reason, number in staying.items())
    verb = "restent à leur jour" if total > 1 else "reste à son jour"
    return f"{counted(total, 'séance', 'séances')} {verb}\u00a0: {reasons}."
