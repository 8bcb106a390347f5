"""Codes proposed from interviews, for a researcher to accept, edit, merge or refuse; and how many more interviews would bring new ones."""
