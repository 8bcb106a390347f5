"""A guide with every kind of question in three scripts, to test with."""

from surveys.guide import Guide

SOURCE = """\
format: colloquy-guide/1
title: Tools at work
goal: |-
  What tools change.

  And what they do not.
hypotheses:
  - 'Yes: people hope'
  - People fear
languages: [en, ar, ja]
analysis_language: de
texts:
  en:
    title: Tools at work
    introduction: |-
      Ten minutes.
      No right answers.
    consent: I agree.
    closing: Thank you.
  ar: {title: الأدوات في العمل, consent: "أوافق على المشاركة."}
  ja: {title: 職場の道具, consent: 同意します。, opening: こんにちは。}
order: random
arms:
  - {key: start_first, weight: 2, sections_first: [start]}
  - {key: calm, manner: Speak slowly., model: claude-test}
profile:
  - {field: country, required: true}
  - {field: age_band}
sections:
  - key: start
    title: The beginning
    questions:
      - key: last_use
        learn: A concrete occasion.
        probe_budget: 3
        wordings:
          en: {text: 'When did you last use one?', probes: ['What for?', 'And then?']}
          ar: {text: متى استخدمتها آخر مرة؟, probes: [لماذا؟]}
          ja: {text: 最後に使ったのはいつですか。}
      - key: often
        kind: single
        probe_budget: 0
        options: [yes, no]
        wordings:
          en: {text: Often?, options: ['Yes', 'No']}
          ar: {text: كثيرًا؟, options: [نعم, لا]}
          ja: {text: よく使いますか。, options: [はい, いいえ]}
      - key: which
        kind: multiple
        options: [text, image, other]
        ask_if:
          - {question: often, any_of: ['yes']}
          - {profile: country, any_of: [KE, DE]}
        wordings:
          en: {text: Which?, options: [Text, Images, Other]}
          ar: {text: أيها؟, options: [نص, صور, أخرى]}
          ja: {text: どれですか。, options: [文章, 画像, その他]}
  - key: weigh
    order: random
    questions:
      - key: trust
        kind: scale
        minimum: 1
        maximum: 7
        wordings:
          en: {text: How far do you trust it?, low: Not at all, high: Fully}
          ar: {text: إلى أي مدى تثق بها؟, low: أبدًا, high: تمامًا}
          ja: {text: どのくらい信頼していますか。, low: まったく, high: 完全に}
      - key: hours
        kind: number
        minimum: 0
        maximum: 168
        ask_if: [{question: trust, at_least: 3}]
        wordings:
          en: {text: How many hours a week?}
          ar: {text: كم ساعة في الأسبوع؟}
          ja: {text: 週に何時間ですか。}
"""


def _wordings(en: dict[str, object], ar: dict[str, object], ja: dict[str, object]) -> dict[str, object]:
    return {"en": en, "ar": ar, "ja": ja}


RICH = Guide.model_validate(
    {
        "title": "Tools at work",
        "goal": "What tools change.\n\nAnd what they do not.",
        "hypotheses": ["Yes: people hope", "People fear"],
        "languages": ["en", "ar", "ja"],
        "analysis_language": "de",
        "texts": {
            "en": {
                "title": "Tools at work",
                "introduction": "Ten minutes.\nNo right answers.",
                "consent": "I agree.",
                "closing": "Thank you.",
            },
            "ar": {"title": "الأدوات في العمل", "consent": "أوافق على المشاركة."},
            "ja": {"title": "職場の道具", "consent": "同意します。", "opening": "こんにちは。"},
        },
        "order": "random",
        "arms": [
            {"key": "start_first", "weight": 2, "sections_first": ["start"]},
            {"key": "calm", "manner": "Speak slowly.", "model": "claude-test"},
        ],
        "profile": [{"field": "country", "required": True}, {"field": "age_band"}],
        "sections": [
            {
                "key": "start",
                "title": "The beginning",
                "questions": [
                    {
                        "key": "last_use",
                        "learn": "A concrete occasion.",
                        "probe_budget": 3,
                        "wordings": _wordings(
                            {"text": "When did you last use one?", "probes": ["What for?", "And then?"]},
                            {"text": "متى استخدمتها آخر مرة؟", "probes": ["لماذا؟"]},
                            {"text": "最後に使ったのはいつですか。"},
                        ),
                    },
                    {
                        "key": "often",
                        "kind": "single",
                        "probe_budget": 0,
                        "options": ["yes", "no"],
                        "wordings": _wordings(
                            {"text": "Often?", "options": ["Yes", "No"]},
                            {"text": "كثيرًا؟", "options": ["نعم", "لا"]},
                            {"text": "よく使いますか。", "options": ["はい", "いいえ"]},
                        ),
                    },
                    {
                        "key": "which",
                        "kind": "multiple",
                        "options": ["text", "image", "other"],
                        "ask_if": [{"question": "often", "any_of": ["yes"]}, {"profile": "country", "any_of": ["KE", "DE"]}],
                        "wordings": _wordings(
                            {"text": "Which?", "options": ["Text", "Images", "Other"]},
                            {"text": "أيها؟", "options": ["نص", "صور", "أخرى"]},
                            {"text": "どれですか。", "options": ["文章", "画像", "その他"]},
                        ),
                    },
                ],
            },
            {
                "key": "weigh",
                "order": "random",
                "questions": [
                    {
                        "key": "trust",
                        "kind": "scale",
                        "minimum": 1,
                        "maximum": 7,
                        "wordings": _wordings(
                            {"text": "How far do you trust it?", "low": "Not at all", "high": "Fully"},
                            {"text": "إلى أي مدى تثق بها؟", "low": "أبدًا", "high": "تمامًا"},
                            {"text": "どのくらい信頼していますか。", "low": "まったく", "high": "完全に"},
                        ),
                    },
                    {
                        "key": "hours",
                        "kind": "number",
                        "minimum": 0,
                        "maximum": 168,
                        "ask_if": [{"question": "trust", "at_least": 3}],
                        "wordings": _wordings({"text": "How many hours a week?"}, {"text": "كم ساعة في الأسبوع؟"}, {"text": "週に何時間ですか。"}),
                    },
                ],
            },
        ],
    }
)
