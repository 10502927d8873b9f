"""One clause of the deal a file: lease, workout, accounts, waterfall; the deal month."""
