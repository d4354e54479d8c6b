"""Titles as creators type them: Korean and English, long and short, some without a clear theme."""

TITLES = (
    "비 오는 날 카페에서 듣는 재즈",
    "late night city drive",
    "신나는 여름 바다 드라이브",
    "songs for a sleepless dawn",
    "90년대 감성 발라드",
    "cozy christmas morning",
    "헬스장에서 듣는 힙합",
    "lo-fi beats to study to",
    "벚꽃 필 때 듣는 설레는 노래",
    "80s synth-pop for the highway",
    "퇴근길 시티팝",
    "sad songs after a breakup",
    "트로트 메들리",
    "a midsummer night's party",
    "잠들기 전에 듣는 피아노",
    "rainy window jazz 🎧",
    "요즘 뜨는 케이팝",
    "campfire folk under the stars",
    "가을 저녁, 혼자 걷는 길",
    "music",
)
