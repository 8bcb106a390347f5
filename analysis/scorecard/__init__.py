"""How well the interviewer interviewed: measures of a transcript, for one interview, a survey, and arms, models and languages side by side."""
