"""URLs of the FSE+ questionnaire."""

from django.urls import path

from beneficiaries.views import fse as views

urlpatterns = [
    path(
        "personnes/<int:parent>/operations/<int:edition>/questionnaire/",
        views.FseUpdate.as_view(),
        name="fse_update",
    ),
    path(
        "personnes/<int:parent>/operations/<int:edition>/questionnaire/sortie/",
        views.FseExit.as_view(),
        name="fse_exit",
    ),
    path(
        "editions/<int:edition>/questionnaires/",
        views.FseList.as_view(),
        name="fse_list",
    ),
]
