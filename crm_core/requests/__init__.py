"""Applications of people: from forms, lead services, orders, missed calls, or taken by hand."""
