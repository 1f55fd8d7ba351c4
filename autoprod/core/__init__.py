"""What every floor stands on: scopes, fields, pages, documents; no business model."""
