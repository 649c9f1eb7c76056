"""The pipe in: what a provider sent is stored, understood and routed before it gets its 200."""
