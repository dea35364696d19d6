"""Pages: one module and one blueprint for each."""
