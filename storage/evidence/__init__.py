"""The evidence of an incident: the package that is given to others, and what shows that it is whole."""
