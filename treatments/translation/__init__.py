"""Safe translation with wagtail-localize: submit, stage, publish. Nothing of it reaches readers unfinished."""
