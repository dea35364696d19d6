"""The registry: cameras, roads, accounts, cases, questions and the audit log, in SQL."""
