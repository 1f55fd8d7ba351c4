"""The dashboard's figures in SQL written by hand: what the engine is measured against.

Each statement reads each table once and returns (figure, dimension, key, value) lines.
"""

from collections import defaultdict
from datetime import date

from django.db import connection

from autoprod.core.periods import Period
from evaluation.enums import AGE_STARTS
from evaluation.management.bench import handwritten_gardens as gardens

_PEOPLE = """
WITH line AS MATERIALIZED (
  SELECT e.person_id AS person, a.site_id AS site, {month} AS month, SUM(a.minutes) AS minutes,
    MAX(CASE WHEN e.left_on < %(start)s THEN 0 ELSE 1 END) AS is_here
  FROM programmes_session s
  JOIN beneficiaries_attendance a ON a.session_id = s.id
  JOIN beneficiaries_enrolment e ON e.id = a.enrolment_id
  WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
    AND s.closed_at IS NOT NULL AND a.status = 'present'
    AND e.part = 'participant' AND e.entered_on <= %(end)s
  GROUP BY 1, 2, 3
), person AS MATERIALIZED (
  SELECT person FROM line WHERE is_here = 1
  UNION
  SELECT e.person_id
  FROM beneficiaries_enrolment e JOIN beneficiaries_interview i ON i.enrolment_id = e.id
  WHERE e.programme_id = %(programme)s AND e.part = 'participant'
    AND e.entered_on <= %(end)s AND (e.left_on IS NULL OR e.left_on >= %(start)s)
    AND i.state = 'held' AND i."on" BETWEEN %(start)s AND %(end)s
), ranked AS (
  SELECT s.id, s.person_id, s.district_id, s.education_level_id,
    ROW_NUMBER() OVER (PARTITION BY s.person_id ORDER BY s.observed_on DESC) AS rank
  FROM person p JOIN beneficiaries_situation s ON s.person_id = p.person
  WHERE s.observed_on <= %(end)s
), situation AS MATERIALIZED (
  SELECT * FROM ranked WHERE rank = 1
), known AS MATERIALIZED (
  SELECT p.person, i.sex_id AS sex, {band} AS age,
    t.district_id AS district, t.education_level_id AS level
  FROM person p
  LEFT JOIN beneficiaries_personidentity i ON i.person_id = p.person
  LEFT JOIN situation t ON t.person_id = p.person
)
SELECT 'hours', 'site', CAST(site AS TEXT), SUM(minutes) FROM line GROUP BY site
UNION ALL SELECT 'hours', 'month', CAST(month AS TEXT), SUM(minutes) FROM line GROUP BY month
UNION ALL SELECT 'persons_reached', 'sex', CAST(sex AS TEXT), COUNT(*) FROM known GROUP BY sex
UNION ALL SELECT 'persons_reached', 'age', CAST(age AS TEXT), COUNT(*) FROM known GROUP BY age
UNION ALL SELECT 'persons_reached', 'district', CAST(district AS TEXT), COUNT(*)
  FROM known GROUP BY district
UNION ALL SELECT 'persons_reached', 'level', CAST(level AS TEXT), COUNT(*)
  FROM known GROUP BY level
UNION ALL SELECT 'persons_by_income', 'income', CAST(m.referencecode_id AS TEXT), COUNT(*)
  FROM situation t
  LEFT JOIN beneficiaries_situation_minimum_incomes m ON m.situation_id = t.id
  GROUP BY m.referencecode_id
UNION ALL SELECT 'persons_on_rsa', '', '', COUNT(DISTINCT t.person_id)
  FROM situation t
  JOIN beneficiaries_situation_minimum_incomes m ON m.situation_id = t.id
  JOIN programmes_referencecode c ON c.id = m.referencecode_id
  WHERE c.code = 'rsa' OR c.parent_code = 'rsa'
"""

_SESSIONS = """
SELECT CASE WHEN s.closed_at IS NULL THEN 'sessions_planned' ELSE 'sessions_held' END, '', '',
  COUNT(*)
FROM programmes_session s
WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
  AND s.cancelled_on IS NULL
GROUP BY 1
UNION ALL
SELECT 'sessions_cancelled', 'reason', CAST(s.cancel_reason_id AS TEXT), COUNT(*)
FROM programmes_session s
WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
  AND s.cancelled_on IS NOT NULL
GROUP BY s.cancel_reason_id
UNION ALL
SELECT 'health_informed', '', '', COUNT(DISTINCT e.person_id)
FROM programmes_session s
JOIN programmes_workshop w ON w.session_id = s.id
JOIN beneficiaries_workshopparticipation p ON p.workshop_id = w.id
JOIN beneficiaries_enrolment e ON e.id = p.enrolment_id
WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
  AND s.closed_at IS NOT NULL AND w.theme_id IN (SELECT id FROM programmes_referencecode
    WHERE list = 'workshop_themes' AND code IN ('sante', 'acces_soins', 'nutrition'))
UNION ALL
SELECT 'workshops_held', 'theme', CAST(w.theme_id AS TEXT), COUNT(*)
FROM programmes_session s JOIN programmes_workshop w ON w.session_id = s.id
WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
  AND s.closed_at IS NOT NULL AND s.cancelled_on IS NULL
GROUP BY w.theme_id
"""

_STEPS = """
WITH step AS MATERIALIZED (
  SELECT p.strand_id AS strand, e.person_id AS person, k.code AS kind,
    (p.started_on BETWEEN %(start)s AND %(end)s) AS started,
    (p.done_on BETWEEN %(start)s AND %(end)s) AS done
  FROM beneficiaries_enrolment e
  JOIN beneficiaries_step p ON p.enrolment_id = e.id
  LEFT JOIN programmes_referencecode k ON k.id = p.kind_id
  WHERE e.programme_id = %(programme)s
)
SELECT 'steps_started', 'strand', CAST(strand AS TEXT), COUNT(*) FROM step WHERE started
  GROUP BY strand
UNION ALL SELECT 'steps_done', 'strand', CAST(strand AS TEXT), COUNT(*) FROM step WHERE done
  GROUP BY strand
UNION ALL SELECT 'health_proposed', '', '', COUNT(DISTINCT person) FROM step
  WHERE started AND kind = 'bilan_sante'
UNION ALL SELECT 'health_done', '', '', COUNT(DISTINCT person) FROM step
  WHERE done AND kind = 'bilan_sante'
UNION ALL SELECT 'health_followed', '', '', COUNT(DISTINCT person) FROM step
  WHERE started AND kind = 'suivi_medico_social'
"""

_MET = """
WITH stay AS MATERIALIZED (
  SELECT id, (entered_on <= %(end)s AND (left_on IS NULL OR left_on >= %(start)s)) AS is_here
  FROM beneficiaries_enrolment WHERE programme_id = %(programme)s AND part = 'participant'
), barrier AS MATERIALIZED (
  SELECT (b.identified_on >= %(start)s) AS is_new, (b.lifted_on <= %(end)s) AS is_lifted
  FROM stay s JOIN beneficiaries_barrier b ON b.enrolment_id = s.id
  WHERE s.is_here AND b.identified_on <= %(end)s
    AND (b.lifted_on IS NULL OR b.lifted_on >= %(start)s)
)
SELECT 'interviews_held', '', '', COUNT(*)
FROM stay s JOIN beneficiaries_interview i ON i.enrolment_id = s.id
WHERE i.state = 'held' AND i."on" BETWEEN %(start)s AND %(end)s
UNION ALL SELECT 'barriers_followed', '', '', COUNT(*) FROM barrier
UNION ALL SELECT 'barriers_identified', '', '', COUNT(*) FROM barrier WHERE is_new
UNION ALL SELECT 'barriers_lifted', '', '', COUNT(*) FROM barrier WHERE is_lifted
"""

_REST = """
SELECT 'outcomes_positive', 'kind', CAST(o.kind_id AS TEXT), COUNT(*)
FROM beneficiaries_enrolment e JOIN beneficiaries_outcome o ON o.enrolment_id = e.id
WHERE e.programme_id = %(programme)s AND o.starts_on BETWEEN %(start)s AND %(end)s
  AND o.kind_id IN (SELECT id FROM programmes_referencecode
    WHERE list = 'outcome_kinds' AND code <> 'reorientation')
GROUP BY o.kind_id
UNION ALL
SELECT CASE WHEN l.payer_id IS NULL THEN 'budget_charges' ELSE 'budget_products' END,
  CASE WHEN l.payer_id IS NULL THEN '' ELSE 'payer' END,
  CASE WHEN l.payer_id IS NULL THEN '' ELSE CAST(l.payer_id AS TEXT) END, SUM(l.amount)
FROM programmes_edition d
JOIN programmes_budget b ON b.edition_id = d.id
JOIN programmes_budgetline l ON l.budget_id = b.id
WHERE d.programme_id = %(programme)s AND d.starts_on <= %(end)s AND d.ends_on >= %(start)s
GROUP BY l.payer_id
UNION ALL
SELECT 'open editions', '', '', COUNT(*)
FROM programmes_edition d LEFT JOIN beneficiaries_outcomesurvey v ON v.edition_id = d.id
WHERE d.programme_id = %(programme)s AND d.starts_on <= %(end)s AND d.ends_on >= %(start)s
  AND v.closed_on IS NULL
"""


_SIGNED = """
WITH line AS MATERIALIZED (
  SELECT e.person_id AS person, {month} AS month, a.minutes AS minutes,
    EXISTS (SELECT 1 FROM beneficiaries_statement t WHERE t.enrolment_id = a.enrolment_id
      AND t.state IN ('signed', 'locked') AND a."on" BETWEEN t.month AND t.last_day) AS is_signed
  FROM programmes_session s
  JOIN beneficiaries_attendance a ON a.session_id = s.id
  JOIN beneficiaries_enrolment e ON e.id = a.enrolment_id
  WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
    AND s.closed_at IS NOT NULL AND a.status = 'present'
    AND e.part = 'participant' AND e.entered_on <= %(end)s
)
SELECT 'hours_signed', '', '', COALESCE(SUM(minutes), 0) FROM line WHERE is_signed
UNION ALL SELECT 'hours_unsigned', '', '', COALESCE(SUM(minutes), 0) FROM line
  WHERE NOT is_signed
UNION ALL SELECT 'months_signed', '', '', COUNT(*) FROM
  (SELECT DISTINCT person, month FROM line WHERE is_signed) pair
"""

_KINDS = """
WITH held AS MATERIALIZED (
  SELECT s.id AS id, s.minutes AS minutes, s.headcount AS headcount, k.code AS kind,
    k.code IN ('visite_chalet', 'rencontre', 'echange', 'information') AS is_indirect
  FROM programmes_session s JOIN programmes_referencecode k ON k.id = s.kind_id
  WHERE s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s
    AND s.closed_at IS NOT NULL AND s.cancelled_on IS NULL
), outreach AS MATERIALIZED (
  SELECT o.met, o.oriented, o.entered
  FROM held h JOIN programmes_outreach o ON o.session_id = h.id WHERE h.kind = 'permanence'
)
SELECT 'tables_held', '', '', COUNT(*) FROM held WHERE kind = 'table_solidaire'
UNION ALL SELECT 'tables_in_districts', '', '', COUNT(DISTINCT h.id)
  FROM held h
  JOIN programmes_session_sites l ON l.session_id = h.id
  JOIN programmes_site t ON t.id = l.site_id
  JOIN programmes_referencecode k ON k.id = t.kind_id
  WHERE h.kind = 'table_solidaire' AND t.district_id IS NOT NULL
    AND k.code NOT IN ('jardin', 'serre', 'verger', 'rucher')
UNION ALL SELECT 'health_sessions', '', '', COUNT(*) FROM held WHERE kind = 'sante'
UNION ALL SELECT 'health_themes', '', '', COUNT(DISTINCT w.theme_id)
  FROM held h JOIN programmes_workshop w ON w.session_id = h.id WHERE h.kind = 'sante'
UNION ALL SELECT 'meetings_held', '', '', COUNT(*) FROM held WHERE kind = 'reunion_participants'
UNION ALL SELECT 'meeting_minutes', '', '', COALESCE(SUM(minutes), 0) FROM held
  WHERE kind = 'reunion_participants'
UNION ALL SELECT 'meeting_persons', '', '', COUNT(DISTINCT e.person_id)
  FROM held h
  JOIN beneficiaries_attendance a ON a.session_id = h.id
  JOIN beneficiaries_enrolment e ON e.id = a.enrolment_id
  WHERE h.kind = 'reunion_participants' AND a.status = 'present'
    AND e.part = 'participant' AND e.entered_on <= %(end)s
UNION ALL SELECT 'outreach_met', '', '', COALESCE(SUM(met), 0) FROM outreach
UNION ALL SELECT 'outreach_oriented', '', '', COALESCE(SUM(oriented), 0) FROM outreach
UNION ALL SELECT 'outreach_entered', '', '', COALESCE(SUM(entered), 0) FROM outreach
UNION ALL SELECT 'public_indirect', '', '', COALESCE(SUM(headcount), 0) FROM held
  WHERE is_indirect
UNION ALL SELECT 'participations_unnamed', '', '', COALESCE(SUM(headcount), 0) FROM held
  WHERE NOT is_indirect
"""


def figures(programme: int, period: Period) -> dict[tuple[str, str], dict[str, int]]:
    """Return {(figure, dimension): {key as text: value}} of the dashboard."""
    values = {"programme": programme, "start": period.start, "end": period.end}
    found: dict = defaultdict(dict)
    with connection.cursor() as cursor:
        signed = _SIGNED.format(month=_month())
        persons = (_people(period.end), signed, _SESSIONS, _KINDS, _STEPS, _MET, _REST)
        for statement in (*persons, *gardens.statements(_month("l"))):
            cursor.execute(statement, values)
            for code, dimension, key, value in cursor.fetchall():
                found[code, dimension][key] = int(value)
    return dict(found)


def _month(table: str = "s") -> str:
    """Return what reads the month of a session, on the engine in use."""
    on = f'{table}."on"'
    is_sqlite = connection.vendor == "sqlite"
    return f"STRFTIME('%%Y-%%m', {on})" if is_sqlite else f"TO_CHAR({on}, 'YYYY-MM')"


def _people(end: date) -> str:
    cases = []
    for start in sorted(AGE_STARTS, reverse=True):
        try:
            birth = end.replace(year=end.year - start)
        except ValueError:
            birth = end.replace(year=end.year - start, day=28)
        cases.append(f"WHEN i.born_on <= '{birth:%Y-%m-%d}' THEN {start}")
    return _PEOPLE.format(month=_month(), band=f"CASE {' '.join(cases)} END")
