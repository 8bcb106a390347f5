"""What it means: languages, codebooks, codings, quotes, prevalence, findings, exports."""
