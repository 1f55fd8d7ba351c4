"""Who may open each address of the project: one line per URL name.

A new address breaks the tests until it has its line here.
"""

from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from programmes.enums import Role
from programmes.models import Edition
from tests.access import (
    of_attendance,
    of_caseloads,
    of_contracts,
    of_crops,
    of_doubles,
    of_feeds,
    of_figures,
    of_food,
    of_fse,
    of_gardens,
    of_grants,
    of_harvests,
    of_hives,
    of_households,
    of_interviews,
    of_months,
    of_papers,
    of_pathways,
    of_persons,
    of_referrals,
    of_scans,
    of_schedules,
    of_sessions,
    of_sheets,
    of_skills,
    of_statements,
    of_stays,
    of_tools,
)
from tests.access.entries import Entry, fill, press, see
from tests.factories import programmes as make
from tests.factories.accounts import make_user

A = Action
_SOCIAL_WORKER = "?role=social_worker"


def _territory(place, frame):
    return place.territory


def _district(place, frame):
    return place.district


def _organisation(place, frame):
    return place.operator


def _local_code(place, frame):
    return place.local_code


def _programme(place, frame):
    return frame.programme


def _edition(place, frame):
    return frame.edition


def _objective(place, frame):
    return frame.objective


def _from_tomorrow(place, frame):
    """On the first of January, the objective already says something from today on."""
    return {"valid_from": make.tomorrow().isoformat()}


def _wording(place, frame):
    return make.first_wording(frame.objective)


def _site(place, frame):
    return frame.site


def _partnership(place, frame):
    return frame.funding


def _attachment(place, frame):
    return frame.attachment


def _budget(place, frame):
    return frame.budget


def _line(place, frame):
    return make.first_line(frame.budget)


def _edition_without_budget(place, frame):
    label = f"édition {Edition.objects.count()}"
    return make.make_edition(frame.programme, 2001, label=label)


def _account(place, frame):
    return frame.social_worker


def _closed_account(place, frame):
    user = make.make_member(Role.SOCIAL_WORKER, frame.programme)
    user.is_active = False
    user.save()
    return user


def _right(place, frame):
    return make.right_of(frame.social_worker)


def _coming_right(place, frame):
    user = make.make_member(Role.SOCIAL_WORKER, frame.programme, starts_on=make.tomorrow())
    return make.right_of(user)


def _colleague(place, frame):
    return frame.workshop_leader


def _substitute(place, frame):
    replaced = make.right_of(frame.social_worker)
    user = make_user(last_name="Remplaçante")
    make.make_membership(user, Role.SOCIAL_WORKER, frame.programme, replaces=replaced)
    return user


def _list(place, frame):
    return "site_kinds"


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _replaced_by(place, frame):
    today = timezone.localdate()
    return {"substitute": _colleague(place, frame).pk, "starts_on": today, "ends_on": today}


def _handed_over(place, frame):
    return {"successor": _colleague(place, frame).pk, "confirm": "1"}


def _code_of_device(place, frame):
    return {"code": "274916", "code_again": "274916"}


def _next_year(place, frame):
    return {"label": "suivante", "starts_on": "2031-01-01", "ends_on": "2031-12-31"}


def _as_partner(place, frame):
    return {"role": "partner"}


MATRIX: dict[str, Entry] = {
    # Territories and their districts
    "programmes:territory_list": see(A.VIEW_FRAME),
    "programmes:territory_create": fill(A.EDIT_TERRITORY),
    "programmes:territory_detail": see(A.VIEW_FRAME, pk=_territory),
    "programmes:territory_update": fill(A.EDIT_TERRITORY, pk=_territory),
    "programmes:district_create": fill(A.EDIT_TERRITORY, parent=_territory),
    "programmes:district_detail": see(A.VIEW_FRAME, pk=_district),
    "programmes:district_update": fill(A.EDIT_TERRITORY, pk=_district),
    "programmes:district_delete": fill(A.EDIT_TERRITORY, pk=_district),
    # Programmes, editions, objectives
    "programmes:programme_list": see(A.VIEW_FRAME),
    "programmes:programme_create": fill(A.CREATE_PROGRAMME),
    "programmes:programme_detail": see(A.VIEW_FRAME, pk=_programme),
    "programmes:programme_update": fill(A.EDIT_PROGRAMME, pk=_programme),
    "programmes:programme_sheet": see(A.VIEW_FRAME, pk=_programme),
    "programmes:edition_create": fill(A.EDIT_PROGRAMME, data=_next_year, parent=_programme),
    "programmes:edition_detail": see(A.VIEW_FRAME, pk=_edition),
    "programmes:edition_update": fill(A.EDIT_PROGRAMME, pk=_edition),
    "programmes:edition_delete": fill(A.EDIT_PROGRAMME, pk=_edition),
    "programmes:objective_create": fill(A.EDIT_PROGRAMME, parent=_edition),
    "programmes:objective_revise": fill(A.EDIT_PROGRAMME, data=_from_tomorrow, parent=_objective),
    "programmes:objective_correct": fill(A.EDIT_PROGRAMME, pk=_wording),
    "programmes:objective_delete": fill(A.EDIT_PROGRAMME, pk=_objective),
    # Partners and attachments
    "programmes:partnership_list": see(A.VIEW_FRAME, parent=_programme),
    "programmes:partnership_create": fill(A.EDIT_PARTNERS, data=_as_partner, parent=_programme),
    "programmes:partnership_update": fill(A.EDIT_PARTNERS, pk=_partnership),
    "programmes:partnership_delete": fill(A.EDIT_PARTNERS, pk=_partnership),
    "programmes:attachment_create": fill(A.EDIT_PROGRAMME, parent=_programme),
    "programmes:attachment_download": see(A.VIEW_ATTACHMENTS, pk=_attachment),
    "programmes:attachment_delete": fill(A.EDIT_PROGRAMME, pk=_attachment),
    # Budgets
    "programmes:budget_list": see(A.VIEW_BUDGET),
    "programmes:budget_create": fill(A.EDIT_BUDGET, parent=_edition_without_budget),
    "programmes:budget_detail": see(A.VIEW_BUDGET, pk=_budget),
    "programmes:budget_validate": press(A.EDIT_BUDGET, pk=_budget),
    "programmes:budget_reopen": fill(A.EDIT_BUDGET, pk=_budget),
    "programmes:budget_export": see(A.VIEW_BUDGET, pk=_budget, kind=lambda place, frame: "csv"),
    "programmes:budget_line_create": fill(A.EDIT_BUDGET, parent=_budget),
    "programmes:budget_line_update": fill(A.EDIT_BUDGET, pk=_line),
    "programmes:budget_line_delete": fill(A.EDIT_BUDGET, pk=_line),
    # Sites and organisations
    "programmes:site_list": see(A.VIEW_FRAME),
    "programmes:site_create": fill(A.EDIT_SITES),
    "programmes:site_detail": see(A.VIEW_FRAME, pk=_site),
    "programmes:site_update": fill(A.EDIT_SITES, pk=_site),
    "programmes:site_delete": fill(A.EDIT_SITES, pk=_site),
    "programmes:organisation_list": see(A.VIEW_FRAME),
    "programmes:organisation_export": see(A.EXPORT_FRAME, kind=lambda place, frame: "csv"),
    "programmes:organisation_create": fill(A.EDIT_PARTNERS),
    "programmes:organisation_detail": see(A.VIEW_FRAME, pk=_organisation),
    "programmes:organisation_update": fill(A.EDIT_PARTNERS, pk=_organisation),
    "programmes:organisation_delete": fill(A.EDIT_PARTNERS, pk=_organisation),
    # Accounts and rights
    "programmes:account_list": see(A.MANAGE_ACCOUNTS),
    "programmes:account_invite": fill(A.MANAGE_ACCOUNTS, query=_SOCIAL_WORKER, posted=200),
    "programmes:account_detail": see(A.MANAGE_ACCOUNTS, account=_account),
    "programmes:account_link": fill(A.MANAGE_ACCOUNTS, account=_account, posted=200),
    "programmes:account_sessions": fill(A.MANAGE_ACCOUNTS, account=_account),
    "programmes:account_second_factor": fill(A.MANAGE_ACCOUNTS, account=_account),
    "programmes:account_identity": fill(A.MANAGE_ACCOUNTS, account=_account),
    "programmes:account_unlock": fill(A.MANAGE_ACCOUNTS, account=_account),
    "programmes:account_deactivate": fill(A.MANAGE_ACCOUNTS, account=_account),
    "programmes:account_reactivate": fill(A.MANAGE_ACCOUNTS, account=_closed_account),
    "programmes:account_hand_over": fill(A.MANAGE_ACCOUNTS, account=_account, data=_handed_over),
    "programmes:membership_create": fill(A.MANAGE_ACCOUNTS, account=_account, query=_SOCIAL_WORKER),
    "programmes:membership_update": fill(A.MANAGE_ACCOUNTS, pk=_right),
    "programmes:membership_end": fill(A.MANAGE_ACCOUNTS, pk=_right),
    "programmes:membership_withdraw": fill(A.MANAGE_ACCOUNTS, pk=_coming_right),
    "programmes:replacement_create": fill(A.MANAGE_ACCOUNTS, account=_account, data=_replaced_by),
    "programmes:replacement_end": fill(A.MANAGE_ACCOUNTS, account=_account, substitute=_substitute),
    # One's own device, opened by a code
    "accounts:device_enrol": fill(A.TICK_ATTENDANCE, data=_code_of_device),
    # Reference lists and the journal
    "programmes:reference_list": see(A.EDIT_REFERENCES),
    "programmes:reference_detail": see(A.EDIT_REFERENCES, name=_list),
    "programmes:reference_create": fill(A.EDIT_REFERENCES, name=_list),
    "programmes:reference_update": fill(A.EDIT_REFERENCES, pk=_local_code),
    "programmes:journal": see(A.VIEW_AUDIT, read=302),
    "programmes:journal_month": see(A.VIEW_AUDIT, period=_month),
    "programmes:journal_export": press(A.VIEW_AUDIT, period=_month),
    **of_sessions.LINES,
    **of_schedules.LINES,
    **of_feeds.LINES,
    **of_grants.LINES,
    **of_persons.LINES,
    **of_attendance.LINES,
    **of_sheets.LINES,
    **of_months.LINES,
    **of_statements.LINES,
    **of_scans.LINES,
    **of_pathways.LINES,
    **of_households.LINES,
    **of_doubles.LINES,
    **of_fse.LINES,
    **of_referrals.LINES,
    **of_stays.LINES,
    **of_interviews.LINES,
    **of_caseloads.LINES,
    **of_contracts.LINES,
    **of_skills.LINES,
    **of_papers.LINES,
    **of_gardens.LINES,
    **of_crops.LINES,
    **of_hives.LINES,
    **of_tools.LINES,
    **of_figures.LINES,
    **of_food.LINES,
    **of_harvests.LINES,
}

#: Open without an account: logging in, links handed over, the health of the installation.
OPEN = frozenset(
    {
        "accounts:login",
        "accounts:demo_login",
        "accounts:logout",
        "accounts:device_unlock",
        "accounts:forgotten",
        "accounts:link",
        "accounts:link_password",
        "operating:health",
        "core:service_worker",
        "core:offline",
        # Whoever has the secret: nothing else is asked by a calendar.
        "programmes:calendar_feed_read",
    }
)

#: Open to whoever is logged in, even without a membership: their own account.
LOGGED_IN = frozenset(
    {
        "accounts:second_factor",
        "accounts:second_factor_setup",
        "accounts:second_factor_remove",
        "accounts:recovery_codes",
        "accounts:recovery_codes_renew",
        "accounts:profile",
        "accounts:password_change",
        "accounts:sessions_close",
        "core:gallery",
    }
)

#: Open to whoever has a membership, whatever their role.
MEMBERS = frozenset({"core:home", "jobs:list"})

#: Rows that belong to one user: a 404 for everybody else.
OWNER = frozenset(
    {
        "accounts:session_close",
        "accounts:device_remove",
        "jobs:detail",
        "jobs:progress",
        "jobs:result",
        "jobs:retry",
        "jobs:delete",
    }
)

DECLARED = frozenset(MATRIX) | OPEN | LOGGED_IN | MEMBERS | OWNER
