"""The currencies and measures of figures, each under one name, and what they are in each other."""

from __future__ import annotations

CURRENCY_SIGNS = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen"}
CURRENCY_NAMES = {
    "dollar": "dollar", "usd": "dollar", "buck": "dollar", "euro": "euro", "eur": "euro", "pound": "pound",
    "gbp": "pound", "sterling": "pound", "yen": "yen", "jpy": "yen", "yuan": "yuan", "renminbi": "yuan",
    "crown": "crown", "franc": "franc", "rupee": "rupee", "ruble": "ruble", "rouble": "ruble", "rand": "rand",
    "won": "won", "peso": "peso", "real": "real", "reais": "real", "lira": "lira", "shekel": "shekel",
    "krona": "crown", "krone": "crown", "kroner": "crown", "zloty": "zloty", "hryvnia": "hryvnia",
    "dirham": "dirham", "riyal": "riyal", "naira": "naira", "cent": "cent", "pence": "penny", "penny": "penny",
    "ore": "ore",
}  # fmt: skip
MEASURES: dict[str, tuple[str, float]] = {
    "second": ("time", 1), "sec": ("time", 1), "minute": ("time", 60), "min": ("time", 60), "hour": ("time", 3600),
    "hr": ("time", 3600), "day": ("time", 86400), "week": ("time", 604800), "fortnight": ("time", 1209600),
    "month": ("time", 2629800), "year": ("time", 31557600), "decade": ("time", 315576000),
    "century": ("time", 3155760000), "centuries": ("time", 3155760000),
    "mm": ("length", 0.001), "millimetre": ("length", 0.001), "millimeter": ("length", 0.001),
    "cm": ("length", 0.01), "centimetre": ("length", 0.01), "centimeter": ("length", 0.01),
    "metre": ("length", 1), "meter": ("length", 1), "km": ("length", 1000), "kilometre": ("length", 1000),
    "kilometer": ("length", 1000), "mile": ("length", 1609.344), "foot": ("length", 0.3048), "feet": ("length", 0.3048),
    "inch": ("length", 0.0254), "inche": ("length", 0.0254), "yard": ("length", 0.9144),
    "kg": ("mass", 1), "kilogram": ("mass", 1), "kilo": ("mass", 1), "gram": ("mass", 0.001), "tonne": ("mass", 1000),
    "ton": ("mass", 1000), "ounce": ("mass", 0.02835), "litre": ("volume", 1), "liter": ("volume", 1),
    "gallon": ("volume", 3.785), "acre": ("area", 4047), "hectare": ("area", 10000), "degree": ("degree", 1),
    "mph": ("speed", 1.609344), "kph": ("speed", 1), "megawatt": ("power", 1), "mw": ("power", 1),
    "gigawatt": ("power", 1000), "gw": ("power", 1000),
}  # fmt: skip
TOLERANCE = 0.03
"""Between measures: a hundred kilometres are 62 miles."""
