"""How far somebody is: what counts, what of it is done, what is still to do."""
