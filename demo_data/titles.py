"""Invented titles: a small grammar with words for each genre."""

from __future__ import annotations

import numpy as np

__all__ = ["GENRES", "invent_titles"]

WORDS: dict[str, tuple[str, str]] = {
    "Drama": (
        "Quiet Borrowed Unsent Second Tender Paper Distant Ordinary Winter Patient Salt Faithful",
        "Orchard Letter Kitchen Harvest Verdict Daughter Harbour Inheritance Staircase Silence "
        "Promise Bakery Lighthouse Winter-Garden",
    ),
    "Comedy": (
        "Accidental Reluctant Terrible Polite Overdue Magnificent Slightly-Used Uninvited "
        "Part-Time Awkward Honorary Emergency",
        "Landlord Wedding Bicycle Mayor Goose Brother-in-Law Picnic Choir Plumber Holiday "
        "Soufflé Best-Man Parade Understudy Caravan",
    ),
    "Crime": (
        "Ninth Crooked Forged Missing Midnight Silent Counterfeit Second-Hand Cold Broken "
        "Anonymous Tidy",
        "Alibi Ledger Witness Locksmith Informant Heist Harbourmaster Confession Pawnbroker Duel "
        "Inspector Safe Fingerprint Jury Smuggler",
    ),
    "Thriller": (
        "Last Hidden Burning Blind Final Locked Borrowed Double Falling Coded Unmarked Northbound",
        "Passenger Signal Corridor Runway Frequency Border Protocol Deadline Elevator Transfer "
        "Tunnel Cipher Ransom Blackout Neighbour",
    ),
    "Romance": (
        "Slow Late First Scarlet Umbrella Spring Unwritten Barefoot Lavender Sunday Foolish "
        "Moonlit",
        "Waltz Ferry Postcard Bookshop Kiss Serenade Vineyard Rehearsal Tango Balcony Train "
        "Summer Florist Reunion Encore",
    ),
    "Science fiction": (
        "Seventh Orbital Glass Electric Synthetic Drifting Patient Outer Copper Recursive Hollow "
        "Lunar",
        "Colony Engine Satellite Archive Android Horizon Paradox Beacon Greenhouse Signal "
        "Observatory Pilot Moon Garden Clockmaker",
    ),
    "Fantasy": (
        "Silver Sleeping Thorn Enchanted Forgotten Emerald Wandering Thirteenth Whispering Amber "
        "Crownless Upside-Down",
        "Dragon Lantern Kingdom Mirror Wren Sorceress Bridge Forest Giant Prophecy Tower River "
        "Apprentice Riddle Mapmaker",
    ),
    "Adventure": (
        "Lost Sunken Far Golden Reckless Unmapped Wild Tidal Endless Crimson Southern Windward",
        "Compass Island Expedition Summit Caravan Treasure Rapids Monsoon Glacier Voyage Canyon "
        "Balloon Atlas Schooner Desert",
    ),
    "Animation": (
        "Little Marmalade Flying Purple Very-Small Runaway Clockwork Snowy Bouncing Giant "
        "Polka-Dot Invisible",
        "Hedgehog Teapot Robot Cloud Penguin Umbrella Whale Snail Acorn Kite Fox Trombone Button "
        "Puddle Moth",
    ),
    "Family": (
        "Summer Muddy Brave Saturday Hand-Me-Down Noisy Backyard Lucky Rainy Wobbly Cardboard Big",
        "Treehouse Puppy Camp Grandmother Pony Lemonade Recital Sleepover Raft Garden Twins Team "
        "Secret Snowman Kitchen",
    ),
    "Documentary": (
        "Living Unseen Inside Deep Vanishing Ancient Hidden Working Open Slow Common Daily",
        "Reef Bees Archive River Bread Tide Mycelium Railways Herons Glaciers Weavers Markets Ink "
        "Salt Lighthouses",
    ),
    "Horror": (
        "Hollow Pale Crawling Drowned Nameless Whispering Black Unquiet Seventh Rotten Thirsty "
        "Moonless",
        "Cellar Orchard Doll Chapel Lake Attic Guest Harvest Nursery Well Scarecrow Static Tide "
        "Tenant Lullaby",
    ),
    "Music": (
        "Blue Loud Unplugged Midnight Velvet Broken Electric Swinging Offbeat Golden Crowded Final",
        "Trumpet Encore Chorus Vinyl Jukebox Bassline Opera Busker Cello Tour Rehearsal Drummer "
        "Waltz Soundcheck Ballad",
    ),
    "History": (
        "Iron Forgotten Winter Last Scarlet Exiled Stubborn Gilded Northern Secret Paper "
        "Unfinished",
        "Crown Siege Cartographer Treaty Regiment Cathedral Empress Telegraph Harvest Rebellion "
        "Physician Voyage Archivist Bridge Census",
    ),
}
"""Genre → its adjectives and its nouns; a hyphen in a word is written as a blank."""

GENRES = tuple(WORDS)

PLACES = (
    "Alder Bay|Bellwether|Castle Row|Dunmore|Eastling|Fennick|Goldcrest|Harrow Lane|Ingleby|"
    "Juniper Hill|Kettering Cross|Lower Thornby|Marrow Bridge|Northolt Sands|Old Quay|Penhallow|"
    "Quillon|Ravensbourne|Saint Orla|Tamsin Falls|Upper Welling|Vesper Street|Wintermere|Yarrow|"
    "Zennor Point|Copper Creek|Mossgate|Lake Ilmen|Port Lucan|Ostermark"
)
NAMES = (
    "Ada|Bruno|Celeste|Dario|Edith|Farouk|Greta|Hugo|Imani|Jonas|Kamala|Lena|Mateo|Nadia|Otto|"
    "Priya|Quentin|Rosa|Soren|Tamar|Umberto|Vera|Wanda|Xiomara|Yusuf|Zelda|Amara|Benedikt|Chiyo|"
    "Odile"
)
NUMBERS = "Two|Three|Four|Five|Six|Seven|Nine|Eleven|Twelve|Forty|A Hundred|A Thousand"

PATTERNS = (
    "The {adjective} {noun}",
    "The {adjective} {noun} of {place}",
    "{name} and the {adjective} {noun}",
    "The {noun} at {place}",
    "{name}'s {adjective} {noun}",
    "{adjective} {noun}, {adjective2} {noun2}",
    "Letters to the {adjective} {noun}",
    "{number} Days in {place}",
    "A {noun} for {name}",
    "{name} of {place}",
    "Before the {adjective} {noun}",
    "No {noun} in {place}",
    "The {noun} Who Loved the {noun2}",
    "{place}: {adjective} {noun}",
    "Goodbye, {adjective} {noun}",
    "What the {noun} Knew",
)


def invent_titles(main_genres: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Invent a title for each item, no two alike.

    Parameters
    ----------
    main_genres : int array of shape (n_items,)
        Index into :data:`GENRES` of the genre that the words are taken from.
    rng : Generator

    Returns
    -------
    list of str
        One per item. Where the grammar comes up with a title again, it draws anew; when it does
        so eight times, the title becomes a numbered sequel.
    """
    taken: set[str] = set()
    titles = []
    for genre in main_genres:
        for _ in range(8):
            title = _draw(GENRES[genre], rng)
            if title not in taken:
                break
        sequel, base = 2, title
        while title in taken:
            title, sequel = f"{base} {sequel}", sequel + 1
        taken.add(title)
        titles.append(title)
    return titles


def _draw(genre: str, rng: np.random.Generator) -> str:
    adjectives, nouns = (words.split() for words in WORDS[genre])
    # All whole numbers from one call: a call of the generator costs more than the arithmetic.
    draw = rng.integers(0, 1 << 30, size=8).tolist()

    def pick(index: int, words: list[str]) -> str:
        return words[draw[index] % len(words)].replace("-", " ")

    text = pick(0, list(PATTERNS)).format(
        adjective=pick(1, adjectives),
        adjective2=pick(2, adjectives),
        noun=pick(3, nouns),
        noun2=pick(4, nouns),
        place=pick(5, PLACES.split("|")),
        name=pick(6, NAMES.split("|")),
        number=pick(7, NUMBERS.split("|")),
    )
    starts_with_vowel = text.startswith("A ") and text[2] in "AEIOU"
    return f"An {text[2:]}" if starts_with_vowel else text
