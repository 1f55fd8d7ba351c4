"""The project and its kernel: settings, urls, and what every floor stands on."""
