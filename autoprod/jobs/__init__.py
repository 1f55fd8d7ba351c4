"""Long work outside of requests: jobs with an owner, a progress, a result, that survive a crash."""
