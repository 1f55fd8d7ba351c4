"""What leaves the service: results with their small counts hidden."""

from collections.abc import Sequence
from dataclasses import replace

from evaluation import privacy
from evaluation.indicators.registry import Dimension
from evaluation.results.values import Part, Result

NOT_GIVEN = "non diffusé"


def published(result: Result, *, threshold: int, is_year: bool) -> Result:
    """Return the result as a committee may read it.

    A count of persons under the threshold is not given. A table by a personal characteristic is
    given for a whole year only, its small values regrouped: empty when they cannot be. Events are
    given as they are.
    """
    parts = {
        name: _table(lines, result, result.dimensions[name], threshold)
        for name, lines in result.parts.items()
        if _is_given(result.dimensions[name], is_year=is_year)
    }
    result = replace(result, parts=parts)
    if result.definition.protected and privacy.is_small(result.value, threshold):
        return replace(result, value=None, hidden=_under(threshold), parts={})
    if _tells_of_few(result, threshold):
        return replace(result, value=None, hidden=NOT_GIVEN, parts={})
    return result


def _tells_of_few(result: Result, threshold: int) -> bool:
    """Tell whether the value or the rest of its whole is a small count of people."""
    if result.whole is None or result.definition.unit.is_of_things:
        return False
    return not privacy.may_show(result.value, result.whole, threshold)


def _is_given(dimension: Dimension, *, is_year: bool) -> bool:
    return not dimension.is_internal and (is_year or not dimension.is_characteristic)


def _under(threshold: int) -> str:
    return f"moins de {threshold}"


def _table(
    lines: Sequence[Part], result: Result, dimension: Dimension, threshold: int
) -> list[Part]:
    if not dimension.is_characteristic:
        return [_named(part, result, threshold) for part in lines]
    if dimension.is_multiple:
        return [_shown_or_not(part, threshold) for part in lines]
    known = [part for part in lines if not part.is_unknown]
    groups = privacy.regroup([part.value for part in known], threshold)
    if dimension.is_ordered:
        groups = sorted(groups, key=lambda group: group.members)
    if known and not groups:
        return []
    shown = [_group([known[i] for i in g.members], g, dimension, threshold) for g in groups]
    # How many are unknown says nothing of anybody: the line is always printed.
    return shown + [part for part in lines if part.is_unknown]


def _named(part: Part, result: Result, threshold: int) -> Part:
    if result.definition.protected and privacy.is_small(part.value, threshold):
        return replace(part, value=None, hidden=_under(threshold))
    return part


def _shown_or_not(part: Part, threshold: int) -> Part:
    if privacy.may_show(part.value, part.whole, threshold):
        return part
    return replace(part, value=None, keys=(), hidden=NOT_GIVEN)


def _group(
    parts: Sequence[Part], group: privacy.Group, dimension: Dimension, threshold: int
) -> Part:
    if len(parts) == 1:
        return parts[0]
    label, short = " / ".join(p.label for p in parts), " / ".join(p.name for p in parts)
    if not dimension.is_ordered:
        words = dimension.regrouped if group.is_all_small else "{count} valeurs regroupées"
        label = short = words.format(count=len(parts), threshold=threshold)
    return Part(
        label=label,
        short=short,
        rank=parts[0].rank,
        value=group.total,
        whole=parts[0].whole,
        unit=parts[0].unit,
        keys=tuple(part.keys[0] for part in parts),
        is_regrouped=True,
    )
