"""URLs of harvests."""

from django.urls import path

from autoprod.core.periods import register_converters
from gardens.views import harvest_imports, harvest_lists, harvest_papers, harvests, share_outs

register_converters()

_GARDEN = "actions/<int:programme>/jardin"

urlpatterns = [
    path(f"{_GARDEN}/peser/", harvests.harvest_weigh, name="harvest_weigh"),
    path(f"{_GARDEN}/peser/<int:pk>/annuler/", harvests.harvest_undo, name="harvest_undo"),
    path(f"{_GARDEN}/partager/", share_outs.harvest_share, name="harvest_share"),
    path(f"{_GARDEN}/fiche-de-pesee.pdf", harvest_papers.harvest_sheet_pdf, name="harvest_sheet"),
    path(f"{_GARDEN}/saisir-une-fiche/", harvest_papers.harvest_typing, name="harvest_typing"),
    path(
        f"{_GARDEN}/importer-des-recoltes/",
        harvest_imports.harvest_import,
        name="harvest_import",
    ),
    path(
        f"{_GARDEN}/importer-des-recoltes/modele/<slug:kind>/",
        harvest_imports.harvest_model,
        name="harvest_model",
    ),
    path(
        f"{_GARDEN}/<period:period>/recoltes/",
        harvest_lists.HarvestList.as_view(),
        name="harvest_list",
    ),
    path(
        f"{_GARDEN}/<period:period>/recoltes/export/<slug:kind>/",
        harvest_lists.harvest_export,
        name="harvest_export",
    ),
]
