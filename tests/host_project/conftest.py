"""The tests of the other project run in that project, not here."""

collect_ignore = ["project"]
