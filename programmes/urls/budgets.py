"""URLs of budgets."""

from django.urls import path

from programmes.views import budgets as views

urlpatterns = [
    path("budgets/", views.BudgetList.as_view(), name="budget_list"),
    path(
        "editions/<int:parent>/budget/ouvrir/", views.BudgetCreate.as_view(), name="budget_create"
    ),
    path("budgets/<int:pk>/", views.BudgetDetail.as_view(), name="budget_detail"),
    path("budgets/<int:pk>/valider/", views.budget_validate, name="budget_validate"),
    path("budgets/<int:pk>/rouvrir/", views.BudgetReopen.as_view(), name="budget_reopen"),
    path("budgets/<int:pk>/export/<slug:kind>/", views.budget_export, name="budget_export"),
    path(
        "budgets/<int:parent>/lignes/nouvelle/",
        views.LineCreate.as_view(),
        name="budget_line_create",
    ),
    path(
        "budgets/lignes/<int:pk>/modifier/", views.LineUpdate.as_view(), name="budget_line_update"
    ),
    path(
        "budgets/lignes/<int:pk>/supprimer/", views.LineDelete.as_view(), name="budget_line_delete"
    ),
]
