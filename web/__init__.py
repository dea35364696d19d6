"""Who may look: pages, exports, accounts and the audit log."""
