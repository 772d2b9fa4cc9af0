//! From rows with their dates to what each adds to a count, and when: the intervals of counting lines.
//!
//! An interval is `(partner_id, line, what, n, from_day, until_day)`: on these application dates, `what` is `n` higher.

use super::dialect::Dialect;
use super::lines::{Kind, Plan};
use super::rules::{Amounts, names, rule, spans};
use super::text::Part;
use crate::checklist::{CountRule, Having, Unit};

/// The lines of one stage that count rows, by what they count.
#[derive(Default)]
struct Numbers {
    rows: Vec<String>,
    distinct: Vec<String>,
    sums: Vec<String>,
    having: Vec<(usize, Having)>,
}

/// Whether any rule of the plan adds up money.
pub(super) fn amounts(plan: &Plan<'_>) -> Amounts {
    let adds_up = |rule: &CountRule| matches!(rule.unit, Unit::Sum(_)) || rule.having.is_some();
    if plan.counted.iter().any(|counted| adds_up(counted.rule)) { Amounts::Carried } else { Amounts::NotNeeded }
}

/// The rules themselves, once for all stages.
pub(super) fn rules(plan: &Plan<'_>, dialect: Dialect) -> Vec<Part> {
    let used = plan.counted.iter().zip(names(plan));
    let used = used.filter(|(counted, _)| counted.own.is_some() || !counted.members.is_empty());
    used.map(|(counted, name)| rule(counted, &name, amounts(plan), dialect)).collect()
}

/// The parts of one stage, and the queries that yield its intervals.
pub(super) fn intervals(plan: &Plan<'_>, stage: usize, suffix: &str, dialect: Dialect) -> (Vec<Part>, Vec<String>) {
    let spans_name = format!("spans{suffix}");
    let Some(spans) = spans(plan, stage, &spans_name, amounts(plan), dialect) else { return (vec![], vec![]) };
    let numbers = Numbers::new(plan, stage);
    let united = format!("counted{suffix}");
    let mut parts = vec![spans, numbers.united(&united, &spans_name)];
    let first = "CASE WHEN covered_until >= from_day THEN covered_day_after ELSE from_day END";
    let first = first.replace("covered_day_after", &dialect.next_day("covered_until"));
    let mut queries = vec![format!(
        "SELECT partner_id, line, what, 1 AS n, {first} AS from_day, until_day\nFROM {united}\n\
         WHERE covered_until IS NULL OR covered_until < until_day"
    )];
    if !numbers.sums.is_empty() {
        queries.extend(sums(&numbers.sums.join(", "), &spans_name));
    }
    if !numbers.having.is_empty() {
        let (part, query) = numbers.having(&format!("unit_sums{suffix}"), &spans_name, dialect);
        parts.push(part);
        queries.extend(query);
    }
    (parts, queries)
}

impl Numbers {
    fn new(plan: &Plan<'_>, stage: usize) -> Self {
        let mut numbers = Self::default();
        for line in plan.in_order().into_iter().filter(|line| line.stage == stage) {
            let Kind::Rows(counted, _) = line.kind else { continue };
            let rule = plan.counted[counted].rule;
            let number = line.number.to_string();
            match (rule.unit, rule.having) {
                (Unit::Rows, _) => numbers.rows.push(number),
                (Unit::Sum(_), _) => numbers.sums.push(number),
                (Unit::Distinct(_), None) => numbers.distinct.push(number),
                (Unit::Distinct(_), Some(having)) => numbers.having.push((line.number, having)),
            }
        }
        numbers
    }

    /// Units that count, each row with the last day that an earlier row of its unit covers already.
    fn united(&self, name: &str, spans: &str) -> Part {
        let certain = match (self.rows.as_slice(), self.distinct.as_slice()) {
            (_, []) => "certain".to_owned(),
            ([], _) => "certain AND unit IS NOT NULL".to_owned(),
            (rows, _) => format!("certain AND (unit IS NOT NULL OR line IN ({}))", rows.join(", ")),
        };
        let having = self.having.iter().map(|(number, _)| number.to_string());
        let apart: Vec<String> = self.sums.iter().cloned().chain(having).collect();
        let by_unit = if apart.is_empty() { String::new() } else { format!(" AND line NOT IN ({})", apart.join(", ")) };
        let body = format!(
            "SELECT partner_id, line, what, from_day, until_day,
  CASE WHEN unit IS NOT NULL THEN MAX(until_day) OVER (
    PARTITION BY partner_id, line, what, unit
    ORDER BY from_day, until_day
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) END AS covered_until
FROM (
  SELECT partner_id, line, what, from_day, until_day,
    CASE what WHEN 'confirmed' THEN unit WHEN 'possible' THEN strict_unit END AS unit
  FROM {spans} CROSS JOIN (VALUES ('confirmed'), ('possible'), ('flagged')) AS counts (what)
  WHERE (what = 'confirmed' AND {certain}{by_unit})
    OR (what = 'possible'{by_unit})
    OR (what = 'flagged' AND certain AND has_findings)
) AS units"
        );
        let about = "Confirmed are units with a row that certainly counts; possible are units, told apart by strong \
                     evidence alone, with a row that may count, and a row without a unit is one of its own. A unit \
                     counts once: what an earlier row of it covers already is left out below. Flagged are the certain \
                     rows with findings.";
        Part::new(about, name, body)
    }

    /// Units that count while their rows add up to the sum required.
    fn having(&self, name: &str, spans: &str, dialect: Dialect) -> (Part, Vec<String>) {
        let lines: Vec<String> = self.having.iter().map(|(number, _)| number.to_string()).collect();
        let lines = lines.join(", ");
        let cases = |text: &dyn Fn(&Having) -> String| {
            let case = |(number, having): &(usize, Having)| format!("WHEN {number} THEN {}", text(having));
            format!("CASE line {} END", self.having.iter().map(case).collect::<Vec<_>>().join(" "))
        };
        let reached = cases(&|having| dialect.whole_division("possible_cents", having.at_least));
        let least = cases(&|having| having.at_least.to_string());
        let (last, next) = (dialect.last_day(), dialect.next_day("until_day"));
        let from_covered = dialect.next_day("covered_until");
        let before_next = dialect.day_before("LEAD(day) OVER (PARTITION BY partner_id, line, unit ORDER BY day)");
        let body = format!(
            "SELECT partner_id, line,
  CASE WHEN certain_cents >= {least} THEN 1 ELSE 0 END AS confirmed,
  CASE WHEN unknown_amounts > 0 THEN units ELSE LEAST(units, {reached}) END AS possible,
  day AS from_day,
  COALESCE({before_next}, {last}) AS until_day
FROM (
  SELECT partner_id, line, unit, day,
    SUM(certain_cents) OVER so_far AS certain_cents,
    CAST(SUM(possible_cents) OVER so_far AS BIGINT) AS possible_cents,
    SUM(unknown_amounts) OVER so_far AS unknown_amounts,
    CAST(SUM(units) OVER so_far AS BIGINT) AS units
  FROM (
    SELECT partner_id, line, unit, day,
      SUM(CASE WHEN what = 'certain cents' THEN n ELSE 0 END) AS certain_cents,
      SUM(CASE WHEN what = 'possible cents' THEN n ELSE 0 END) AS possible_cents,
      SUM(CASE WHEN what = 'unknown amounts' THEN n ELSE 0 END) AS unknown_amounts,
      SUM(CASE WHEN what = 'units' THEN n ELSE 0 END) AS units
    FROM (
      SELECT partner_id, line, unit, what, sign * n AS n,
        CASE WHEN sign = 1 THEN from_day ELSE {next} END AS day
      FROM (
        SELECT partner_id, line, unit, what, from_day, until_day,
          CASE what WHEN 'unknown amounts' THEN 1 ELSE CAST(amount * 100 AS BIGINT) END AS n
        FROM {spans}
          CROSS JOIN (VALUES ('certain cents'), ('possible cents'), ('unknown amounts')) AS counts (what)
        WHERE line IN ({lines})
          AND unit IS NOT NULL
          AND (certain OR what <> 'certain cents')
          AND (amount IS NULL) = (what = 'unknown amounts')
        UNION ALL
        SELECT partner_id, line, unit, 'units',
          CASE WHEN covered_until >= from_day THEN {from_covered} ELSE from_day END,
          until_day, 1
        FROM (
          SELECT partner_id, line, unit, from_day, until_day,
            CASE WHEN strict_unit IS NOT NULL THEN MAX(until_day) OVER (
              PARTITION BY partner_id, line, unit, strict_unit
              ORDER BY from_day, until_day
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) END AS covered_until
          FROM {spans}
          WHERE line IN ({lines}) AND unit IS NOT NULL
        ) AS strict_units
        WHERE covered_until IS NULL OR covered_until < until_day
      ) AS of_units
        CROSS JOIN (VALUES (1), (-1)) AS edges (sign)
      WHERE sign = 1 OR until_day < {last}
    ) AS edges_of_units
    GROUP BY partner_id, line, unit, day
  ) AS changes
  WINDOW so_far AS (PARTITION BY partner_id, line, unit ORDER BY day ROWS UNBOUNDED PRECEDING)
) AS sums"
        );
        let about = "Units that count while the amounts of their rows add up to the sum required. What may be several \
                     customers shares one sum, so at most sum / required of them reach it.";
        let queries = vec![
            format!(
                "SELECT partner_id, line, what, CASE what WHEN 'confirmed' THEN confirmed ELSE possible END AS n,\n  \
                 from_day, until_day\nFROM {name} CROSS JOIN (VALUES ('confirmed'), ('possible')) AS counts (what)"
            ),
            format!(
                "-- a row without a unit may lift anybody to the sum\n\
                 SELECT partner_id, line, 'possible', 1, from_day, until_day\nFROM {spans}\n\
                 WHERE line IN ({lines}) AND unit IS NULL"
            ),
        ];
        (Part::new(about, name, body), queries)
    }
}

/// Sums of money: an unknown amount leaves the sum without an upper bound.
fn sums(lines: &str, spans: &str) -> Vec<String> {
    vec![
        format!(
            "SELECT partner_id, line, what, amount AS n, from_day, until_day\n\
             FROM {spans} CROSS JOIN (VALUES ('confirmed'), ('possible')) AS counts (what)\n\
             WHERE line IN ({lines}) AND amount IS NOT NULL AND (certain OR what = 'possible')"
        ),
        format!(
            "SELECT partner_id, line, 'unbounded', 1, from_day, until_day\nFROM {spans}\n\
             WHERE line IN ({lines}) AND amount IS NULL"
        ),
    ]
}
