"""URLs of attendance."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import (
    attendance,
    batches,
    closing,
    presences,
    rolls,
    schedule_members,
    sheets,
    stretches,
    workshops,
)

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/presences/",
        presences.AttendanceList.as_view(),
        name="attendance_list",
    ),
    path("seances/<int:pk>/pointer/", rolls.attendance_tick, name="attendance_tick"),
    path(
        "seances/<int:pk>/pointer/<int:enrolment>/",
        attendance.attendance_tap,
        name="attendance_tap",
    ),
    path(
        "seances/<int:pk>/pointer/<int:enrolment>/horaires/",
        stretches.attendance_hours,
        name="attendance_hours",
    ),
    path(
        "seances/<int:pk>/pointer/<int:enrolment>/changer-de-site/",
        stretches.attendance_move,
        name="attendance_move",
    ),
    path(
        "seances/<int:pk>/tous-presents/",
        batches.attendance_all_present,
        name="attendance_all_present",
    ),
    path("seances/<int:pk>/comme-hier/", batches.attendance_like_last, name="attendance_like_last"),
    path("seances/<int:pk>/annuler-le-pointage/", batches.attendance_undo, name="attendance_undo"),
    path("seances/<int:pk>/ajouter/", batches.attendance_add, name="attendance_add"),
    path("seances/<int:pk>/cloturer/", closing.attendance_close, name="attendance_close"),
    path("seances/<int:pk>/rouvrir/", closing.attendance_reopen, name="attendance_reopen"),
    path("seances/<int:pk>/feuille.pdf", sheets.attendance_sheet_pdf, name="attendance_sheet"),
    path(
        "creneaux/<int:pk>/personnes-attendues/",
        schedule_members.schedule_members,
        name="schedule_members",
    ),
    path(
        "ateliers/<int:pk>/participants/",
        workshops.workshop_participants,
        name="workshop_participants",
    ),
]
