"""What people do on any page: press, follow, log in, go from one place to the next by keyboard."""

from tests.journeys.browser import Page, check

#: Nothing useful is further than this many tabulations from the top of a page.
FURTHEST = 80
_FOCUSED = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return [here.textContent.trim() || here.name || "", seen];
}"""


def press(page: Page, name: str) -> None:
    """Press a button that leads to a page, and look at that page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    check(page)


def follow(page: Page, name: str) -> None:
    """Follow a link and look at the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).click()
    check(page)


def type_login(page: Page, email: str, password: str) -> None:
    """Fill the login page and send it; whoever calls looks at the answer."""
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has these words has the focus, and see that the focus shows."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        text, seen = page.evaluate(_FOCUSED)
        if text == words:
            assert seen, f"the focus on {words!r} cannot be seen"
            return
    raise AssertionError(f"{words!r} is out of reach of the keyboard")
