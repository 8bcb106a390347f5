"""Planning a survey with a model's help: a guide drafted from its goal, its wordings translated; nothing is asked that no person approved."""
