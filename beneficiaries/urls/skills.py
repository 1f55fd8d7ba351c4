"""URLs of skills."""

from django.urls import path

from beneficiaries.views import skill_lists as lists
from beneficiaries.views import skills as views

urlpatterns = [
    path("personnes/<int:pk>/acquis/", views.PersonSkills.as_view(), name="person_skills"),
    path("inscriptions/<int:pk>/acquis/noter/", views.SkillRate.as_view(), name="skill_rate"),
    path("seances/<int:pk>/acquis/", views.SessionRate.as_view(), name="session_rate"),
    path(
        "niveaux-d-acquis/<int:pk>/supprimer/",
        views.SkillLevelDelete.as_view(),
        name="skill_level_delete",
    ),
    path("actions/<int:programme>/acquis/", lists.SkillList.as_view(), name="skill_list"),
    path(
        "actions/<int:programme>/acquis/nouveau/", lists.SkillCreate.as_view(), name="skill_create"
    ),
    path("actions/<int:programme>/acquis/proposer/", lists.skill_propose, name="skill_propose"),
    path("actions/<int:programme>/acquis/annuler/", views.skill_undo, name="skill_undo"),
    path("acquis/<int:pk>/modifier/", lists.SkillUpdate.as_view(), name="skill_update"),
    path("acquis/<int:pk>/supprimer/", lists.SkillDelete.as_view(), name="skill_delete"),
    path("acquis/<int:pk>/deplacer/", lists.skill_move, name="skill_move"),
    path("acquis/<int:pk>/retirer/", lists.skill_retire, name="skill_retire"),
    path("acquis/<int:pk>/remettre/", lists.skill_restore, name="skill_restore"),
]
