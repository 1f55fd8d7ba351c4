"""Form of a workshop held inside a session."""

from programmes.forms.sessions import HoursForm
from programmes.models import Session, Workshop


class WorkshopForm(HoursForm):
    """A theme, hours inside the session's, who comes; `fixed` gives the session."""

    field_order = ["theme", "title", "start", "end", "speaker"]

    class Meta:
        model = Workshop
        fields = ["theme", "title", "speaker"]
        help_texts = {
            "title": "Laissez vide pour reprendre le thème.",
            "speaker": "L’organisation qui intervient, s’il y en a une.",
        }

    def clean(self) -> dict:
        """Refuse hours outside the session's."""
        cleaned, session = super().clean(), self.session
        if instants := self.read_hours(session.on, session.zone):
            self.instance.starts_at, self.instance.ends_at = instants
            outside = f"La séance se tient de {session.hours.replace('–', 'à')}."
            if instants[0] < session.starts_at or instants[0] >= session.ends_at:
                self.add_error("start", outside)
            if instants[1] > session.ends_at:
                self.add_error("end", outside)
        return cleaned

    @property
    def session(self) -> Session:
        """Return the session of the workshop."""
        return self.fixed["session"]
