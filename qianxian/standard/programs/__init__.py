"""How each type of value is cleaned and checked, written once in `standard.expressions`."""
