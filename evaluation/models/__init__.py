"""Models of evaluation."""

from evaluation.models.reports import Report, ReportNote

__all__ = ["Report", "ReportNote"]
