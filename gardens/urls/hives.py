"""URLs of hives."""

from django.urls import path

from gardens.views import colonies, hives

urlpatterns = [
    path("actions/<int:programme>/jardin/ruchers/", hives.ApiaryList.as_view(), name="apiary_list"),
    path(
        "actions/<int:programme>/jardin/ruchers/nouveau/",
        hives.ApiaryCreate.as_view(),
        name="apiary_create",
    ),
    path("ruchers/<int:pk>/", hives.ApiaryDetail.as_view(), name="apiary_detail"),
    path("ruchers/<int:pk>/modifier/", hives.ApiaryUpdate.as_view(), name="apiary_update"),
    path("ruchers/<int:pk>/supprimer/", hives.ApiaryDelete.as_view(), name="apiary_delete"),
    path("ruchers/<int:pk>/registre.pdf", hives.apiary_register, name="apiary_register"),
    path("ruchers/<int:apiary>/miel/", hives.HoneyCreate.as_view(), name="honey_create"),
    path(
        "ruchers/<int:apiary>/declarations/nouvelle/",
        hives.DeclarationCreate.as_view(),
        name="declaration_create",
    ),
    path(
        "declarations-de-ruches/<int:pk>/modifier/",
        hives.DeclarationUpdate.as_view(),
        name="declaration_update",
    ),
    path(
        "declarations-de-ruches/<int:pk>/supprimer/",
        hives.DeclarationDelete.as_view(),
        name="declaration_delete",
    ),
    path(
        "ruchers/<int:apiary>/colonies/nouvelle/",
        colonies.ColonyCreate.as_view(),
        name="colony_create",
    ),
    path(
        "ruchers/<int:apiary>/traitements/nouveau/",
        colonies.TreatmentCreate.as_view(),
        name="treatment_create",
    ),
    path("ruchers/<int:apiary>/traitements/retirer/", colonies.treatment_end, name="treatment_end"),
    path("colonies/<int:pk>/", colonies.ColonyDetail.as_view(), name="colony_detail"),
    path("colonies/<int:pk>/modifier/", colonies.ColonyUpdate.as_view(), name="colony_update"),
    path("colonies/<int:pk>/terminer/", colonies.ColonyEnd.as_view(), name="colony_end"),
    path("colonies/<int:pk>/supprimer/", colonies.ColonyDelete.as_view(), name="colony_delete"),
    path(
        "colonies/<int:colony>/visites/nouvelle/",
        colonies.VisitCreate.as_view(),
        name="visit_create",
    ),
    path(
        "visites-de-ruches/<int:pk>/modifier/", colonies.VisitUpdate.as_view(), name="visit_update"
    ),
    path(
        "visites-de-ruches/<int:pk>/supprimer/",
        colonies.VisitDelete.as_view(),
        name="visit_delete",
    ),
    path(
        "traitements-de-ruches/<int:pk>/modifier/",
        colonies.TreatmentUpdate.as_view(),
        name="treatment_update",
    ),
    path(
        "traitements-de-ruches/<int:pk>/supprimer/",
        colonies.TreatmentDelete.as_view(),
        name="treatment_delete",
    ),
]
