"""The street's desk and the supervisor's: what waits for a decision, whistles, rates, rulings, findings, the map."""
