"""An update backs up before it changes the base, and changes nothing when nothing is missing."""

import pytest

from autoprod.operating import upgrading

pytestmark = pytest.mark.long


def archives(place) -> int:
    """Return how many backups the installation has."""
    return len(list((place.data / "backups").glob("autoprod-*.zip")))


def forget_an_application(place) -> None:
    """Leave the base as before an update that brings tables."""
    place.query("DELETE FROM django_migrations WHERE app = 'otp_static'")
    place.query("DROP TABLE otp_static_statictoken")
    place.query("DROP TABLE otp_static_staticdevice")


def test_an_update_backs_up_then_migrates(place):
    forget_an_application(place)

    said = place.run("update_installation")

    assert said.index("sauvegarde avant mise à jour") < said.index("base mise à jour")
    assert said.rstrip().endswith("installation à jour")
    assert archives(place) == 1
    assert "otp_static_staticdevice" in place.tables()
    assert (place.data / "static" / "staticfiles.json").exists()


def test_an_update_stops_when_the_backup_fails(place):
    forget_an_application(place)
    (place.data / "backups").write_text("a file where the folder should be")

    said = place.refused("update_installation")

    assert "Rien n’a été mis à jour" in said
    assert "otp_static_staticdevice" not in place.tables()


@pytest.mark.django_db
def test_nothing_to_update_leaves_no_backup(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path

    assert list(upgrading.bring_up_to_date()) == []

    assert list(tmp_path.iterdir()) == []
