"""URLs of the stacks of scanned statements."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import statement_pages as pages
from beneficiaries.views import statement_scans as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/piles-numerisees/",
        views.StatementScanList.as_view(),
        name="statement_scan_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/piles-numerisees/deposer/",
        views.StatementScanCreate.as_view(),
        name="statement_scan_create",
    ),
    path(
        "piles-numerisees/<int:pk>/",
        views.StatementScanDetail.as_view(),
        name="statement_scan_detail",
    ),
    path("piles-numerisees/<int:pk>/lire/", views.statement_scan_read, name="statement_scan_read"),
    path(
        "piles-numerisees/<int:pk>/fichier/",
        views.statement_scan_download,
        name="statement_scan_download",
    ),
    path("pages-numerisees/<int:pk>/", pages.statement_page_detail, name="statement_page_detail"),
    path(
        "pages-numerisees/<int:pk>/image/",
        pages.statement_page_picture,
        name="statement_page_picture",
    ),
    path(
        "pages-numerisees/<int:pk>/mettre-de-cote/",
        pages.statement_page_aside,
        name="statement_page_aside",
    ),
    path(
        "pages-numerisees/<int:pk>/reprendre/",
        pages.statement_page_back,
        name="statement_page_back",
    ),
]
