"""Well-known public help lines, none of them checked: researchers do that before they interview people."""

from django.db import migrations

# Country, language, name, phone or text, web page.
LINES = [
    ("", "", "Find A Helpline", "", "https://findahelpline.com"),
    ("", "", "Befrienders Worldwide", "", "https://befrienders.org"),
    ("AR", "es", "Línea Nacional de Salud Mental", "0800 999 0091", ""),
    ("AT", "de", "TelefonSeelsorge", "142", "https://www.telefonseelsorge.at"),
    ("AU", "en", "Lifeline", "13 11 14", "https://www.lifeline.org.au"),
    ("BD", "bn", "কান পেতে রই", "09612 119911", "https://kaanpeteroi.org"),
    ("BE", "fr", "Centre de Prévention du Suicide", "0800 32 123", "https://www.preventionsuicide.be"),
    ("BE", "nl", "Zelfmoordlijn", "1813", "https://www.zelfmoord1813.be"),
    ("BR", "pt", "CVV – Centro de Valorização da Vida", "188", "https://cvv.org.br"),
    ("CA", "en", "9-8-8: Suicide Crisis Helpline", "988", "https://988.ca"),
    ("CA", "fr", "9-8-8 : Ligne d’aide en cas de crise de suicide", "988", "https://988.ca/fr"),
    ("CH", "de", "Die Dargebotene Hand", "143", "https://www.143.ch"),
    ("CH", "fr", "La Main Tendue", "143", "https://www.143.ch/fr"),
    ("CH", "it", "Telefono Amico", "143", "https://www.143.ch/it"),
    ("CL", "es", "Línea de Prevención del Suicidio", "*4141", ""),
    ("CN", "zh-hans", "全国统一心理援助热线", "12356", ""),
    ("CO", "es", "Línea 106", "106", ""),
    ("CZ", "cs", "Linka první psychické pomoci", "116 123", "https://linkapsychickepomoci.cz"),
    ("DE", "de", "TelefonSeelsorge", "0800 1110111", "https://www.telefonseelsorge.de"),
    ("DK", "da", "Livslinien", "70 201 201", "https://www.livslinien.dk"),
    ("EG", "ar", "الخط الساخن للأمانة العامة للصحة النفسية", "16328", ""),
    ("ES", "es", "Línea 024", "024", "https://www.sanidad.gob.es/linea024"),
    ("FI", "fi", "MIELI Kriisipuhelin", "09 2525 0111", "https://mieli.fi"),
    ("FR", "fr", "3114 – numéro national de prévention du suicide", "3114", "https://3114.fr"),
    ("GB", "en", "Samaritans", "116 123", "https://www.samaritans.org"),
    ("GR", "el", "Γραμμή Παρέμβασης για την Αυτοκτονία", "1018", "https://suicide-help.gr"),
    ("HK", "zh-hant", "香港撒瑪利亞防止自殺會", "2389 2222", "https://sbhk.org.hk"),
    ("HU", "hu", "S.O.S. Telefonos Lelki Elsősegély", "116 123", "https://sos116-123.hu"),
    ("ID", "id", "Layanan Sejiwa", "119 ext 8", ""),
    ("IE", "en", "Samaritans", "116 123", "https://www.samaritans.org/ireland"),
    ("IL", "he", "ער״ן", "1201", "https://www.eran.org.il"),
    ("IN", "", "Tele-MANAS", "14416", "https://telemanas.mohfw.gov.in"),
    ("IT", "it", "Telefono Amico Italia", "02 2327 2327", "https://www.telefonoamico.it"),
    ("JP", "ja", "よりそいホットライン", "0120 279 338", "https://www.since2011.net/yorisoi"),
    ("KE", "", "Befrienders Kenya", "0722 178 177", "https://www.befrienderskenya.org"),
    ("KR", "ko", "자살예방 상담전화", "109", ""),
    ("LB", "ar", "Embrace – خط الحياة", "1564", "https://embracelebanon.org"),
    ("MX", "es", "Línea de la Vida", "800 911 2000", "https://www.gob.mx/lineadelavida"),
    ("MY", "", "Befrienders KL", "03 7627 2929", "https://www.befrienders.org.my"),
    ("NG", "en", "SURPIN", "0908 021 7555", ""),
    ("NL", "nl", "113 Zelfmoordpreventie", "113", "https://www.113.nl"),
    ("NO", "nb", "Mental Helse Hjelpetelefonen", "116 123", "https://mentalhelse.no"),
    ("NZ", "en", "1737", "1737", "https://1737.org.nz"),
    ("PE", "es", "Línea 113, opción 5", "113", ""),
    ("PH", "", "NCMH Crisis Hotline", "1553", ""),
    ("PK", "", "Umang", "0311 7786264", ""),
    ("PL", "pl", "Centrum Wsparcia dla Osób Dorosłych w Kryzysie Psychicznym", "800 70 2222", "https://centrumwsparcia.pl"),
    ("PT", "pt", "SNS 24", "808 24 24 24", "https://www.sns24.gov.pt"),
    ("RU", "ru", "Телефон доверия", "8 800 2000 122", "https://telefon-doveria.ru"),
    ("SA", "ar", "المركز الوطني لتعزيز الصحة النفسية", "920033360", "https://ncmh.org.sa"),
    ("SE", "sv", "Mind Självmordslinjen", "90101", "https://mind.se"),
    ("SG", "", "Samaritans of Singapore", "1767", "https://www.sos.org.sg"),
    ("TH", "th", "สายด่วนสุขภาพจิต", "1323", ""),
    ("TR", "tr", "ALO 183 Sosyal Destek Hattı", "183", ""),
    ("TW", "zh-hant", "安心專線", "1925", ""),
    ("UA", "uk", "Lifeline Ukraine", "7333", "https://lifelineukraine.com"),
    ("US", "en", "988 Suicide & Crisis Lifeline", "988", "https://988lifeline.org"),
    ("US", "es", "988 Línea de Prevención del Suicidio y Crisis", "988", "https://988lifeline.org/es"),
    ("VN", "vi", "Đường dây nóng Ngày Mai", "096 306 1414", ""),
    ("ZA", "", "SADAG", "0800 567 567", "https://www.sadag.org"),
]


def write(apps, schema_editor):
    resource = apps.get_model("surveys", "SupportResource")
    fields = ("country", "language", "name", "contact", "url")
    resource.objects.bulk_create(resource(**dict(zip(fields, line))) for line in LINES)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0011_support")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
