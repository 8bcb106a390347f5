"""Work of the analysis that a researcher starts and watches: interview by interview, stopped and resumed at will, within the survey's budget."""
