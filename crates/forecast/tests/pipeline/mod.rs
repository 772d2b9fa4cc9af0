//! A pipeline that knows only when deals were engaged and how they closed: the shape of public CRM data.
//!
//! At each date the forecasts learn from what was known then, say for every open deal whether it is won within some days,
//! and are held against what happened. Two baselines: win rate × open, and plain competing risks (Aalen and Johansen's
//! estimate by days since the engagement, given open so far).

use aceq_forecast::{
    Defaults, Episode, Exposures, History, Ignored, Judged, Landmarks, LaunchCurve, LaunchModel, Origin, Seen, Stage,
    State, brier,
};
use std::collections::BTreeMap;

/// One deal.
#[derive(Clone)]
pub struct Sale {
    /// Who sells it: takes the place of the partner.
    pub seller: u32,
    pub engaged: i32,
    /// Stages by the day on which they were reached, ascending; in Qualified from the first day on where there are none.
    pub moves: Vec<(i32, Stage)>,
    pub closed: Option<Closed>,
}

/// How it closed.
#[derive(Clone, Copy)]
pub struct Closed {
    pub day: i32,
    pub end: State,
}

/// How forecasts of one method at one date came out.
pub struct Scored {
    pub method: &'static str,
    /// Forecast over actual number of wins.
    pub ratio: f64,
    pub brier: f64,
}

/// Open deals, wins within the horizon, and each method's score.
pub struct AtDate {
    pub open: usize,
    pub won: usize,
    pub scores: Vec<Scored>,
}

impl Sale {
    /// As it was known on `day`.
    fn known_at(&self, day: i32) -> Self {
        let moves = self.moves.iter().copied().filter(|step| step.0 <= day).collect();
        Self { closed: self.closed.filter(|closed| closed.day <= day), moves, ..*self }
    }

    fn won_by(&self, day: i32) -> bool {
        self.closed.is_some_and(|closed| closed.end == State::Launched && closed.day <= day)
    }

    /// Days that snapshots of every day would show.
    fn history(&self, today: i32) -> History {
        let seen =
            |first, last, state, target| Seen { first: Some(first), last: Some(last), state: Some(state), target };
        let mut states = Vec::new();
        let open_until = self.closed.map_or(today, |closed| closed.day - 1).max(self.engaged);
        let first = [(self.engaged, Stage::Qualified)];
        let moves = if self.moves.is_empty() { &first[..] } else { &self.moves };
        for (place, (from, stage)) in moves.iter().enumerate() {
            let until = moves.get(place + 1).map_or(open_until, |next| next.0 - 1);
            if *from <= until {
                states.push(seen((*from).max(self.engaged), until, State::Open(*stage), None));
            }
        }
        if let Some(closed) = self.closed {
            let day = closed.day.max(open_until + 1);
            states.push(seen(day, day, closed.end, Some(day)));
        }
        History { partner: self.seller, origin: Origin::Partner, created: Some(self.engaged), seen: states }
    }
}

/// Forecasts on `date` of wins within `horizon` days, by all methods.
pub fn at_date(sales: &[Sale], date: i32, horizon: i32) -> AtDate {
    let known: Vec<Sale> = sales.iter().filter(|sale| sale.engaged <= date).map(|sale| sale.known_at(date)).collect();
    let happened: Vec<&Sale> = sales.iter().filter(|sale| sale.engaged <= date).collect();
    let open: Vec<usize> = (0..known.len()).filter(|index| known[*index].closed.is_none()).collect();
    let won = |index: &usize| happened[*index].won_by(date + horizon);
    let score = |method, forecast: &dyn Fn(&Sale) -> f64| {
        let judged: Vec<Judged> = open
            .iter()
            .map(|index| Judged { probability: forecast(&known[*index]), outcome: won(index).into() })
            .collect();
        let total: f64 = judged.iter().map(|judged| judged.probability).sum();
        let actual = open.iter().filter(|index| won(index)).count() as f64;
        Scored { method, ratio: total / actual, brier: brier(&judged).expect("some deals are open") }
    };
    let plain = Plain::new(&known, date);
    let model = model(&known, date);
    let rate = win_rate(&known);
    AtDate {
        open: open.len(),
        won: open.iter().filter(|index| won(index)).count(),
        scores: vec![
            score("win rate × open", &|_| rate),
            score("plain competing risks", &|sale| plain.won_within(date - sale.engaged, horizon)),
            score("aceq", &|sale| {
                let episode = Episode::new(&sale.history(date), &mut Ignored::default());
                let known = episode.and_then(|episode| episode.known_on(date)).expect("it is open");
                LaunchCurve::new(&model, sale.seller, &known, date + horizon).launched_by(date + horizon)
            }),
        ],
    }
}

fn model(known: &[Sale], date: i32) -> LaunchModel {
    let mut ignored = Ignored::default();
    let episodes: Vec<Episode> =
        known.iter().filter_map(|sale| Episode::new(&sale.history(date), &mut ignored)).collect();
    let first = known.iter().map(|sale| sale.engaged).min().unwrap_or(date);
    let days: BTreeMap<u32, Vec<i32>> = known.iter().map(|sale| (sale.seller, (first..=date).collect())).collect();
    LaunchModel::fitted(&Exposures::new(&episodes, &days, Landmarks::default()), &Defaults::default())
}

fn win_rate(known: &[Sale]) -> f64 {
    let closed = known.iter().filter_map(|sale| sale.closed).collect::<Vec<_>>();
    closed.iter().filter(|closed| closed.end == State::Launched).count() as f64 / closed.len().max(1) as f64
}

/// Cumulative incidence of winning and probability of being open, by days since the engagement.
struct Plain {
    won: Vec<f64>,
    open: Vec<f64>,
}

impl Plain {
    fn new(known: &[Sale], date: i32) -> Self {
        let last = known.iter().map(|sale| date - sale.engaged).max().unwrap_or(0).max(0) as usize + 1;
        let (mut leaving, mut won, mut lost) = (vec![0.0; last + 1], vec![0.0; last + 1], vec![0.0; last + 1]);
        for sale in known {
            let days = (sale.closed.map_or(date, |closed| closed.day) - sale.engaged).max(0) as usize;
            leaving[days] += 1.0;
            match sale.closed.map(|closed| closed.end) {
                Some(State::Launched) => won[days] += 1.0,
                Some(_) => lost[days] += 1.0,
                None => {}
            }
        }
        let mut plain = Self { won: vec![0.0], open: vec![1.0] };
        let (mut at_risk, mut incidence, mut open) = (known.len() as f64, 0.0, 1.0);
        for day in 0..=last {
            if at_risk > 0.0 {
                incidence += open * won[day] / at_risk;
                open *= 1.0 - (won[day] + lost[day]) / at_risk;
            }
            at_risk -= leaving[day];
            plain.won.push(incidence);
            plain.open.push(open);
        }
        plain
    }

    /// Given open after `days`, won within another `horizon`.
    fn won_within(&self, days: i32, horizon: i32) -> f64 {
        let at = |values: &[f64], days: i32| values[(days.max(0) as usize + 1).min(values.len() - 1)];
        let open = at(&self.open, days);
        if open > 0.0 { (at(&self.won, days + horizon) - at(&self.won, days)) / open } else { 0.0 }
    }
}
