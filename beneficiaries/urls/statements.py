"""URLs of monthly statements."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import statement_months as months
from beneficiaries.views import statement_objections as objections
from beneficiaries.views import statements as views

register_converters()

_MONTH = "actions/<int:programme>/<period:period>/etats/"

urlpatterns = [
    path(_MONTH, months.StatementMonth.as_view(), name="statement_month"),
    path(
        f"{_MONTH}preparer/",
        months.StatementPrepareMonth.as_view(),
        name="statement_prepare_month",
    ),
    path(f"{_MONTH}imprimer/", months.StatementPrintMonth.as_view(), name="statement_print_month"),
    path(f"{_MONTH}signes/", months.StatementSignMonth.as_view(), name="statement_sign_month"),
    path(f"{_MONTH}verrouiller/", months.StatementLockMonth.as_view(), name="statement_lock_month"),
    path("etats/<int:pk>/", views.StatementDetail.as_view(), name="statement_detail"),
    path("etats/<int:pk>/imprimer/", views.statement_print, name="statement_print"),
    path("etats/<int:pk>/mettre-a-jour/", views.statement_prepare, name="statement_prepare"),
    path("etats/<int:pk>/signer/", views.StatementSign.as_view(), name="statement_sign"),
    path(
        "etats/<int:pk>/signer-sur-papier/",
        views.StatementSignPaper.as_view(),
        name="statement_sign_paper",
    ),
    path("etats/<int:pk>/verrouiller/", views.statement_lock, name="statement_lock"),
    path(
        "etats/<int:pk>/clore-sans-signature/",
        views.StatementCloseUnsigned.as_view(),
        name="statement_close_unsigned",
    ),
    path("etats/<int:pk>/rouvrir/", views.StatementReopen.as_view(), name="statement_reopen"),
    path("etats/fichiers/<int:pk>/", views.statement_file, name="statement_file"),
    path(
        "etats/<int:statement>/contester/",
        objections.ObjectionCreate.as_view(),
        name="statement_objection_create",
    ),
    path(
        "contestations/<int:pk>/repondre/",
        objections.ObjectionAnswer.as_view(),
        name="statement_objection_answer",
    ),
]
