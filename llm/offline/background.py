"""What any answer in a language looks like: neutral sentences whose mean is taken away, so that meaning is compared and not language."""

NEUTRAL: dict[str, tuple[str, ...]] = {
    "en": ("I would like something like that.", "I worry about it a little.", "It is a question that people often talk about."),
    "es": ("Me gustaría algo así.", "Me preocupa un poco.", "Es una cuestión de la que se habla mucho."),
    "fr": ("J'aimerais quelque chose comme ça.", "Cela m'inquiète un peu.", "C'est une question dont on parle souvent."),
    "de": ("So etwas hätte ich gern.", "Das macht mir ein wenig Sorgen.", "Das ist eine Frage, über die oft gesprochen wird."),
    "pt": ("Eu gostaria de algo assim.", "Isso me preocupa um pouco.", "É uma questão de que se fala muito."),
    "it": ("Vorrei qualcosa del genere.", "Mi preoccupa un po'.", "È una questione di cui si parla spesso."),
    "ar": ("أود شيئاً كهذا.", "هذا يقلقني قليلاً.", "إنها مسألة يتحدث الناس عنها كثيراً."),
    "hi": ("मुझे ऐसा कुछ चाहिए।", "मुझे इसकी थोड़ी चिंता है।", "यह एक ऐसा सवाल है जिस पर लोग अक्सर बात करते हैं।"),
    "bn": ("আমি এমন কিছু চাই।", "এটা নিয়ে আমার একটু চিন্তা হয়।", "এটি এমন একটি প্রশ্ন যা নিয়ে মানুষ প্রায়ই কথা বলে।"),
    "zh-hans": ("我想要这样的东西。", "我有一点担心。", "这是人们经常谈论的问题。"),
    "zh-hant": ("我想要這樣的東西。", "我有一點擔心。", "這是人們經常談論的問題。"),
    "ja": ("そのようなものがほしいです。", "少し心配です。", "よく話題になる問題です。"),
    "ko": ("그런 것이 있으면 좋겠어요.", "조금 걱정이 됩니다.", "사람들이 자주 이야기하는 문제입니다."),
    "ru": ("Мне бы хотелось чего-то такого.", "Меня это немного беспокоит.", "Об этом вопросе часто говорят."),
    "id": ("Saya ingin sesuatu seperti itu.", "Saya sedikit khawatir tentang itu.", "Ini pertanyaan yang sering dibicarakan orang."),
    "sw": ("Ningependa kitu kama hicho.", "Jambo hilo linanitia wasiwasi kidogo.", "Ni suala ambalo watu hulizungumzia mara nyingi."),
    "tr": ("Böyle bir şey isterdim.", "Bu beni biraz endişelendiriyor.", "Bu, insanların sık sık konuştuğu bir konu."),
    "vi": ("Tôi muốn một thứ như vậy.", "Tôi hơi lo về điều đó.", "Đây là vấn đề mà mọi người thường nói đến."),
}
