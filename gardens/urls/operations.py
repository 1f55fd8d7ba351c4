"""URLs of operations: the week, the year's list, one to do, readings."""

from django.urls import path

from autoprod.core.periods import register_converters
from gardens.views import operations as views
from gardens.views import readings, weeks

register_converters()

_YEAR = "actions/<int:programme>/<period:period>/"

urlpatterns = [
    path(
        "actions/<int:programme>/semaine-au-jardin/", weeks.WeekDetail.as_view(), name="week_detail"
    ),
    path(f"{_YEAR}semaine-au-jardin/", weeks.WeekDetail.as_view(), name="week_of_days"),
    path(f"{_YEAR}releves/", readings.ReadingList.as_view(), name="reading_list"),
    path(f"{_YEAR}gestes/", views.OperationList.as_view(), name="operation_list"),
    path(
        "actions/<int:programme>/gestes/nouveau/",
        views.OperationCreate.as_view(),
        name="operation_create",
    ),
    path("gestes/<int:pk>/", views.OperationDetail.as_view(), name="operation_detail"),
    path("gestes/<int:pk>/modifier/", views.OperationUpdate.as_view(), name="operation_update"),
    path("gestes/<int:pk>/supprimer/", views.OperationDelete.as_view(), name="operation_delete"),
    path("gestes/<int:pk>/faire/", views.operation_tap, name="operation_tap"),
    path("gestes/<int:pk>/fait/", views.OperationDone.as_view(), name="operation_done"),
    path("gestes/<int:pk>/annuler/", views.operation_undo, name="operation_undo"),
    path("gestes/<int:parent>/photo/", views.PhotoCreate.as_view(), name="operation_photo_create"),
    path("gestes/<int:pk>/photo/retirer/", views.photo_delete, name="operation_photo_delete"),
    path("photos-de-gestes/<int:pk>/", views.photo_download, name="operation_photo"),
]
