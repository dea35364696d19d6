"""A route on paper: spreadsheet, map files and PDF; what is inferred says so."""
