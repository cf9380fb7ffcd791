"""Which inquiry goes where, and what can be wrong with the rules that say so."""
