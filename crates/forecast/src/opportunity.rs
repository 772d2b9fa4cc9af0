//! The words of the launch model: stage, origin, and what a snapshot shows of an opportunity.

/// Stage of an open opportunity, in the order of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Shared, not qualified.
    Prospect,
    /// Qualified.
    Qualified,
    /// Technical validation.
    TechnicalValidation,
    /// Business validation.
    BusinessValidation,
    /// Committed.
    Committed,
}

/// What a stage says: still open, or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Neither launched nor lost.
    Open(Stage),
    /// Launched.
    Launched,
    /// Closed Lost.
    Lost,
}

/// Who brought the opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Partner Referral.
    Partner,
    /// AWS Referral.
    Aws,
    /// Not known.
    Unknown,
}

/// One state of an opportunity, as one snapshot or several in a row show it: a row of `stage_history`, or finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seen {
    /// Day of the oldest snapshot in a row that shows the state; `None` = no known day.
    pub first: Option<i32>,
    /// Day of the newest snapshot that still shows it; `None` = no known day.
    pub last: Option<i32>,
    /// The state; `None` = not known.
    pub state: Option<State>,
    /// The target close date that these snapshots show; once launched or lost, the day of it. `None` = not known.
    pub target: Option<i32>,
}

/// An opportunity and all that snapshots showed of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Number of the partner, chosen by the caller.
    pub partner: u32,
    /// Who brought it.
    pub origin: Origin,
    /// Day it was created; `None` = not known.
    pub created: Option<i32>,
    /// Its states. The order matters only between states of one day: the later one is believed.
    pub seen: Vec<Seen>,
}

impl History {
    /// What was known on `day`: the view of a backtest. `snapshots` are the days of the partner's snapshots.
    ///
    /// A state that later snapshots still show was last seen, as far as was known then, by the newest snapshot up to
    /// `day`. States without a day stay: they are older than every known one.
    #[must_use]
    pub fn known_at(&self, day: i32, snapshots: &[i32]) -> Self {
        let newest = snapshots.iter().copied().filter(|snapshot| *snapshot <= day).max();
        let known = self.seen.iter().filter(|seen| seen.first.is_none_or(|first| first <= day)).map(|seen| {
            let last = seen.first.zip(seen.last).map(|(first, last)| last.min(newest.unwrap_or(first)).max(first));
            Seen { last, ..*seen }
        });
        Self { seen: known.collect(), created: self.created, ..*self }
    }
}

impl Stage {
    /// Every open stage, in the order of the path.
    pub const ALL: [Self; 5] =
        [Self::Prospect, Self::Qualified, Self::TechnicalValidation, Self::BusinessValidation, Self::Committed];

    /// Place on the path, 0 (Prospect) to 4 (Committed).
    pub fn rank(self) -> usize {
        self as usize
    }
}

impl State {
    /// The state that a canonical stage name says; `None` for a name that no picklist holds.
    pub fn from_name(stage: &str) -> Option<Self> {
        match stage {
            "Launched" => Some(Self::Launched),
            "Closed Lost" => Some(Self::Lost),
            open => {
                let rank = usize::try_from(aceq_model::stage_rank(open)?).ok()?;
                Stage::ALL.get(rank).copied().map(Self::Open)
            }
        }
    }
}

impl Origin {
    /// The origin that a canonical name says.
    pub fn from_name(origin: Option<&str>) -> Self {
        match origin {
            Some("Partner Referral") => Self::Partner,
            Some("AWS Referral") => Self::Aws,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{History, Origin, Seen, Stage, State};

    /// Snapshots on days 0, 30, 60, 90. On day 70 the newest was that of day 60; the launch on day 90 was not known.
    #[test]
    fn the_past_is_seen_as_it_was_then() {
        let open = State::Open(Stage::Qualified);
        let seen = |first, last, state| Seen { first: Some(first), last: Some(last), state: Some(state), target: None };
        let undated = Seen { first: None, last: None, ..seen(0, 0, open) };
        let all = vec![undated, seen(0, 75, open), seen(90, 90, State::Launched)];
        let history = History { partner: 1, origin: Origin::Aws, created: None, seen: all.clone() };
        let known = |day| history.known_at(day, &[0, 30, 60, 90]).seen;
        assert_eq!(known(70), [undated, seen(0, 60, open)]);
        assert_eq!(known(90), all);
        assert_eq!(known(-1), [undated]);
    }

    #[test]
    fn names_of_the_picklists() {
        assert_eq!(State::from_name("Business Validation"), Some(State::Open(Stage::BusinessValidation)));
        assert_eq!(State::from_name("Launched"), Some(State::Launched));
        assert_eq!(State::from_name("Closed Lost"), Some(State::Lost));
        assert_eq!(State::from_name("Stalled"), None);
        assert_eq!(Origin::from_name(Some("AWS Referral")), Origin::Aws);
        assert_eq!(Origin::from_name(None), Origin::Unknown);
    }
}
