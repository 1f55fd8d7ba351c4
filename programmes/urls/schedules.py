"""URLs of schedules, of closed periods and of the moves of sessions."""

from django.urls import path

from programmes.views import closed_periods, moves, schedules

urlpatterns = [
    path(
        "actions/<int:programme>/creneaux/", schedules.ScheduleList.as_view(), name="schedule_list"
    ),
    path(
        "actions/<int:programme>/creneaux/ajouter/",
        schedules.ScheduleCreate.as_view(),
        name="schedule_create",
    ),
    path("creneaux/<int:pk>/", schedules.ScheduleDetail.as_view(), name="schedule_detail"),
    path("creneaux/<int:pk>/modifier/", schedules.ScheduleUpdate.as_view(), name="schedule_update"),
    path(
        "creneaux/<int:pk>/supprimer/", schedules.ScheduleDelete.as_view(), name="schedule_delete"
    ),
    path(
        "actions/<int:programme>/fermetures/",
        closed_periods.ClosedPeriodList.as_view(),
        name="closed_period_list",
    ),
    path(
        "actions/<int:programme>/fermetures/ajouter/",
        closed_periods.ClosedPeriodCreate.as_view(),
        name="closed_period_create",
    ),
    path(
        "fermetures/<int:pk>/supprimer/",
        closed_periods.ClosedPeriodDelete.as_view(),
        name="closed_period_delete",
    ),
    path("seances/<int:pk>/deplacer/", moves.SessionMove.as_view(), name="session_move"),
]
