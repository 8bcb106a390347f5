"""How often simulated people hope, fear and speak what: the tables that profiles are drawn from.

Shares follow those published for a study of about 81,000 interviews. That regions lean to some hopes and fears, and that the
general attitude differs between them, is invented so that a map has something to show: it says nothing about the people there.
"""

# Shares in per cent. One hope and one kind of help a person; fears are drawn independently of each other.
HOPES = {
    "professional_excellence": 18.8,
    "personal_transformation": 13.7,
    "life_management": 13.5,
    "time_freedom": 11.1,
    "financial_independence": 9.7,
    "societal_transformation": 9.4,
    "entrepreneurship": 8.7,
    "learning_growth": 8.4,
    "creative_expression": 5.6,
    "none": 1.1,
}
DELIVERED = {
    "productivity": 32.0,
    "has_not": 18.9,
    "cognitive_partnership": 17.2,
    "learning": 9.9,
    "technical_accessibility": 8.7,
    "research_synthesis": 7.2,
    "emotional_support": 6.1,
}
# The last six shares are guesses that bring the mean to 2.3 fears a person.
FEARS = {
    "unreliability": 26.7,
    "jobs_economy": 22.3,
    "autonomy_agency": 21.9,
    "cognitive_atrophy": 16.3,
    "governance": 14.7,
    "misinformation": 13.6,
    "surveillance_privacy": 13.1,
    "malicious_use": 13.0,
    "meaning_creativity": 11.7,
    "over_restriction": 11.7,
    "wellbeing_dependency": 11.2,
    "sycophancy": 10.8,
    "existential_risk": 6.7,
    "bias": 8.0,
    "environment": 6.5,
    "ip_data": 6.0,
    "children": 5.5,
    "democracy": 5.3,
    "geopolitics": 5.0,
}
SENTIMENT = {1: 2.0, 2: 6.0, 3: 10.0, 4: 15.0, 5: 30.0, 6: 27.0, 7: 10.0}
# Most people are plain or talkative; the rest are there to be coped with.
MANNERS = {
    "talkative": 52.0,
    "plain": 24.0,
    "terse": 10.0,
    "rambling": 5.0,
    "refusing": 3.0,
    "off_topic": 2.0,
    "switching": 2.0,
    "hostile": 1.0,
    "nonsense": 1.0,
}
AGE_BANDS = {"18-24": 18.0, "25-34": 32.0, "35-44": 23.0, "45-54": 14.0, "55-64": 8.0, "65+": 5.0}
GENDERS = {"woman": 46.0, "man": 48.0, "non-binary": 2.0, "": 4.0}  # empty: not told
# fmt: off
OCCUPATIONS = (
    "accountant", "baker", "bus driver", "carpenter", "civil servant", "cook", "designer", "electrician", "engineer", "farmer", "lawyer",
    "mechanic", "musician", "nurse", "office clerk", "physician", "researcher", "sales assistant", "shop owner", "social worker",
    "software developer", "teacher", "translator", "writer",
)
# fmt: on
MOST_FEARS = 5

# Region → code → factor on its share. Invented.
HOPES_LEAN: dict[str, dict[str, float]] = {
    "Western Europe": {"time_freedom": 1.3, "life_management": 1.1},
    "East Asia": {"creative_expression": 1.4, "financial_independence": 1.2},
    "Latin America": {"learning_growth": 1.3, "entrepreneurship": 1.2},
    "South Asia": {"learning_growth": 1.5, "financial_independence": 1.3},
    "South-East Asia": {"entrepreneurship": 1.4, "financial_independence": 1.2},
    "Sub-Saharan Africa": {"entrepreneurship": 1.8, "societal_transformation": 1.3},
    "Middle East": {"personal_transformation": 1.2},
}
FEARS_LEAN: dict[str, dict[str, float]] = {
    "Western Europe": {"surveillance_privacy": 1.3, "environment": 1.4},
    "East Asia": {"unreliability": 1.15, "jobs_economy": 0.9},
    "Latin America": {"cognitive_atrophy": 1.2, "bias": 1.3},
    "South Asia": {"jobs_economy": 1.3, "bias": 1.5},
    "Middle East": {"geopolitics": 1.8, "bias": 1.5},
    "Sub-Saharan Africa": {"bias": 1.9, "malicious_use": 1.3},
}
POSITIVE_LEAN = {
    "Western Europe": 0.85,
    "South Asia": 1.5,
    "Sub-Saharan Africa": 1.5,
    "South-East Asia": 1.3,
    "Latin America": 1.2,
    "East Asia": 0.9,
}
