"""People of companies and companies of people: lists, positions, the main one, requisites."""
