"""What an administrator does to an account, one page each."""

from django.http import HttpResponse

from programmes.forms.accounts import IdentityForm
from programmes.services import accounts
from programmes.views.accounts import AccountAct, link_page


class AccountLink(AccountAct):
    """Make a new one-time link: an invitation, or a new password."""

    submit_label = "Créer un lien"
    is_reason_required = False
    explanation = (
        "La personne choisira elle-même son mot de passe en ouvrant le lien. Les liens précédents "
        "ne fonctionneront plus. Remettez-le en main propre ou par un canal sûr."
    )

    def act(self, reason: str) -> HttpResponse:
        """Show the link."""
        path, kind = accounts.new_link(scope=self.scope, user=self.account, reason=reason)
        return link_page(self.request, self.account, kind, path)


class AccountIdentity(AccountAct):
    """Correct a name or an e-mail."""

    form_class = IdentityForm
    submit_label = "Corriger l’identité"
    is_reason_required = False
    done = "Identité corrigée."
    explanation = (
        "Si vous changez l’adresse e-mail, prévenez la personne : c’est avec elle qu’elle "
        "se connectera. Son mot de passe ne change pas. Un lien envoyé à l’ancienne adresse ne "
        "fonctionne plus."
    )

    def get_form_kwargs(self) -> dict:
        """Give the form its account."""
        return super().get_form_kwargs() | {"account": self.account}

    def form_valid(self, form: IdentityForm) -> HttpResponse:
        """Keep the values for the act."""
        self.identity = form.identity
        return super().form_valid(form)

    def act(self, reason: str) -> None:
        """Correct it."""
        accounts.correct_identity(
            scope=self.scope, user=self.account, values=self.identity, reason=reason
        )


class AccountSessions(AccountAct):
    """Log the account out everywhere."""

    submit_label = "Fermer les sessions"
    is_reason_required = False
    done = "Sessions fermées."
    explanation = (
        "La personne sera déconnectée de tous ses appareils. Elle pourra se reconnecter avec son "
        "mot de passe. Utile quand un téléphone ou un ordinateur est perdu."
    )

    def act(self, reason: str) -> None:
        """Close them."""
        accounts.close_sessions(scope=self.scope, user=self.account, reason=reason)


class AccountSecondFactor(AccountAct):
    """Take the second factor away from somebody who lost phone and codes."""

    submit_label = "Retirer la double vérification"
    done = "Double vérification retirée."
    explanation = (
        "À faire seulement si la personne a perdu son téléphone et ses codes de secours, et si "
        "vous l’avez reconnue de vive voix. Ses sessions seront fermées. Si son rôle l’exige, elle "
        "en installera une nouvelle à sa prochaine connexion."
    )

    def act(self, reason: str) -> None:
        """Take it away."""
        accounts.reset_second_factor(scope=self.scope, user=self.account, reason=reason)


class AccountUnlock(AccountAct):
    """Open an account locked by wrong passwords."""

    submit_label = "Débloquer"
    is_reason_required = False
    done = "Compte débloqué."
    explanation = (
        "Le compte se bloque après plusieurs mots de passe refusés, et se débloque seul au bout "
        "d’un moment. Assurez-vous que c’est bien la personne qui se trompait."
    )

    def act(self, reason: str) -> None:
        """Unlock it."""
        accounts.unlock(scope=self.scope, user=self.account, reason=reason)


class AccountDeactivate(AccountAct):
    """Close an account."""

    submit_label = "Désactiver"
    done = "Compte désactivé."
    explanation = (
        "La personne ne pourra plus se connecter\u00a0; ses sessions et ses liens seront fermés. "
        "Ce qu’elle a écrit reste. Si elle quitte le service, choisissez plutôt «\u00a0Confier et "
        "fermer\u00a0»."
    )

    def act(self, reason: str) -> None:
        """Close it."""
        accounts.deactivate(scope=self.scope, user=self.account, reason=reason)


class AccountReactivate(AccountAct):
    """Open a closed account again."""

    submit_label = "Réactiver"
    done = "Compte réactivé."
    explanation = (
        "La personne pourra de nouveau se connecter, avec les droits encore en cours. Vérifiez-les."
    )

    def act(self, reason: str) -> None:
        """Open it."""
        accounts.reactivate(scope=self.scope, user=self.account, reason=reason)
