"""`pult bench`: measures this machine's Pult against floors taken in the same run."""
