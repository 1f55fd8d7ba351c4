"""Every read of a page goes through the scope."""

import pytest

from tests.house import links, reads
from tests.house.tree import PROJECT, Tree

_NAMES = frozenset({"plots", "sites"})


def _found(root, code: str, name: str = "gardens/views.py") -> list[str]:
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(code)
    tree = Tree(root)
    return reads.unscoped_reads(tree) + reads.related_reads(tree, _NAMES)


def test_pages_read_through_the_scope():
    assert reads.unscoped_reads(PROJECT) == []


def test_pages_use_no_related_manager():
    assert reads.related_reads(PROJECT, reads.accessors(links.our_models())) == []


def test_templates_use_no_related_manager():
    names = reads.accessors(links.our_models())
    assert reads.related_reads_in_templates(PROJECT, names) == []


def test_accessors_are_those_of_the_models():
    names = reads.accessors(links.our_models())
    assert {"editions", "sites", "programmes", "partnerships", "versions"} <= names
    assert not {"programme", "territory", "+"} & names


def test_the_rooms_of_pages_are_read():
    names = {source.name for source in reads.rooms_of_pages(PROJECT)}
    assert {"programmes/views/sites.py", "programmes/forms/sites.py"} <= names
    assert "programmes/models/sites.py" not in names


@pytest.mark.parametrize(
    "code",
    [
        "rows = Plot.objects.all()",
        "rows = Plot.objects.filter(pk=1).for_scope(s, a)",
        "rows = Plot.objects",
        "f(Plot.objects)",
        "scoped = Plot.objects.for_scope",
        "rows = Plot._base_manager.none()",
        "rows = Plot._default_manager",
        "rows = getattr(Plot, 'objects')",
        "rows = AuditEvent.objects.all()",
        "rows = Plot.objects.owned_by(user)",
        "scope = Scope.everything(reason='x')",
        "from django.db import connection",
        "n = site.plots.count()",
        "rows = self.object.plots.for_scope(s, a)",
        "rows = Site.objects.for_scope(s, a).prefetch_related('plots')",
    ],
)
def test_a_breach_is_seen(tmp_path, code):
    assert len(_found(tmp_path, code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "rows = Plot.objects.for_scope(scope, Action.VIEW).of(site)",
        "rows = models.Plot.objects.for_scope(scope, action)",
        "field.queryset = Plot.objects.none()",
        "rows = AuditEvent.objects.for_territories(keys)",
        "rows = Job.objects.owned_by(user)",
        "keys = scope.sites.get(action) or self.scope.sites.keys()",
        "name = plot.site.name",
        "from django.db import transaction",
    ],
)
def test_a_scoped_read_passes(tmp_path, code):
    assert _found(tmp_path, code) == []


@pytest.mark.parametrize(
    "room", ["forms", "imports", "exports", "documents", "panels", "navigation", "views/plots"]
)
def test_each_room_of_pages_is_read(tmp_path, room):
    assert _found(tmp_path, "rows = Plot.objects.all()", f"gardens/{room}.py")


@pytest.mark.parametrize("room", ["models/plots", "services/plots", "access"])
def test_rooms_below_are_free(tmp_path, room):
    assert _found(tmp_path, "rows = Plot.objects.all()", f"gardens/{room}.py") == []


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("{% for plot in site.plots.all %}{% endfor %}", 1),
        ("{{ site.plots.count }}", 1),
        ("{{ plots.count }} {{ site.plots_label }} site.plots.all", 0),
    ],
)
def test_templates_are_read(tmp_path, html, count):
    path = tmp_path / "templates" / "list.html"
    path.parent.mkdir()
    path.write_text(html)
    assert len(reads.related_reads_in_templates(Tree(tmp_path), _NAMES)) == count
