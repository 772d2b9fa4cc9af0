"""The joins that people make, each written once; every reader makes it in its own way."""

from dataclasses import dataclass

from values import Value


@dataclass(frozen=True)
class Join:
    """An inner join on equal columns, and what of both sides is kept."""

    left: str
    right: str
    on: tuple[tuple[str, str], ...]
    keep_left: tuple[str, ...]
    keep_right: tuple[str, ...]
    # A column of the left table and the text that it must hold, to keep only such rows.
    where: tuple[str, str] | None = None
    # Every left row (that `where` keeps) has exactly one partner.
    one_each: bool = True

    @property
    def name(self) -> str:
        return f"{self.left}-{self.right}-{self.on[-1][1]}"

    @property
    def left_keys(self) -> list[str]:
        return [left for left, _ in self.on]

    @property
    def right_keys(self) -> list[str]:
        return [right for _, right in self.on]

    @property
    def tables(self) -> tuple[str, str]:
        return self.left, self.right


PARTNER = ("partner_id", "partner_id")
OPPORTUNITY = (PARTNER, ("row_id", "opportunity_id"))
REQUIREMENT = ("requirement_key", "requirement_key")
BRIDGED = (PARTNER, ("opportunity_id", "opportunity_id"))
RESULT = ("program", "requirement_id", "reading", "as_of", "unit")
ABOUT_OPPORTUNITIES = ("table", "opportunities")

JOINS = [
    Join(
        "evidence",
        "opportunities",
        OPPORTUNITY,
        (*RESULT, "row_id", "arr_usd"),
        ("title", "aws_products"),
        ABOUT_OPPORTUNITIES,
    ),
    Join(
        "near_misses", "opportunities", OPPORTUNITY, (*RESULT, "condition"), ("stage", "mrr_usd"), ABOUT_OPPORTUNITIES
    ),
    # A finding about a whole file is about no row.
    Join(
        "findings",
        "opportunities",
        OPPORTUNITY,
        ("code", "row_id"),
        ("stage", "last_modified"),
        ABOUT_OPPORTUNITIES,
        one_each=False,
    ),
    Join(
        "stage_history",
        "opportunities",
        (PARTNER, ("opportunity_id", "opportunity_id")),
        ("opportunity_id", "step", "stage"),
        ("customer_key", "launch_date"),
    ),
    # A customer may have several rows in `customers`, or none.
    Join(
        "opportunities",
        "customers",
        (PARTNER, ("customer_key", "customer_key")),
        ("opportunity_id", "arr_usd"),
        ("employees", "annual_revenue_usd"),
        one_each=False,
    ),
    # The star: facts and what they are grouped and named by.
    Join(
        "requirement_status",
        "dim_requirement",
        (REQUIREMENT,),
        ("partner_id", "status"),
        ("title", "section", "sort_order"),
    ),
    Join("requirement_status", "dim_partner", (PARTNER,), ("requirement_key", "confirmed"), ("name", "tier")),
    Join(
        "requirement_status",
        "dim_date",
        (("as_of", "date"),),
        ("requirement_key", "as_of"),
        ("quarter_label", "month_start"),
    ),
    Join(
        "requirement_status",
        "dim_run",
        (("run_id", "run_id"),),
        ("requirement_key", "is_latest"),
        ("sequence", "last_as_of"),
    ),
    Join(
        "requirement_status",
        "dim_reading",
        (REQUIREMENT, ("reading", "reading")),
        ("requirement_key", "member", "status"),
        ("description",),
    ),
    Join("evidence", "dim_requirement", (REQUIREMENT,), ("unit", "counts_until"), ("title", "kind")),
    # Masked opportunities have no customer.
    Join(
        "opportunities",
        "dim_customer",
        (PARTNER, ("customer_key", "customer_key")),
        ("opportunity_id", "arr_usd"),
        ("segment", "employees"),
        one_each=False,
    ),
    # Bridges: the items of lists, one a row.
    Join(
        "opportunity_products",
        "opportunities",
        BRIDGED,
        ("opportunity_id", "aws_product"),
        ("stage", "arr_usd", "aws_products"),
    ),
    Join("opportunity_solutions", "opportunities", BRIDGED, ("opportunity_id", "solution"), ("title",)),
    Join(
        "case_study_programs",
        "case_studies",
        (PARTNER, ("case_study_id", "case_study_id")),
        ("program",),
        ("title", "status"),
    ),
]


def naive(join: Join, left: list[dict[str, Value]], right: list[dict[str, Value]]) -> list[tuple[Value, ...]]:
    """The rows of a join, pair by pair. Null equals nothing."""
    by_key: dict[tuple, list[dict[str, Value]]] = {}
    for row in right:
        by_key.setdefault(tuple(row[name] for name in join.right_keys), []).append(row)
    joined = []
    for row in (each for each in left if join.where is None or each[join.where[0]] == join.where[1]):
        key = tuple(row[name] for name in join.left_keys)
        for other in [] if None in key else by_key.get(key, []):
            joined.append(tuple(row[name] for name in join.keep_left) + tuple(other[name] for name in join.keep_right))
    return joined
