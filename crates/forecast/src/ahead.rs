//! From the outlook of a checklist and the launch curves to probabilities: exactly where that can be, drawn elsewhere.
//!
//! ```text
//!  row ── decided by dates alone ────────────────────────────▶ calendar: 0 or 1
//!     └── on this date only one count is open to chance ─────▶ exact: its Poisson-binomial distribution
//!     └── several are, and share deals ──────────────────────▶ drawn: all of them on the same seeded draws
//! ```

use crate::draws::{
    Condition, DrawKey, DrawPlan, Drawn, DrawnCount, DrawnLaunch, DrawnUnit, OpenOpportunity, cuts_for, draw,
};
use crate::launch::LaunchCurve;
use crate::poisson_binomial::CountDistribution;
use crate::rounding::{rounded, rounded_chance, rounded_count};
use crate::units::{day_before_window, launch_probability, unit_probability};
use aceq_model::{AsOf, ForecastBasis};
use aceq_timeline::{CountOutlook, Doubt, LaunchDates, LaunchPart, Logic, Outlook, StakeUnit, Truth};

/// What is looked ahead at, and how.
#[derive(Clone, Debug)]
pub struct Looking<'l> {
    /// One partner and checklist.
    pub outlook: &'l Outlook,
    /// Curves of the partner's open opportunities, by their place in the outlook.
    pub curves: &'l [LaunchCurve],
    /// Their numbers (the digits of their ids), which choose their random numbers.
    pub numbers: &'l [u64],
    /// As-of dates, ascending.
    pub dates: &'l [AsOf],
    /// Draws for joint conditions.
    pub draws: u32,
    /// What chooses the random numbers.
    pub key: DrawKey,
    /// Drivers that are named per row and date.
    pub drivers: usize,
    /// How many of the first opportunities exist: only these can be named.
    pub existing: usize,
}

/// One row of the checklist on one date.
#[derive(Clone, Debug, PartialEq)]
pub struct AheadRow {
    /// Expected count, to two decimals; `None` for rows without a count that launches play a part in.
    pub expected: Option<f64>,
    /// 10, 50 and 90 % points of the count, in units; `None` as above.
    pub quantiles: Option<[i64; 3]>,
    /// Probability of being satisfied, what is unknown counting against it; four decimals.
    pub p_met: f64,
    /// The same with what is unknown in its favour.
    pub p_met_at_most: f64,
    /// How the probability was found.
    pub basis: ForecastBasis,
    /// The opportunities that move `p_met` most.
    pub drivers: Vec<AheadDriver>,
}

/// An opportunity that moves a probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AheadDriver {
    /// Its place in the outlook.
    pub open: usize,
    /// Probability that it launches such that it counts; four decimals.
    pub p_counts: f64,
    /// P(met, were that sure) − P(met, were it lost); four decimals.
    pub moves: f64,
}

/// A probability and the opportunities that move it.
#[derive(Clone, Debug, Default)]
struct Judged {
    p: f64,
    basis: Basis,
    drivers: Vec<AheadDriver>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Basis {
    #[default]
    Exact,
    Drawn,
}

/// Least difference that makes a driver: half of the last decimal.
const LEAST_MOVE: f64 = 0.00005;

/// Every row of the checklist on every date, in the order of the outlook's rows and of the dates.
pub fn look_ahead(looking: &Looking<'_>) -> Vec<Vec<AheadRow>> {
    let against = Side::new(looking, Doubt::Against);
    let in_favour = Side::new(looking, Doubt::InFavour);
    let row =
        |index: usize| (0..looking.dates.len()).map(|date| ahead_row(&against, &in_favour, index, date)).collect();
    (0..looking.outlook.rows.len()).map(row).collect()
}

fn ahead_row(against: &Side<'_>, in_favour: &Side<'_>, row: usize, date: usize) -> AheadRow {
    let outlook = &against.looking.outlook.rows[row];
    let judged = against.judge(row, date);
    // More never counts against a requirement; what is drawn or rounded must not say so either.
    let at_most = in_favour.judge(row, date).p.max(judged.p);
    let count = outlook.count.map(|count| &against.distributions[count][date]);
    let basis = match (outlook.logic.is_decided(), outlook.part, judged.basis) {
        (true, LaunchPart::Followed, _) => ForecastBasis::Calendar,
        (_, LaunchPart::NotFollowed, _) => ForecastBasis::Held,
        (false, _, Basis::Exact) => ForecastBasis::Exact,
        (false, _, Basis::Drawn) => ForecastBasis::Drawn,
    };
    AheadRow {
        expected: count.map(|count| rounded_count(count.mean())),
        quantiles: count.map(|count| [0.1, 0.5, 0.9].map(|share| count.quantile(share))),
        p_met: rounded_chance(judged.p),
        p_met_at_most: rounded_chance(at_most),
        basis,
        drivers: judged.drivers,
    }
}

/// All counts at one way to resolve doubt.
struct Side<'l> {
    looking: &'l Looking<'l>,
    doubt: Doubt,
    /// Per count and date.
    distributions: Vec<Vec<CountDistribution>>,
    /// Per count and date: probability of reaching what is required.
    reached: Vec<Vec<f64>>,
    /// Per row and date which counts its answer hangs on, each open to chance.
    hanging: Vec<Vec<Vec<usize>>>,
    /// The draws, and which row is which condition; `None` where nothing is drawn.
    drawn: Option<(Drawn, Vec<Option<usize>>)>,
}

impl<'l> Side<'l> {
    fn new(looking: &'l Looking<'l>, doubt: Doubt) -> Self {
        let of_count = |count: &CountOutlook| {
            let on = |date: &AsOf| crate::units::count_distribution(count.level(doubt), looking.curves, date.date());
            looking.dates.iter().map(on).collect()
        };
        let distributions: Vec<Vec<CountDistribution>> = looking.outlook.counts.iter().map(of_count).collect();
        let reached = looking.outlook.counts.iter().zip(&distributions);
        let reached = reached.map(|(count, by_date)| by_date.iter().map(|one| one.at_least(count.required)).collect());
        let mut side =
            Self { looking, doubt, reached: reached.collect(), distributions, hanging: Vec::new(), drawn: None };
        side.hanging = (0..looking.outlook.rows.len())
            .map(|row| (0..looking.dates.len()).map(|date| side.hangs_on(row, date)).collect())
            .collect();
        side.drawn = side.draw();
        side
    }

    fn required(&self, count: usize) -> i64 {
        self.looking.outlook.counts[count].required
    }

    fn p_of_count(&self, count: usize, date: usize) -> f64 {
        self.reached[count][date]
    }

    fn holds(&self, row: usize, date: usize, count_holds: &impl Fn(usize) -> bool) -> bool {
        let day = self.looking.dates[date].days();
        self.looking.outlook.rows[row].logic.holds(day, self.doubt, count_holds)
    }

    /// The counts that are open to chance and on which the answer hangs; none where it is sure.
    fn hangs_on(&self, row: usize, date: usize) -> Vec<usize> {
        let logic = &self.looking.outlook.rows[row].logic;
        if logic.is_decided() {
            return Vec::new();
        }
        let at_best = self.holds(row, date, &|count| self.p_of_count(count, date) > 0.0);
        let at_worst = self.holds(row, date, &|count| self.p_of_count(count, date) >= 1.0);
        if at_best == at_worst {
            return Vec::new();
        }
        let mut counts = Vec::new();
        counts_of(logic, &mut counts);
        counts.sort_unstable();
        counts.dedup();
        counts.retain(|count| {
            let p = self.p_of_count(*count, date);
            p > 0.0 && p < 1.0
        });
        counts
    }

    fn judge(&self, row: usize, date: usize) -> Judged {
        match self.hanging[row][date].as_slice() {
            [] => {
                let holds = self.holds(row, date, &|count| self.p_of_count(count, date) >= 1.0);
                Judged { p: f64::from(u8::from(holds)), ..Judged::default() }
            }
            [count] => self.exact(*count, date),
            _ => self.drawn(row, date),
        }
    }

    /// Only `count` is open, so the answer is that of the count.
    fn exact(&self, count: usize, date: usize) -> Judged {
        let all = &self.distributions[count][date];
        let level = self.looking.outlook.counts[count].level(self.doubt);
        let mut drivers = Vec::new();
        if self.doubt == Doubt::Against {
            for unit in &level.units {
                self.drivers_of(unit, all, self.required(count), date, &mut drivers);
            }
        }
        Judged { p: self.p_of_count(count, date), basis: Basis::Exact, drivers: self.ranked(drivers) }
    }

    /// With the unit's other deals `o`: P(met | sure) − P(met | lost) = (1 − p_o) · P(the other units are one short).
    fn drivers_of(
        &self,
        unit: &StakeUnit,
        all: &CountDistribution,
        required: i64,
        date: usize,
        into: &mut Vec<AheadDriver>,
    ) {
        let as_of = self.looking.dates[date].date();
        let p = unit_probability(unit, self.looking.curves, as_of);
        if p <= 0.0 || p >= 1.0 {
            return;
        }
        let one_short = all.without(p).exactly(required - 1);
        for (place, (open, dates)) in unit.launches.iter().enumerate() {
            let p_counts = launch_probability(&self.looking.curves[*open], *dates, as_of);
            if p_counts <= 0.0 {
                continue;
            }
            let others = unit.launches.iter().enumerate().filter(|(other, _)| *other != place);
            let out: f64 = others
                .map(|(_, (open, dates))| 1.0 - launch_probability(&self.looking.curves[*open], *dates, as_of))
                .product();
            into.push(AheadDriver { open: *open, p_counts, moves: out * one_short });
        }
    }

    fn drawn(&self, row: usize, date: usize) -> Judged {
        let Some((drawn, conditions)) = &self.drawn else { return Judged::default() };
        let Some(condition) = conditions[row] else { return Judged::default() };
        // It is open to chance, so never and always are a matter of too few draws: half a draw is left to the other side.
        let least = 0.5 / f64::from(drawn.draws.max(1));
        let p = drawn.probability(condition, date).clamp(least, 1.0 - least);
        let mut drivers = Vec::new();
        if self.doubt == Doubt::Against {
            let held = drawn.held[condition][date];
            for (open, together) in drawn.drivers[condition].iter().enumerate() {
                if let Some(moves) = together[date].moves(drawn.draws, held) {
                    let p_counts = self.looking.curves[open].launched_by(self.looking.dates[date].days());
                    drivers.push(AheadDriver { open, p_counts, moves });
                }
            }
        }
        Judged { p, basis: Basis::Drawn, drivers: self.ranked(drivers) }
    }

    /// The strongest, strongest first; of equal ones that with the smaller number.
    fn ranked(&self, drivers: Vec<AheadDriver>) -> Vec<AheadDriver> {
        let round = |driver: AheadDriver| AheadDriver {
            p_counts: rounded_chance(driver.p_counts),
            moves: rounded(driver.moves),
            ..driver
        };
        let mut drivers: Vec<AheadDriver> = drivers.into_iter().map(round).collect();
        drivers.retain(|driver| driver.moves > LEAST_MOVE && driver.open < self.looking.existing);
        let number = |driver: &AheadDriver| self.looking.numbers[driver.open];
        drivers.sort_by(|a, b| b.moves.total_cmp(&a.moves).then(number(a).cmp(&number(b))).then(a.open.cmp(&b.open)));
        drivers.truncate(self.looking.drivers);
        drivers
    }

    /// Draws for the rows that need it.
    fn draw(&self) -> Option<(Drawn, Vec<Option<usize>>)> {
        let needs = |dates: &Vec<Vec<usize>>| dates.iter().any(|counts| counts.len() > 1);
        let mut conditions = Vec::new();
        let mut places = Vec::new();
        let used = counts_used(&self.hanging);
        for (row, hanging) in self.looking.outlook.rows.iter().zip(&self.hanging) {
            places.push(needs(hanging).then(|| {
                conditions.push(self.condition(&row.logic, &used));
                conditions.len() - 1
            }));
        }
        if conditions.is_empty() {
            return None;
        }
        let plan = self.plan(conditions, &used);
        Some((draw(&plan, self.looking.draws), places))
    }

    fn plan(&self, conditions: Vec<Condition>, used: &[usize]) -> DrawPlan {
        let dates = self.looking.dates;
        let counts: Vec<&CountOutlook> = used.iter().map(|count| &self.looking.outlook.counts[*count]).collect();
        let early: Vec<Vec<Option<i32>>> = counts.iter().map(|count| too_early(count, self.doubt, dates)).collect();
        let (cuts, positions) = cuts_for(dates, early.iter().flatten().flatten().copied());
        let cut_of = |day: i32| cuts.partition_point(|cut| *cut < day);
        let drawn_counts = counts.iter().zip(&early).map(|(count, early)| DrawnCount {
            certain: dates.iter().map(|date| *count.level(self.doubt).sure.at(date.days())).collect(),
            too_early: early.iter().map(|day| day.map(cut_of)).collect(),
            units: count.level(self.doubt).units.iter().map(|unit| drawn_unit(unit, dates)).collect(),
        });
        let open = self.looking.curves.iter().zip(self.looking.numbers).map(|(curve, number)| OpenOpportunity {
            number: *number,
            launched_by: cuts.iter().map(|cut| curve.launched_by(*cut)).collect(),
        });
        DrawPlan {
            key: self.looking.key.clone(),
            dates: positions,
            open: open.collect(),
            counts: drawn_counts.collect(),
            conditions,
            cuts: cuts.clone(),
        }
    }

    /// The logic as a condition of a draw; counts that no drawn row hangs on are sure by date.
    fn condition(&self, logic: &Logic, used: &[usize]) -> Condition {
        let by_date = |holds: &dyn Fn(usize) -> bool| {
            let truth = |date| if holds(date) { Truth::True } else { Truth::False };
            Condition::Fixed((0..self.looking.dates.len()).map(truth).collect())
        };
        let is = |truth: Truth| truth == Truth::True || self.doubt == Doubt::InFavour && truth == Truth::Unknown;
        let day = |date: usize| self.looking.dates[date].days();
        match logic {
            Logic::Decided(steps) => by_date(&|date| is(*steps.at(day(date)))),
            Logic::Count(count) => match used.iter().position(|used| used == count) {
                Some(place) => Condition::AtLeast(place, self.required(*count)),
                None => by_date(&|date| self.p_of_count(*count, date) >= 1.0),
            },
            Logic::AtLeast(least, parts) => {
                let parts: Vec<Condition> = parts.iter().map(|part| self.condition(part, used)).collect();
                if *least == parts.len() { Condition::All(parts) } else { Condition::SomeOf(*least, parts) }
            }
            Logic::Gated { applies, waived, rule } => {
                let gate = by_date(&|date| is(!*applies.at(day(date))) || is(*waived.at(day(date))));
                Condition::Any(vec![gate, self.condition(rule, used)])
            }
        }
    }
}

/// Counts that drawn rows hang on, ascending.
fn counts_used(hanging: &[Vec<Vec<usize>>]) -> Vec<usize> {
    let mut used: Vec<usize> = hanging.iter().flatten().filter(|counts| counts.len() > 1).flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn counts_of(logic: &Logic, into: &mut Vec<usize>) {
    match logic {
        Logic::Decided(_) => {}
        Logic::Count(count) => into.push(*count),
        Logic::AtLeast(_, parts) => parts.iter().for_each(|part| counts_of(part, into)),
        Logic::Gated { rule, .. } => counts_of(rule, into),
    }
}

/// Per date the last day that is too early for the count's window: all launches of a count have the window of its rule.
fn too_early(count: &CountOutlook, doubt: Doubt, dates: &[AsOf]) -> Vec<Option<i32>> {
    let mut launches = count.level(doubt).units.iter().flat_map(|unit| &unit.launches);
    let window = launches.find_map(|(_, dates)| match dates {
        LaunchDates::Window(window) => Some(*window),
        LaunchDates::From(_) => None,
    });
    dates.iter().map(|date| day_before_window(window?, date.date())).collect()
}

fn drawn_unit(unit: &StakeUnit, dates: &[AsOf]) -> DrawnUnit {
    let on = |holds: &dyn Fn(i32) -> bool| -> Vec<usize> {
        (0..dates.len()).filter(|date| holds(dates[*date].days())).collect()
    };
    let launch = |(open, when): &(usize, LaunchDates)| DrawnLaunch {
        open: *open,
        only_on: match when {
            LaunchDates::Window(_) => None,
            LaunchDates::From(interval) => Some(on(&|day| interval.contains(day))),
        },
    };
    DrawnUnit {
        open: unit.launches.iter().map(launch).collect(),
        sure_on: on(&|day| unit.sure.iter().any(|interval| interval.contains(day))),
    }
}

#[cfg(test)]
mod tests;
