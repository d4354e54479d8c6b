"""The words a scene is made of, and the English phrases that mean each of them."""

PLACES = ("city", "street", "sea", "mountain", "forest", "road", "cafe", "room", "fields", "lake")
INDOOR_PLACES = ("cafe", "room")
HOURS = ("dawn", "morning", "day", "sunset", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow", "fog")
SEASONS = ("spring", "summer", "autumn", "winter")
PALETTES = ("warm", "cool", "pastel", "neon", "vintage", "vivid")
ELEMENTS = (
    "moon",
    "stars",
    "blossoms",
    "leaves",
    "fireworks",
    "lanterns",
    "birds",
    "boat",
    "train",
    "car",
    "cat",
    "christmas tree",
    "balloons",
    "vinyl",
    "steam cup",
    "campfire",
    "lighthouse",
    "ferris wheel",
    "tent",
    "umbrella",
    "crescent",
)
ATTRIBUTES = {
    "place": PLACES,
    "hour": HOURS,
    "weather": WEATHERS,
    "season": SEASONS,
    "palette": PALETTES,
}

# How a prompt says a choice (`phrase_of`).
PHRASES = {
    "place": {
        "city": "a city skyline",
        "street": "a street of shops",
        "sea": "the sea",
        "mountain": "a mountain",
        "forest": "a forest",
        "road": "a road",
        "cafe": "a cafe window",
        "room": "a cosy room",
        "fields": "fields",
        "lake": "a lake",
    },
    "hour": {
        "dawn": "at dawn",
        "morning": "in the morning",
        "day": "by day",
        "sunset": "at sunset",
        "night": "at night",
    },
    "weather": {
        "clear": "under a clear sky",
        "cloudy": "under a cloudy sky",
        "rain": "in the rain",
        "snow": "in the snow",
        "fog": "in the fog",
    },
}

# Words that name a choice outright, besides the choice's own name.
SYNONYMS = {
    "place": {
        "city": "skyline skyscraper skyscrapers downtown urban metropolis tokyo seoul cityscape rooftop rooftops "
        "cyberpunk towers buildings",
        "street": "streets alley alleyway lane shops shop storefront market town village boulevard avenue",
        "sea": "ocean beach coast coastal seaside shore waves island tropical surf harbor harbour bay sand",
        "mountain": "mountains alps alpine peak peaks hills summit valley cabin volcano fuji",
        "forest": "woods woodland jungle trees grove pines bamboo",
        "road": "highway drive driving freeway roadtrip route motorway",
        "cafe": "café coffeehouse coffee bistro bakery bar teahouse",
        "room": "bedroom study desk livingroom home indoors studio apartment library studying",
        "fields": "field meadow meadows countryside farm farmland prairie lavender wheat grassland pasture",
        "lake": "pond lakeside river riverside lagoon",
    },
    "hour": {
        "dawn": "sunrise daybreak",
        "morning": "mornings breakfast",
        "day": "daytime noon midday afternoon daylight sunny sunshine",
        "sunset": "dusk evening twilight sundown golden-hour",
        "night": "midnight nighttime nocturnal nights late-night",
    },
    "weather": {
        "clear": "cloudless sunny",
        "cloudy": "clouds overcast cloud",
        "rain": "rainy raining drizzle storm stormy rainfall thunderstorm rains",
        "snow": "snowy snowing snowfall blizzard snowflakes snowflake",
        "fog": "foggy mist misty haze hazy",
    },
    "season": {
        "spring": "springtime april",
        "summer": "summertime july august",
        "autumn": "fall autumnal october november",
        "winter": "wintertime wintry december january",
    },
    "palette": {
        "warm": "golden amber",
        "cool": "blue teal icy",
        "pastel": "soft dreamy kawaii",
        "neon": "cyberpunk synthwave vaporwave retrowave glowing",
        "vintage": "retro nostalgic sepia old faded",
        "vivid": "vibrant colorful colourful bright",
    },
    "elements": {
        "moon": "moonlight moonlit",
        "stars": "starry star starlight",
        "blossoms": "blossom sakura petals cherry-blossom",
        "leaves": "foliage",
        "fireworks": "firework",
        "lanterns": "lantern fairy-lights string-lights",
        "birds": "bird seagulls gulls",
        "boat": "boats sailboat ship yacht sailing",
        "train": "trains railway subway",
        "car": "cars automobile",
        "cat": "cats kitten kitty",
        "christmas tree": "christmas xmas",
        "balloons": "balloon hot-air-balloons",
        "vinyl": "record records turntable lp",
        "steam cup": "mug tea latte espresso cocoa",
        "campfire": "bonfire",
        "lighthouse": "lighthouses",
        "ferris wheel": "ferriswheel carnival funfair",
        "tent": "tents camping camp",
        "umbrella": "umbrellas parasol",
        "crescent": "crescent-moon",
    },
}

# Pairs that are never drawn together; a prompt that names both is painted all the same.
APART = {
    "snow": ("spring", "summer", "autumn", "sunset", "fields"),
    "rain": ("spring", "winter", "sunset"),
    "fog": ("summer", "sunset"),
    "neon": ("dawn", "morning", "day", "fields", "forest", "mountain", "lake", "sea"),
    "stars": ("rain", "snow", "fog", "cloudy", "morning", "day", "sunset"),
    "moon": ("rain", "snow", "fog", "morning", "day"),
    "blossoms": ("sea", "summer", "autumn", "winter", "rain", "snow", "fog"),
    "leaves": ("sea", "spring", "summer", "winter", "snow"),
    "birds": ("night", "rain", "snow", "fog"),
    "balloons": ("night", "rain", "snow", "fog", "winter", "cafe", "room", "forest"),
    "fireworks": ("moon", "stars", "dawn", "morning", "day", "rain", "snow", "fog", "forest"),
    "campfire": ("dawn", "morning", "day", "rain", "snow", "fog", "city", "street", "road", "cafe", "room"),
    "tent": ("rain", "snow", "city", "street", "road", "cafe", "room"),
    "christmas tree": ("spring", "summer", "autumn"),
    "lighthouse": ("city", "street", "mountain", "forest", "road", "fields", "lake"),
    "boat": ("street", "mountain", "forest", "road", "fields", "snow"),
}

# What a choice suggests for attributes that the prompt leaves open.
HINTS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("weather", "snow"): {"season": ("winter",)},
    ("elements", "stars"): {"hour": ("night",), "weather": ("clear",)},
    ("elements", "moon"): {"hour": ("night",), "weather": ("clear", "cloudy")},
    ("elements", "fireworks"): {"place": ("city", "sea", "lake", "street"), "hour": ("night",), "weather": ("clear",)},
    ("elements", "blossoms"): {"season": ("spring",), "weather": ("clear", "cloudy")},
    ("elements", "leaves"): {"season": ("autumn",), "weather": ("clear", "cloudy")},
    ("elements", "christmas tree"): {"season": ("winter",), "weather": ("snow",), "hour": ("night", "sunset")},
    ("elements", "boat"): {"place": ("sea", "lake")},
    ("elements", "lighthouse"): {"place": ("sea",)},
    ("elements", "ferris wheel"): {"place": ("city", "sea")},
    ("elements", "campfire"): {
        "place": ("forest", "lake", "mountain"),
        "hour": ("night", "sunset"),
        "weather": ("clear", "cloudy"),
    },
    ("elements", "tent"): {"place": ("lake", "mountain", "forest"), "weather": ("clear", "cloudy")},
    ("elements", "vinyl"): {"place": ("room", "cafe")},
    ("elements", "steam cup"): {"place": ("cafe", "room")},
    ("elements", "car"): {"place": ("road", "street")},
    ("elements", "train"): {"place": ("fields", "city", "sea")},
    ("elements", "cat"): {"place": ("room", "cafe", "street")},
    ("elements", "umbrella"): {"place": ("street", "city", "road", "lake"), "weather": ("rain",)},
    ("elements", "crescent"): {"hour": ("night",), "weather": ("clear", "cloudy")},
    ("elements", "balloons"): {"hour": ("morning", "dawn", "day", "sunset"), "weather": ("clear",)},
    ("palette", "neon"): {"hour": ("night", "sunset")},
}


def go_together(first: str, second: str) -> bool:
    """Tell whether two choices or elements may be drawn for one scene."""
    return second not in APART.get(first, ()) and first not in APART.get(second, ())


def phrase_of(attribute: str, choice: str) -> str:
    """How a prompt says a choice of an attribute: "city" is "a city skyline", "warm" is "warm palette"."""
    if attribute == "palette":
        return f"{choice} palette"
    return PHRASES.get(attribute, {}).get(choice, choice)
