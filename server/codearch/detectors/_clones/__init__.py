"""Finding code that was copied: tokens, prints, matches, families, and what is said of them."""
