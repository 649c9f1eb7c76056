"""Everything on its way out, to clients and to managers, as rows."""
