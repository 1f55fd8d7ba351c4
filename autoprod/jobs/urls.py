"""URLs of « Mes travaux »."""

from django.urls import path

from autoprod.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("<int:pk>/", views.JobDetail.as_view(), name="detail"),
    path("<int:pk>/avancement/", views.JobProgress.as_view(), name="progress"),
    path("<int:pk>/resultat/", views.JobResult.as_view(), name="result"),
    path("<int:pk>/relancer/", views.JobRetry.as_view(), name="retry"),
    path("<int:pk>/supprimer/", views.JobDelete.as_view(), name="delete"),
]
