"""The parts of ``treatments.comparison.documents``: labels, plain texts, places, alignments."""
