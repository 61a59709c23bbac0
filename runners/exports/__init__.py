"""Everything out: what Limber has of a person in one archive, for people and for programs.

`parts` says what of each table is taken along, `logs` which tables those of the logs are (guidance
has its own), `archive` writes it, `jobs` does so in the background.
"""
