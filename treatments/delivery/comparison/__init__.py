"""The parts of ``treatments.delivery.differences``: labels, plain texts, places, alignments."""
