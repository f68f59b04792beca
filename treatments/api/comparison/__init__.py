"""The parts of ``treatments.api.differences``: labels, plain texts, places, alignments."""
