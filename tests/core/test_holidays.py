"""Public holidays: eleven known days, and no other one."""

from datetime import date, timedelta

from autoprod.core.holidays import holiday

#: The calendar of 2016, read from a printed one.
OF_2016 = {
    date(2016, 1, 1): "Jour de l’an",
    date(2016, 3, 28): "Lundi de Pâques",
    date(2016, 5, 1): "Fête du Travail",
    date(2016, 5, 5): "Ascension",
    date(2016, 5, 8): "Fête de la Victoire",
    date(2016, 5, 16): "Lundi de Pentecôte",
    date(2016, 7, 14): "Fête nationale",
    date(2016, 8, 15): "Assomption",
    date(2016, 11, 1): "Toussaint",
    date(2016, 11, 11): "Armistice",
    date(2016, 12, 25): "Noël",
}
#: Easter Sunday at its earliest and latest of these years (Observatoire de Paris).
EASTERS = (date(2008, 3, 23), date(2011, 4, 24), date(2024, 3, 31), date(2026, 4, 5))


def test_a_year_has_its_eleven_holidays_and_no_other():
    year = [date(2016, 1, 1) + timedelta(days=n) for n in range(366)]
    assert {day: name for day in year if (name := holiday(day))} == OF_2016


def test_the_moving_holidays_follow_easter():
    for easter in EASTERS:
        assert holiday(easter + timedelta(days=1)) == "Lundi de Pâques"
        assert holiday(easter + timedelta(days=50)) == "Lundi de Pentecôte"
        # Ascension may be a fixed holiday too: in 2008 it was on the first of May.
        assert "Ascension" in holiday(easter + timedelta(days=39))


def test_good_friday_is_worked_in_most_of_the_country():
    assert holiday(date(2016, 3, 25)) == ""
