"""What the pages of watchlists need: forms, words, files that were sent."""
