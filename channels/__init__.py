"""One folder per client channel; each keeps the contract of `routing.contracts`."""
