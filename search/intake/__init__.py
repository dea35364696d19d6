"""The centre's side of sending: what devices send is checked, kept in a spool, and confirmed."""
