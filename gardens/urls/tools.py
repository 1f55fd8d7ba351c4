"""URLs of tools, their loans and their repairs."""

from django.urls import path

from autoprod.core.periods import register_converters
from gardens.views import loans, tools

register_converters()

urlpatterns = [
    path("actions/<int:programme>/jardin/outils/", tools.ToolList.as_view(), name="tool_list"),
    path(
        "actions/<int:programme>/jardin/outils/nouveau/",
        tools.ToolCreate.as_view(),
        name="tool_create",
    ),
    path(
        "actions/<int:programme>/jardin/outils/etiquettes.pdf",
        tools.tool_labels,
        name="tool_labels",
    ),
    path(
        "actions/<int:programme>/jardin/outils/export/<slug:kind>/",
        tools.tool_export,
        name="tool_export",
    ),
    path(
        "actions/<int:programme>/jardin/outils/attendus/",
        loans.LoanLate.as_view(),
        name="loan_late",
    ),
    path(
        "actions/<int:programme>/<period:period>/jardin/prets/",
        loans.LoanList.as_view(),
        name="loan_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/jardin/prets/export/<slug:kind>/",
        loans.loan_export,
        name="loan_export",
    ),
    path("outils/<int:pk>/", tools.ToolDetail.as_view(), name="tool_detail"),
    path("outils/<int:pk>/modifier/", tools.ToolUpdate.as_view(), name="tool_update"),
    path("outils/<int:pk>/supprimer/", tools.ToolDelete.as_view(), name="tool_delete"),
    path("outils/<int:tool>/photo/", tools.ToolPhotoCreate.as_view(), name="tool_photo_create"),
    path("photos-d-outils/<int:pk>/", tools.tool_photo, name="tool_photo"),
    path(
        "photos-d-outils/<int:pk>/supprimer/",
        tools.ToolPhotoDelete.as_view(),
        name="tool_photo_delete",
    ),
    path("outils/<int:tool>/preter/", loans.LoanCreate.as_view(), name="loan_create"),
    path("prets/<int:pk>/rendre/", loans.LoanReturn.as_view(), name="loan_return"),
    path("prets/<int:pk>/prolonger/", loans.LoanRenew.as_view(), name="loan_renew"),
    path("prets/<int:pk>/supprimer/", loans.LoanDelete.as_view(), name="loan_delete"),
    path(
        "outils/<int:tool>/reparations/nouvelle/",
        loans.RepairCreate.as_view(),
        name="repair_create",
    ),
    path("reparations/<int:pk>/modifier/", loans.RepairUpdate.as_view(), name="repair_update"),
    path("reparations/<int:pk>/terminer/", loans.RepairEnd.as_view(), name="repair_end"),
    path("reparations/<int:pk>/supprimer/", loans.RepairDelete.as_view(), name="repair_delete"),
]
