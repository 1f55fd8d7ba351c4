"""The demo's gardens and all that is known of them on a day, in the order it depends on."""

from datetime import date, datetime

from gardens.management.demo import crops, food, gardens, harvests, hives, operations, plots, tools
from programmes.models import Programme


def load(*, programme: Programme, years: list[int], on: date, until: datetime) -> None:
    """Create what is missing of the gardens of these years, up to the day of the demo.

    `until` is the instant of that day the visitor arrives at: nothing is done after it.
    """
    there = gardens.load(programme=programme, on=on)
    plots.load(programme=programme, gardens=there, on=on)
    crops.load(programme=programme, gardens=there, years=years, on=on)
    operations.load(programme=programme, gardens=there, years=years, on=on)
    harvests.load(programme=programme, on=on, until=until)
    hives.load(programme=programme, years=years, on=on)
    tools.load(programme=programme, on=on)
    food.load(programme=programme, on=on)
