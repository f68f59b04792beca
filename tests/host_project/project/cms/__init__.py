"""The project of a clinic that is not ours; it happens to have the same name as ours."""
