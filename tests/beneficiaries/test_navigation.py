"""The menu: whatever page of a person is open, one entry of it is marked."""

from django.urls import URLResolver, get_resolver

from autoprod.core.navigation import entry_of


def names_of_pages_of_a_person(resolver: URLResolver, before: str = "") -> list[str]:
    """Return the names of the addresses that start with a person or one of their stays."""
    names = []
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            names += names_of_pages_of_a_person(one, path)
        elif path.startswith(("personnes/", "inscriptions/", "entretiens/", "freins/")):
            names.append(f"beneficiaries:{one.name}")
    return names


def test_every_page_of_a_person_stands_under_an_entry_of_the_menu():
    names = names_of_pages_of_a_person(get_resolver())
    assert len(names) > 40
    assert [name for name in names if entry_of(name) is None] == []
    assert entry_of("beneficiaries:interview_create").label == "Personnes"
