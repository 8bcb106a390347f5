"""A participant who tells of distress or danger: how it is noticed, what is shown to them, who is told.

The phrases that are looked for stand in `interviewer/safety_words/`, one file a language; they work without a model.
"""
