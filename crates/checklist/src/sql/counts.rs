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
    let counted = format!("counted{suffix}");
    let mut parts = vec![spans, numbers.counted(&counted, &spans_name)];
    let (first, left) = (uncovered(dialect), UNCOVERED);
    let mut of_lines =
        format!("SELECT partner_id, line, what, n,\n  {first} AS from_day, until_day\nFROM {counted}\nWHERE {left}");
    if numbers.having.is_empty() {
        return (parts, vec![of_lines]);
    }
    of_lines += &format!(" AND what NOT IN ({})", quoted(&OF_UNITS, ", "));
    let sums = format!("unit_sums{suffix}");
    let of_units = format!(
        "SELECT partner_id, line, what, CASE what WHEN 'confirmed' THEN confirmed ELSE possible END,\n  \
         from_day, until_day\nFROM {sums} CROSS JOIN (VALUES ('confirmed'), ('possible')) AS counts (what)"
    );
    parts.push(numbers.unit_sums(&sums, &counted, dialect));
    (parts, vec![of_lines, of_units])
}

/// The first day that no earlier row of the unit covers.
fn uncovered(dialect: Dialect) -> String {
    let next = dialect.next_day("covered_until");
    format!("CASE WHEN covered_until >= from_day THEN {next} ELSE from_day END")
}

/// Whether there is such a day.
const UNCOVERED: &str = "(covered_until IS NULL OR covered_until < until_day)";

/// What is added up for each unit on its own.
const OF_UNITS: [&str; 4] = ["strict units", "certain cents", "possible cents", "unknown amounts"];

fn quoted(words: &[&str], between: &str) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(between)
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

    /// Every row once for each count that it may add to, with the last day that an earlier row of its unit covers.
    fn counted(&self, name: &str, spans: &str) -> Part {
        let mut counts = vec!["confirmed", "possible", "flagged"];
        let mut conditions = vec![
            format!("(what = 'confirmed' AND certain AND {})", self.confirmed()),
            format!("(what = 'possible'{})", self.possible()),
            "(what = 'flagged' AND certain AND has_findings)".to_owned(),
        ];
        if !self.sums.is_empty() {
            counts.push("unbounded");
            conditions.push(format!("(what = 'unbounded' AND amount IS NULL AND line IN ({}))", self.sums.join(", ")));
        }
        let (mut of_unit, mut partition) = (String::new(), "partner_id, line, what, unit");
        if !self.having.is_empty() {
            counts.extend(OF_UNITS);
            conditions.push(format!(
                "(line IN ({}) AND unit IS NOT NULL AND CASE what\n      WHEN 'strict units' THEN TRUE\n      \
                 WHEN 'unknown amounts' THEN amount IS NULL\n      \
                 WHEN 'possible cents' THEN amount IS NOT NULL\n      \
                 WHEN 'certain cents' THEN certain AND amount IS NOT NULL END)",
                self.having_lines()
            ));
            of_unit = format!(",\n    CASE WHEN what IN ({}) THEN unit END AS of_unit", quoted(&OF_UNITS, ", "));
            partition = "partner_id, line, what, of_unit, unit";
        }
        let body = format!(
            "SELECT partner_id, line, what, n,{} from_day, until_day,
  CASE WHEN unit IS NOT NULL THEN MAX(until_day) OVER (
    PARTITION BY {partition}
    ORDER BY from_day, until_day
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) END AS covered_until
FROM (
  SELECT partner_id, line, what, from_day, until_day, {} AS n,
    {} AS unit{of_unit}
  FROM {spans} CROSS JOIN (VALUES ({})) AS counts (what)
  WHERE {}
) AS units",
            if self.having.is_empty() { "" } else { " of_unit," },
            self.number(),
            self.unit(),
            quoted(&counts, "), ("),
            conditions.join("\n    OR ")
        );
        let about = "Confirmed are units with a row that certainly counts; possible are units, told apart by strong \
                     evidence alone, with a row that may count, and a row without a unit is one of its own. A unit \
                     counts once: what an earlier row of it covers already is left out below. Flagged are the certain \
                     rows with findings.";
        Part::new(about, name, body)
    }

    /// Which certain rows confirm something at once.
    fn confirmed(&self) -> String {
        let mut ways = Vec::new();
        match (self.distinct.as_slice(), self.having.as_slice()) {
            ([], _) => {}
            (_, []) => ways.push("unit IS NOT NULL".to_owned()),
            _ => ways.push(format!("unit IS NOT NULL AND line NOT IN ({})", self.having_lines())),
        }
        if !self.rows.is_empty() {
            ways.push(format!("line IN ({})", self.rows.join(", ")));
        }
        if !self.sums.is_empty() {
            ways.push(format!("line IN ({}) AND amount IS NOT NULL", self.sums.join(", ")));
        }
        match ways.as_slice() {
            [] => "FALSE".to_owned(),
            [only] => only.clone(),
            several => format!("({})", several.join(" OR ")),
        }
    }

    fn possible(&self) -> String {
        let mut conditions = String::new();
        if !self.having.is_empty() {
            conditions += &format!(" AND (unit IS NULL OR line NOT IN ({}))", self.having_lines());
        }
        if !self.sums.is_empty() {
            conditions += &format!(" AND (amount IS NOT NULL OR line NOT IN ({}))", self.sums.join(", "));
        }
        conditions
    }

    fn number(&self) -> String {
        let mut cases = String::new();
        if !self.having.is_empty() {
            cases += " WHEN what IN ('certain cents', 'possible cents') THEN CAST(amount * 100 AS BIGINT)";
        }
        if !self.sums.is_empty() {
            let lines = self.sums.join(", ");
            cases += &format!(" WHEN what IN ('confirmed', 'possible') AND line IN ({lines}) THEN amount");
        }
        if cases.is_empty() { "1".to_owned() } else { format!("CASE{cases} ELSE 1 END") }
    }

    fn unit(&self) -> String {
        if self.having.is_empty() {
            return "CASE what WHEN 'confirmed' THEN unit WHEN 'possible' THEN strict_unit END".to_owned();
        }
        // A row without a unit may lift anybody to the sum, so that it is one of its own whatever else is known.
        let lines = self.having_lines();
        format!(
            "CASE\n      WHEN what = 'confirmed' THEN unit\n      \
             WHEN what = 'strict units' OR (what = 'possible' AND line NOT IN ({lines})) THEN strict_unit\n    END"
        )
    }

    fn having_lines(&self) -> String {
        self.having.iter().map(|(number, _)| number.to_string()).collect::<Vec<_>>().join(", ")
    }

    /// Units that count while their rows add up to the sum required.
    fn unit_sums(&self, name: &str, counted: &str, dialect: Dialect) -> Part {
        let cases = |text: &dyn Fn(&Having) -> String| {
            let case = |(number, having): &(usize, Having)| format!("WHEN {number} THEN {}", text(having));
            format!("CASE line {} END", self.having.iter().map(case).collect::<Vec<_>>().join(" "))
        };
        let reached = cases(&|having| dialect.whole_division("possible_cents", having.at_least));
        let least = cases(&|having| having.at_least.to_string());
        let (first, last) = (uncovered(dialect), dialect.last_day());
        let next = dialect.next_day("until_day");
        let before_next = dialect.day_before("LEAD(day) OVER (PARTITION BY partner_id, line, unit ORDER BY day)");
        let sum = |what: &str| {
            let column = what.replace(' ', "_");
            format!("SUM(CASE WHEN what = '{what}' THEN n ELSE 0 END) AS {column}")
        };
        let sums: Vec<String> = OF_UNITS.iter().map(|what| sum(what)).collect();
        let running = |what: &&str| {
            let column = what.replace(' ', "_");
            format!("CAST(SUM({column}) OVER so_far AS BIGINT) AS {column}")
        };
        let running: Vec<String> = OF_UNITS.iter().map(running).collect();
        let body = format!(
            "SELECT partner_id, line,
  CASE WHEN certain_cents >= {least} THEN 1 ELSE 0 END AS confirmed,
  CASE
    WHEN unknown_amounts > 0 THEN strict_units
    ELSE LEAST(strict_units, {reached})
  END AS possible,
  day AS from_day,
  COALESCE({before_next}, {last}) AS until_day
FROM (
  SELECT partner_id, line, unit, day,
    {}
  FROM (
    SELECT partner_id, line, unit, day,
      {}
    FROM (
      SELECT partner_id, line, of_unit AS unit, what, sign * n AS n,
        CASE WHEN sign = 1 THEN from_day ELSE {next} END AS day
      FROM (
        SELECT partner_id, line, of_unit, what, n, until_day,
          {first} AS from_day
        FROM {counted}
        WHERE {UNCOVERED} AND what IN ({})
      ) AS of_units
        CROSS JOIN (VALUES (1), (-1)) AS edges (sign)
      WHERE sign = 1 OR until_day < {last}
    ) AS edges_of_units
    GROUP BY partner_id, line, unit, day
  ) AS changes
  WINDOW so_far AS (PARTITION BY partner_id, line, unit ORDER BY day ROWS UNBOUNDED PRECEDING)
) AS sums",
            running.join(",\n    "),
            sums.join(",\n      "),
            quoted(&OF_UNITS, ", ")
        );
        let about = "Units that count while the amounts of their rows add up to the sum required. What may be several \
                     customers shares one sum, so at most sum / required of them reach it.";
        Part::new(about, name, body)
    }
}
