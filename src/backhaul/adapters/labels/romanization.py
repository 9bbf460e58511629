"""How foreign letters are written in Latin ones, without special signs: for labels, not for linguists.

Cyrillic after the passport rules of ICAO Doc 9303 where languages agree, Greek letter by letter after ELOT
743, Hebrew and Arabic consonant by consonant, since their short vowels are not written in the first place.
"""

# Each word is one small letter followed by its spelling, which may be empty.
_LATIN = "ßss æae œoe øo đd ðd þth łl ħh ıi ŋn ŧt ĸk əe ƒf"
_GREEK = "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo"
_CYRILLIC = (
    "аa бb вv гg дd еe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юiu яia "
    "ёe єie іi їi ґg ўu ђdj јj љlj њnj ћc џdz ѓg ќk ѕdz қk ғg ңn өo ұu үu һh әa"
)
_HEBREW = "אa בb גg דd הh וv זz חh טt יy ךk כk לl םm מm ןn נn סs עa ףf פp ץts צts קk רr שsh תt"
_ARABIC = (
    "ء آa أa ؤu إi ئi اa بb ةa تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz عa غgh فf قq كk لl مm نn هh "
    "وw ىa يy پp چch ژzh گg کk یy ٱa"
)

_SIGNS = {
    "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "·": "-", "ー": "", "・": " ", "、": ", ", "。": ". ",
    "№": "No. ", "°": " ", "º": "o", "ª": "a", "€": "EUR", "£": "GBP", "×": "x", "÷": "/", "¿": "", "¡": "",
}  # fmt: skip

SPELLINGS = {
    word[0]: word[1:] for table in (_LATIN, _GREEK, _CYRILLIC, _HEBREW, _ARABIC) for word in table.split()
} | _SIGNS
