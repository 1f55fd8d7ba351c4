"""URLs of accounts and rights."""

from django.urls import path

from programmes.views import account_acts as acts
from programmes.views import accounts, handovers
from programmes.views import memberships as views

urlpatterns = [
    path("comptes/", accounts.AccountList.as_view(), name="account_list"),
    path("comptes/inviter/", accounts.AccountInvite.as_view(), name="account_invite"),
    path("comptes/<int:account>/", accounts.AccountDetail.as_view(), name="account_detail"),
    path(
        "comptes/<int:account>/identite/", acts.AccountIdentity.as_view(), name="account_identity"
    ),
    path("comptes/<int:account>/lien/", acts.AccountLink.as_view(), name="account_link"),
    path(
        "comptes/<int:account>/sessions/", acts.AccountSessions.as_view(), name="account_sessions"
    ),
    path(
        "comptes/<int:account>/double-verification/",
        acts.AccountSecondFactor.as_view(),
        name="account_second_factor",
    ),
    path("comptes/<int:account>/debloquer/", acts.AccountUnlock.as_view(), name="account_unlock"),
    path(
        "comptes/<int:account>/desactiver/",
        acts.AccountDeactivate.as_view(),
        name="account_deactivate",
    ),
    path(
        "comptes/<int:account>/reactiver/",
        acts.AccountReactivate.as_view(),
        name="account_reactivate",
    ),
    path(
        "comptes/<int:account>/droits/nouveau/",
        views.MembershipCreate.as_view(),
        name="membership_create",
    ),
    path(
        "comptes/<int:account>/remplacer/",
        handovers.ReplacementCreate.as_view(),
        name="replacement_create",
    ),
    path(
        "comptes/<int:account>/remplacements/<int:substitute>/ecourter/",
        handovers.ReplacementEnd.as_view(),
        name="replacement_end",
    ),
    path("comptes/<int:account>/confier/", handovers.HandOver.as_view(), name="account_hand_over"),
    path("droits/<int:pk>/modifier/", views.MembershipUpdate.as_view(), name="membership_update"),
    path("droits/<int:pk>/fin/", views.MembershipEnd.as_view(), name="membership_end"),
    path(
        "droits/<int:pk>/annuler/", views.MembershipWithdraw.as_view(), name="membership_withdraw"
    ),
]
