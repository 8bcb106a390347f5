"""Small cells: which counts may leave the server, so that none of the others can be worked out from them. Pure but for `viewing`."""
