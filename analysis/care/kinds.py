"""The kinds of evidence: what each is, what its figure says, and what else it may mean."""

from django.db.models import TextChoices


class Kind(TextChoices):
    DUPLICATE = "duplicate", "Nearly the same as another person's answer"
    PASTED = "pasted", "Mostly pasted"
    REPEATED = "repeated", "The same answer twice"
    SAME_POINT = "same_point", "The same point on every scale"
    HURRIED = "hurried", "Faster than reading and typing take"
    TYPED_FAST = "typed_fast", "Typed faster than people type"
    INSTANT = "instant", "A long answer at once"
    UNUSUAL_PACE = "unusual_pace", "Far faster than others in this survey"


MEANINGS = {
    Kind.DUPLICATE: "What two people's answers share, letter by letter. People who read the same text or help each other write alike too.",
    Kind.PASTED: "The share of the answer that was pasted. People also paste what they wrote elsewhere or had translated.",
    Kind.REPEATED: "Another answer in the same interview has the same words. Where a question is put again, so is its answer.",
    Kind.SAME_POINT: "All scales have the same answer. It can be the person's opinion.",
    Kind.HURRIED: "Seconds from the question's first words to sending. Whoever knew what was coming, or lets the keyboard predict, is fast.",
    Kind.TYPED_FAST: "Characters typed a second. Dictation, text expansion and assistive technology look the same.",
    Kind.INSTANT: "Seconds to a whole answer. What was prepared, dictated elsewhere or filled in by a browser comes at once.",
    Kind.UNUSUAL_PACE: "Words read and written a second, against the fastest hundredth of the answers in the language by then.",
}
_SENTENCES = {
    Kind.DUPLICATE: "{figure:.0%} alike; shown from {bound:.0%}",
    Kind.PASTED: "{figure:.0%} of the answer was pasted; shown from {bound:.0%}",
    Kind.REPEATED: "the same words as an earlier answer of this person",
    Kind.SAME_POINT: "{figure:.0f} scales, one answer; shown from {bound:.0f} scales",
    Kind.HURRIED: "sent after {figure:.1f} s in view; reading and typing take at least {bound:.1f} s",
    Kind.TYPED_FAST: "{figure:.0f} characters a second; shown above {bound:.0f}",
    Kind.INSTANT: "sent after {figure:.1f} s in view; shown below {bound:.1f} s",
    Kind.UNUSUAL_PACE: "{figure:.1f} words a second; shown above {bound:.1f}",
}


def explain(kind: str, figure: float, bound: float) -> str:
    """The figure and its bound, as words."""
    return _SENTENCES[Kind(kind)].format(figure=figure, bound=bound)
