"""Addresses of the accounts."""

from django.urls import path

from autoprod.accounts.views import devices, links, login, profile, second_factor

app_name = "accounts"

urlpatterns = [
    path("connexion/", login.LoginPage.as_view(), name="login"),
    path("connexion/demo/", login.enter_as, name="demo_login"),
    path("deconnexion/", login.leave, name="logout"),
    path("appareil/", devices.unlock, name="device_unlock"),
    path("mot-de-passe-oublie/", links.forgotten, name="forgotten"),
    path("lien/", links.choose_password, name="link_password"),
    path("lien/<str:token>/", links.follow_link, name="link"),
    path("double-verification/", second_factor.give_code, name="second_factor"),
    path("double-verification/installer/", second_factor.set_up, name="second_factor_setup"),
    path("double-verification/retirer/", second_factor.take_away, name="second_factor_remove"),
    path("double-verification/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path(
        "double-verification/codes/refaire/",
        second_factor.renew_recovery_codes,
        name="recovery_codes_renew",
    ),
    path("mon-compte/", profile.profile, name="profile"),
    path("mon-compte/mot-de-passe/", profile.change_password, name="password_change"),
    path("mon-compte/appareil/", devices.enrol, name="device_enrol"),
    path("mon-compte/appareil/<int:pk>/retirer/", devices.remove, name="device_remove"),
    path("mon-compte/appareils/fermer/", profile.close_other_sessions, name="sessions_close"),
    path("mon-compte/appareils/<int:pk>/fermer/", profile.close_session, name="session_close"),
]
