"""Settings, one module per way of running; `base` is safe for production."""
