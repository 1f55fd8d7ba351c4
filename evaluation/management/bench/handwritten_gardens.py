"""The figures of a garden in SQL written by hand, as those of the dashboard beside."""

_PRICE = """(SELECT p.{value} FROM gardens_productprice p
    WHERE p.territory_id = g.territory_id AND p.product_id = l.product_id AND p.starts_on <= {on}
    ORDER BY p.starts_on DESC LIMIT 1)"""

_LOTS = """
WITH lot AS MATERIALIZED (
  SELECT l.product_id AS product, l.origin AS origin, {month} AS month, l.value AS value,
    l.grams AS grams, {price} AS price,
    l.grams - COALESCE((SELECT SUM(m.grams) FROM gardens_movement m
      WHERE m.lot_id = l.id AND m.destination = 'weighing'), 0) AS net
  FROM gardens_lot l JOIN programmes_programme g ON g.id = l.programme_id
  WHERE l.programme_id = %(programme)s AND l."on" BETWEEN %(start)s AND %(end)s
)
SELECT 'food_harvested', 'product', CAST(product AS TEXT), SUM(net) FROM lot
  WHERE origin = 'harvest' GROUP BY product
UNION ALL SELECT 'food_harvested', 'month', month, SUM(net) FROM lot
  WHERE origin = 'harvest' GROUP BY month
UNION ALL SELECT CASE origin WHEN 'honey' THEN 'food_honey' WHEN 'donation' THEN 'food_donated'
    ELSE 'food_bought' END, '', '', SUM(net) FROM lot
  WHERE origin IN ('honey', 'donation', 'purchase') GROUP BY origin
UNION ALL SELECT 'harvest_value', '', '', SUM(CASE WHEN value IS NULL THEN price * net
    ELSE value * 1000 * net / grams END) FROM lot WHERE origin = 'harvest'
"""

_MOVEMENTS = """
WITH line AS MATERIALIZED (
  SELECT m.destination AS destination, m.organisation_id AS organisation, m.grams AS grams,
    l.value IS NULL AND {price} IS NULL AS is_unpriced,
    CASE WHEN l.value IS NULL THEN {price} * m.grams
      ELSE l.value * 1000 * m.grams / l.grams END AS worth,
    CASE WHEN l.value IS NULL THEN {source} ELSE l.value_source END AS source,
    m.destination IN ('growers', 'basket', 'grocery', 'table', 'organisation', 'owner') AS is_given
  FROM gardens_movement m
  JOIN gardens_lot l ON l.id = m.lot_id
  JOIN programmes_programme g ON g.id = l.programme_id
  WHERE l.programme_id = %(programme)s AND m."on" BETWEEN %(start)s AND %(end)s
)
SELECT 'food_out', 'destination', destination, SUM(grams) FROM line
  WHERE is_given OR destination IN ('seeds', 'compost', 'loss') GROUP BY destination
UNION ALL SELECT 'food_given', '', '', SUM(grams) FROM line WHERE is_given
UNION ALL SELECT 'given_value', '', '', SUM(worth) FROM line WHERE is_given
UNION ALL SELECT 'given_unpriced', '', '', SUM(grams) FROM line WHERE is_given AND is_unpriced
UNION ALL SELECT 'growers_share', '', '', SUM(grams) FROM line WHERE destination = 'growers'
UNION ALL SELECT 'growers_unpriced', '', '', SUM(grams) FROM line
  WHERE destination = 'growers' AND is_unpriced
UNION ALL SELECT 'growers_value', 'source', source, SUM(worth) FROM line
  WHERE destination = 'growers' AND worth IS NOT NULL GROUP BY source
UNION ALL SELECT CASE destination WHEN 'organisation' THEN 'food_to_organisations'
    WHEN 'transformation' THEN 'food_transformed' WHEN 'compost' THEN 'food_composted'
    ELSE 'food_lost' END, '', '', SUM(grams) FROM line
  WHERE destination IN ('organisation', 'transformation', 'compost', 'loss') GROUP BY destination
"""

_GIVEN = """
WITH line AS MATERIALIZED (
  SELECT m.id AS id, m.destination AS destination, m.organisation_id AS organisation,
    m.recipients AS recipients, m."on" AS day, COALESCE(m.session_id, 0) AS place,
    l.product_id AS product, l.variety_id AS variety
  FROM gardens_movement m JOIN gardens_lot l ON l.id = m.lot_id
  WHERE l.programme_id = %(programme)s AND m."on" BETWEEN %(start)s AND %(end)s
    AND m.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM gardens_movement r WHERE r.reverses_id = m.id)
), lot AS MATERIALIZED (
  SELECT p.species_id AS species, COALESCE(v.sort_key, w.sort_key) AS name
  FROM gardens_lot l
  JOIN gardens_product p ON p.id = l.product_id
  JOIN gardens_harvest h ON h.id = l.harvest_id
  LEFT JOIN gardens_planting c ON c.id = h.planting_id
  LEFT JOIN gardens_variety v ON v.id = l.variety_id
  LEFT JOIN gardens_variety w ON w.id = c.variety_id
  WHERE l.programme_id = %(programme)s AND l."on" BETWEEN %(start)s AND %(end)s
    AND p.species_id IS NOT NULL
    AND l.grams > COALESCE((SELECT SUM(m.grams) FROM gardens_movement m
      WHERE m.lot_id = l.id AND m.destination = 'weighing'), 0)
), given AS MATERIALIZED (
  SELECT p.species_id AS species, v.sort_key AS name, v.is_heirloom AS is_heirloom
  FROM line
  JOIN gardens_product p ON p.id = line.product
  LEFT JOIN gardens_variety v ON v.id = line.variety
  WHERE p.species_id IS NOT NULL
    AND destination IN ('growers', 'basket', 'grocery', 'table', 'organisation', 'owner')
), grown AS MATERIALIZED (
  SELECT c.species_id AS species, v.sort_key AS name, v.is_heirloom AS is_heirloom
  FROM gardens_planting c LEFT JOIN gardens_variety v ON v.id = c.variety_id
  WHERE c.programme_id = %(programme)s AND (c.ended_on IS NULL OR c.ended_on >= %(start)s)
    AND (c.sown_on <= %(end)s OR c.planted_on <= %(end)s)
), told AS MATERIALIZED (
  SELECT DISTINCT 'harvested' AS which, species, name, FALSE AS is_heirloom FROM lot
  UNION SELECT DISTINCT 'given', species, name, is_heirloom FROM given
  UNION SELECT DISTINCT 'grown', species, name, is_heirloom FROM grown
), counted AS MATERIALIZED (
  SELECT which, species, COALESCE(name, '') AS name, is_heirloom FROM told t
  WHERE name IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM told o WHERE o.which = t.which AND o.species = t.species AND o.name IS NOT NULL)
)
SELECT 'organisations_served', '', '', COUNT(DISTINCT organisation) FROM line
  WHERE destination = 'organisation'
UNION ALL SELECT CASE destination WHEN 'table' THEN 'portions_served' ELSE 'baskets_served' END,
    '', '', SUM(most) FROM (
    SELECT destination, MAX(recipients) AS most FROM line
    WHERE destination IN ('table', 'basket') GROUP BY destination, day, place) served
  GROUP BY destination
UNION ALL SELECT 'varieties_' || which, '', '', COUNT(*) FROM counted GROUP BY which
UNION ALL SELECT 'varieties_' || which || '_heirloom', '', '', COUNT(*) FROM counted
  WHERE is_heirloom GROUP BY which
UNION ALL SELECT 'varieties_given_otherwise', '', '', COUNT(*) FROM counted c
  WHERE which = 'given' AND NOT EXISTS (SELECT 1 FROM counted o WHERE o.which = 'harvested'
    AND o.species = c.species AND (o.name = c.name OR c.name = ''))
"""

_KEPT = """
SELECT 'food_stock', '', '', SUM(left_then) FROM (
  SELECT b."left" + COALESCE((SELECT SUM(m.grams) FROM gardens_movement m
    WHERE m.lot_id = l.id AND m."on" > %(end)s), 0) AS left_then
  FROM gardens_lot l JOIN gardens_lotbalance b ON b.lot_id = l.id
  WHERE l.programme_id = %(programme)s AND l."on" <= %(end)s) stock
UNION ALL SELECT 'colonies_living', '', '', COUNT(*)
  FROM gardens_colony c JOIN gardens_apiary a ON a.id = c.apiary_id
  WHERE a.programme_id = %(programme)s AND c.installed_on <= %(end)s
    AND (c.ended_on IS NULL OR c.ended_on > %(end)s)
UNION ALL SELECT 'water_collected', '', '', SUM(CASE WHEN now > before THEN now - before ELSE 0 END)
  FROM (SELECT o.programme_id, o.done_on, o.quantity AS now,
      LAG(o.quantity) OVER (PARTITION BY o.garden_id ORDER BY o.done_on, o.id) AS before
    FROM gardens_operation o JOIN programmes_referencecode k ON k.id = o.kind_id
    WHERE k.code = 'eau_pluie' AND o.quantity IS NOT NULL AND o.done_on IS NOT NULL) reading
  WHERE programme_id = %(programme)s AND done_on BETWEEN %(start)s AND %(end)s
UNION ALL SELECT 'compost_brought', '', '', SUM(o.quantity)
  FROM gardens_operation o JOIN programmes_referencecode k ON k.id = o.kind_id
  WHERE o.programme_id = %(programme)s AND o.done_on BETWEEN %(start)s AND %(end)s
    AND k.code = 'compost_apport'
UNION ALL SELECT 'tools_lent', '', '', COUNT(*)
  FROM gardens_loan n JOIN gardens_tool t ON t.id = n.tool_id
  WHERE t.programme_id = %(programme)s AND n.lent_on BETWEEN %(start)s AND %(end)s
UNION ALL SELECT 'households_present', '', '', COUNT(DISTINCT home) FROM (
  SELECT COALESCE((SELECT h.household_id FROM beneficiaries_householdmember h
      WHERE h.person_id = e.person_id AND (h.joined_on IS NULL OR h.joined_on <= %(end)s)
        AND (h.left_on IS NULL OR h.left_on > %(end)s) LIMIT 1), -e.person_id) AS home
  FROM beneficiaries_enrolment e
  WHERE e.programme_id = %(programme)s AND e.part = 'participant' AND e.entered_on <= %(end)s
    AND EXISTS (SELECT 1 FROM beneficiaries_attendance a
      JOIN programmes_session s ON s.id = a.session_id
      WHERE a.enrolment_id = e.id AND a.status = 'present' AND s.closed_at IS NOT NULL
        AND s.programme_id = %(programme)s AND s."on" BETWEEN %(start)s AND %(end)s)) homes
"""


def statements(month: str) -> tuple[str, ...]:
    """Return the statements; `month` reads the month of the day of a lot."""
    of_lot = _PRICE.format(value="price", on='l."on"')
    of_line = _PRICE.format(value="price", on='m."on"')
    source = _PRICE.format(value="source", on='m."on"')
    return (
        _LOTS.format(month=month, price=of_lot),
        _MOVEMENTS.format(price=of_line, source=source),
        _GIVEN,
        _KEPT,
    )
