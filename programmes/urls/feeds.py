"""URLs of calendar feeds: one's own page, and the secret address that a calendar reads."""

from django.urls import path

from programmes.views import feeds

urlpatterns = [
    path(
        "actions/<int:programme>/mon-calendrier/",
        feeds.CalendarFeedPage.as_view(),
        name="calendar_feed",
    ),
    path(
        "actions/<int:programme>/mon-calendrier/retirer/",
        feeds.calendar_feed_revoke,
        name="calendar_feed_revoke",
    ),
    # The request log writes this line, never the secret.
    path("calendrier/<slug:secret>.ics", feeds.calendar_feed_read, name="calendar_feed_read"),
]
