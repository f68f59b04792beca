"""The admin of draft links: sharing, the links of an article, the report of all."""
