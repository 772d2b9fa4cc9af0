//! From intervals to answers: running sums over the days on which something changes, and the status they give.

use super::dialect::Dialect;
use super::gates::Gates;
use super::lines::{Kind, Line, PartRole, Plan};
use super::text::{Part, indented, packed, union_all};
use super::{attested, counts};

/// What is added up, with the word for it in the intervals.
const TOTALS: [&str; 4] = ["confirmed", "possible", "unbounded", "flagged"];

/// Every part from the rules' rows to the statuses of all lines, and the names of the parts that hold the statuses.
pub(super) fn parts(plan: &Plan<'_>, dialect: Dialect) -> (Vec<Part>, Vec<String>) {
    let gates = Gates::new(plan);
    let mut parts = counts::rules(plan, dialect);
    if !gates.is_empty() {
        parts.extend(gates.parts(dialect));
    }
    let mut answered = Vec::new();
    for stage in 0..plan.stages() {
        parts.extend(Stage { plan, gates: &gates, stage, dialect }.parts(&answered));
        answered.push(name("statuses", stage));
    }
    (parts, answered)
}

fn name(what: &str, stage: usize) -> String {
    if stage == 0 { what.to_owned() } else { format!("{what}_{}", stage + 1) }
}

struct Stage<'p, 'c> {
    plan: &'p Plan<'c>,
    gates: &'p Gates<'c>,
    stage: usize,
    dialect: Dialect,
}

impl Stage<'_, '_> {
    fn parts(&self, earlier: &[String]) -> Vec<Part> {
        let suffix = name("", self.stage);
        let (mut parts, mut intervals) = counts::intervals(self.plan, self.stage, &suffix, self.dialect);
        if self.stage == 0 {
            let (more, queries) = attested::intervals(self.plan, self.dialect);
            parts.extend(more);
            intervals.extend(queries);
        }
        intervals.extend(self.gates.intervals(self.stage, self.dialect));
        let base = self.base();
        let all: Vec<String> = base.into_iter().chain(intervals).collect();
        let about = if self.stage == 0 {
            "What adds to which count, by how much, and on which application dates. Every line of every partner has a \
             first row, so that none is missing where nothing counts."
        } else {
            "The same for lines that combine others."
        };
        parts.push(Part::new(about, &name("intervals", self.stage), union_all(&all)));
        if self.stage > 0 {
            parts.push(self.turns(earlier));
        }
        parts.push(self.steps());
        parts.push(self.statuses());
        parts
    }

    fn lines(&self) -> impl Iterator<Item = &Line<'_>> {
        self.plan.lines.iter().filter(|line| line.stage == self.stage)
    }

    /// What holds before any row is looked at.
    fn base(&self) -> Vec<String> {
        let (first, last, stage) = (self.dialect.first_day(), self.dialect.last_day(), self.stage);
        let mut queries = vec![format!(
            "SELECT p.partner_id, l.line, 'possible' AS what, l.at_most AS n, {first} AS from_day, {last} AS until_day\n\
             FROM dim_partner AS p CROSS JOIN lines AS l\nWHERE l.stage = {stage}"
        )];
        if self.lines().any(|line| line.table().is_some()) {
            queries.push(format!(
                "-- a table that was never given leaves a count without an upper bound\n\
                 SELECT p.partner_id, l.line, 'unbounded', 1, {first}, {last}\n\
                 FROM dim_partner AS p\n  CROSS JOIN lines AS l\n  \
                 LEFT JOIN dim_table AS t ON t.table_name = l.table_name\n\
                 WHERE l.stage = {stage} AND l.table_name IS NOT NULL AND t.given IS NOT TRUE"
            ));
        }
        let fixed = |query: &str| {
            format!(
                "SELECT p.partner_id, l.line, 'unbounded', 1, {first}, {last}\n\
                 FROM dim_partner AS p CROSS JOIN lines AS l\n{query}"
            )
        };
        if self.lines().any(|line| matches!(line.kind, Kind::AnswersPerCase(..))) {
            queries.push(fixed(
                "WHERE l.kind = 'answers per case study'\n  \
                 AND NOT EXISTS (SELECT 1 FROM dim_table AS t WHERE t.table_name = 'case_studies' AND t.given)",
            ));
        }
        if self.lines().any(|line| line.kind == Kind::PartsUnnamed) {
            queries.push(fixed(&format!("WHERE l.kind = 'values not named' AND l.stage = {stage}")));
        }
        queries
    }

    /// How the parts of combining lines turn.
    fn turns(&self, earlier: &[String]) -> Part {
        let lines = self.plan.in_order();
        let lines = lines.iter().filter(|line| line.stage == self.stage);
        let parts = lines.flat_map(|line| {
            line.parts.iter().map(|part| {
                let role = match part.role {
                    PartRole::Counted => "counted",
                    PartRole::MustHold => "must hold",
                };
                format!("{}, {}, {}", line.number, self.plan.lines[part.line].number, self.dialect.text(role))
            })
        });
        let parts = packed(&parts.collect::<Vec<_>>());
        let read: Vec<String> =
            earlier.iter().map(|name| format!("SELECT partner_id, line, day, status FROM {name}")).collect();
        let body = format!(
            "SELECT s.partner_id, p.line, p.role, s.day, s.yes, s.no
FROM (
  SELECT partner_id, line, day,
    yes - LAG(yes, 1, 0) OVER in_time AS yes,
    no - LAG(no, 1, 0) OVER in_time AS no
  FROM (
    SELECT partner_id, line, day,
      CASE WHEN status IN ('met', 'waived', 'not_applicable') THEN 1 ELSE 0 END AS yes,
      CASE WHEN status = 'not_met' THEN 1 ELSE 0 END AS no
    FROM (
{}
    ) AS parts
  ) AS truths
  WINDOW in_time AS (PARTITION BY partner_id, line ORDER BY day)
) AS s
  JOIN (
    {parts}
  ) AS p (line, part, role) ON p.part = s.line
WHERE s.yes <> 0 OR s.no <> 0",
            indented(&union_all(&read), 6)
        );
        let about = "The days on which a part of a combination turns to yes (+1) or away from it (-1), and to or from no. \
                     Met, waived and not applicable are yes; unknown is neither.";
        Part::new(about, &name("turns", self.stage), body)
    }

    /// What is added up for the lines of this stage.
    fn totals(&self) -> Vec<&'static str> {
        let mut totals = TOTALS.to_vec();
        if self.per_case() {
            totals.push("answered");
        }
        if self.must_hold() {
            totals.extend(["members_met", "members_failed"]);
        }
        if self.gates.bear_on(self.stage) {
            totals.extend(["applies", "perhaps applies", "waived", "perhaps waived"]);
        }
        totals
    }

    fn per_case(&self) -> bool {
        self.lines().any(|line| matches!(line.kind, Kind::AnswersPerCase(..)))
    }

    fn must_hold(&self) -> bool {
        self.lines().any(|line| line.parts.iter().any(|part| part.role == PartRole::MustHold))
    }

    fn steps(&self) -> Part {
        let totals = self.totals();
        let sums =
            totals.iter().map(|what| format!("SUM(CASE WHEN what = '{what}' THEN n ELSE 0 END) AS {}", column(what)));
        let running = totals.iter().map(|what| {
            let column = column(what);
            format!("SUM({column}) OVER so_far AS {column}")
        });
        let (last, next) = (self.dialect.last_day(), self.dialect.next_day("until_day"));
        let mut changes = format!(
            "SELECT partner_id, line, what, sign * n AS n, CASE WHEN sign = 1 THEN from_day ELSE {next} END AS day\n\
             FROM {} CROSS JOIN (VALUES (1), (-1)) AS edges (sign)\nWHERE sign = 1 OR until_day < {last}",
            name("intervals", self.stage)
        );
        if self.stage > 0 {
            let turns = name("turns", self.stage);
            changes += &format!(
                "\nUNION ALL\nSELECT partner_id, line, what, CASE what WHEN 'confirmed' THEN yes ELSE -no END, day\n\
                 FROM {turns} CROSS JOIN (VALUES ('confirmed'), ('possible')) AS counts (what)\nWHERE role = 'counted'"
            );
            if self.must_hold() {
                changes += &format!(
                    "\nUNION ALL\nSELECT partner_id, line, what, CASE what WHEN 'members_met' THEN yes ELSE no END, day\n\
                     FROM {turns} CROSS JOIN (VALUES ('members_met'), ('members_failed')) AS counts (what)\n\
                     WHERE role = 'must hold'"
                );
            }
        }
        let body = format!(
            "SELECT partner_id, line, day,\n  {}\nFROM (\n  SELECT partner_id, line, day,\n    {}\n  FROM (\n{}\n  ) AS \
             changes\n  GROUP BY partner_id, line, day\n) AS days\n\
             WINDOW so_far AS (PARTITION BY partner_id, line ORDER BY day ROWS UNBOUNDED PRECEDING)",
            running.collect::<Vec<_>>().join(",\n  "),
            sums.collect::<Vec<_>>().join(",\n    "),
            indented(&changes, 4)
        );
        let about = "The counts from each day on which one of them changes: what begins less what has ended.";
        Part::new(about, &name("steps", self.stage), body)
    }

    fn statuses(&self) -> Part {
        let unbounded = if self.per_case() {
            "unbounded > 0 OR (l.kind = 'answers per case study' AND answered = 0)"
        } else {
            "unbounded > 0"
        };
        let carried: Vec<String> =
            self.totals()[3..].iter().map(|what| column(what)).chain([self.conditional(), self.members()]).collect();
        let steps = name("steps", self.stage);
        let body = format!(
            "SELECT partner_id, line, day, confirmed, possible, flagged,\n  CASE\n{}\n  END AS status\nFROM (\n  \
             SELECT partner_id, s.line, day, l.required, confirmed,\n    \
             CASE WHEN {unbounded} THEN NULL ELSE possible END AS possible,\n    {}\n  \
             FROM {steps} AS s JOIN lines AS l ON l.line = s.line\n) AS bounds",
            self.cases(),
            carried.iter().filter(|column| !column.is_empty()).cloned().collect::<Vec<_>>().join(", ")
        );
        let about = if self.stage == 0 {
            "Met when what is confirmed is enough, not met when even what is possible is not, else unknown. Possible is \
             NULL where it has no upper bound."
        } else {
            "The same for lines that combine others."
        };
        Part::new(about, &name("statuses", self.stage), body)
    }

    /// The column that says whether a line applies under conditions only; empty where none does.
    fn conditional(&self) -> String {
        let lines = self.lines().filter(|line| self.gates.conditional(line.number));
        let mut numbers: Vec<usize> = lines.map(|line| line.number).collect();
        numbers.sort_unstable();
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        match numbers.as_slice() {
            [] if self.gates.bear_on(self.stage) => "FALSE AS conditional".to_owned(),
            [] => String::new(),
            numbers => format!("s.line IN ({}) AS conditional", numbers.join(", ")),
        }
    }

    fn members(&self) -> String {
        if self.must_hold() { "l.members".to_owned() } else { String::new() }
    }

    fn cases(&self) -> String {
        let gated = self.gates.bear_on(self.stage);
        let (met, failed) =
            if self.must_hold() { (" AND members_met = members", " OR members_failed > 0") } else { ("", "") };
        let mut cases = Vec::new();
        if gated {
            cases.push("WHEN conditional AND perhaps_applies = 0 THEN 'not_applicable'".to_owned());
            cases.push("WHEN waived > 0 THEN 'waived'".to_owned());
        }
        cases.push(format!("WHEN confirmed >= required{met} THEN 'met'"));
        if gated {
            cases.push("WHEN (conditional AND applies = 0) OR perhaps_waived > 0 THEN 'unknown'".to_owned());
        }
        cases.push(format!("WHEN possible < required{failed} THEN 'not_met'"));
        cases.push("ELSE 'unknown'".to_owned());
        let cases: Vec<String> = cases.iter().map(|case| format!("    {case}")).collect();
        cases.join("\n")
    }
}

fn column(what: &str) -> String {
    what.replace(' ', "_")
}
