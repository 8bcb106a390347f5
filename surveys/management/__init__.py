"""The surveys app's commands."""
