"""The journal: who did what, when, to which record; rows are only ever added."""
