"""Reference content that treatment articles point at: glossary terms, references, contributors, conditions."""
