"""Tables of invented cells, the same for the same seed, with everything in them that troubles readers of CSV."""

import random

# Enough known headers that the file is recognised; the cells below need not make sense for that.
HEADER = [
    "Opportunity id",
    "Stage",
    "Customer Company Name",
    "Partner Project Title",
    "Country",
    "AWS Account ID",
    "Next Step",
    "Additional Comments",
]

LATIN = [
    "Nordlicht",
    "Süßwaren",
    "façade",
    "naïve",
    "€ 5",
    "Ærø",
    "“quoted”",
    "N°",
    "tab\tinside",
    "semi;colon",
    "a,b",
    "x|y",
]
WORLD = ["日本語", "Привет", "שלום", "👩‍🚀", "e\u0301", "\u2028", "\u0085", "\ufeffmark", "\u00a0"]
PLAIN = [
    "O1234567",
    "Launched",
    "0",
    "007",
    "-1,234.50",
    "1E+25",
    "08/31/2026",
    "2026-08-31",
    "TRUE",
    "NULL",
    "NA",
    "=1+1",
    "'",
]
TROUBLE = [
    'say "no"',
    '"',
    '""',
    "two\nlines",
    "two\r\nlines",
    "\n",
    " lead",
    "trail ",
    "  ",
    '5" pipe',
    "\\",
    '\\"',
    ",,",
    "#",
]


def table(seed, rows, words):
    """A header and `rows` records of as many cells, a third of them blank."""
    chance = random.Random(seed)
    pool = PLAIN + TROUBLE + words

    def cell():
        if chance.random() < 0.33:
            return ""
        return " ".join(chance.choice(pool) for _ in range(chance.choice([1, 1, 1, 2, 5])))

    records = [[cell() for _ in HEADER] for _ in range(rows)]
    for number, record in enumerate(records):
        record[0] = f"O{1000000 + number}"
    return [HEADER, *records]


def ragged(records, seed):
    """The same records, some cut short and some longer than the header."""
    chance = random.Random(seed)
    changed = [records[0]]
    for record in records[1:]:
        length = chance.choice([len(record), len(record), 1, 3, len(record) + 2])
        changed.append((record + ["more", ""])[:length])
    return changed


def text(records, separator, line_end, seed):
    """CSV: quoted where it must be, and sometimes where it need not be; line ends within cells stay as they are."""
    chance = random.Random(seed)

    def field(cell):
        must = any(sign in cell for sign in (separator, '"', "\n", "\r"))
        if must or chance.random() < 0.15:
            return '"' + cell.replace('"', '""') + '"'
        return cell

    return "".join(separator.join(field(cell) for cell in record) + line_end for record in records)
