//! Covariate cells: everything that the launch model looks at, in classes, so that equal periods are counted together.
//!
//! A cell is (stage, age, origin, slips) as known on the landmark, and (band, due, old) of the period that lies so many
//! weeks after it: both the target date and the day of creation are known on the landmark, so that their distance from a
//! later week is, too. There are 529,200 cells, however many opportunities there are.

use crate::episode::Known;
use crate::opportunity::{Origin, Stage};

/// Days of a period.
pub const PERIOD_DAYS: i32 = 7;

/// First week of each band of weeks since the landmark; the last band has no end.
pub const BANDS: [i32; 10] = [0, 1, 2, 4, 8, 13, 26, 39, 52, 78];

/// First week of each class of age in stage; the last class has no end. One more class is "not known".
const AGES: [i32; 8] = [0, 2, 4, 8, 13, 26, 52, 104];

/// Weeks that stand for each class of age.
const AGE_WEEKS: [f64; 8] = [1.0, 3.0, 6.0, 10.0, 19.0, 38.0, 76.0, 130.0];

/// Weeks in stage to which the effect of age is relative; an unknown age counts as this.
const USUAL_AGE: f64 = 8.0;

/// First week since creation of each class but the last, which is "not known". Finer than the age in stage: pipelines
/// have habits (a close in the first fortnight, a push in the third month) that a smooth curve would miss.
pub const OLD: [i32; 13] = [0, 1, 2, 4, 8, 10, 13, 16, 20, 26, 39, 52, 104];

/// How far the target date lies off, from the middle of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// Not known.
    Unknown,
    /// Passed more than 90 days before.
    LongOverdue,
    /// Passed at most 90 days before.
    Overdue,
    /// Within 30 days.
    Within30,
    /// In 31 to 90 days.
    Within90,
    /// In 91 to 180 days.
    Within180,
    /// Later.
    Later,
}

const DUES: usize = 7;
const ORIGINS: usize = 3;
const STAGES: usize = Stage::ALL.len();
const AGE_CLASSES: usize = AGES.len() + 1;
const OLD_CLASSES: usize = OLD.len() + 1;

/// Times put off are counted up to this.
const MOST_SLIPS: u32 = 3;

/// How many cells there are.
pub const CELLS: usize = STAGES * AGE_CLASSES * ORIGINS * (MOST_SLIPS as usize + 1) * BANDS.len() * DUES * OLD_CLASSES;

/// Where the parameters of one outcome lie, one block after the other.
mod place {
    use super::{BANDS, DUES, OLD, STAGES};
    pub(super) const LEVEL: usize = 0;
    pub(super) const STAGE: usize = LEVEL + 1;
    pub(super) const INCREMENT: usize = STAGE + STAGES;
    pub(super) const AGE: usize = INCREMENT + STAGES * (BANDS.len() - 1);
    pub(super) const AGE_UNKNOWN: usize = AGE + 1;
    pub(super) const ORIGIN: usize = AGE_UNKNOWN + 1;
    pub(super) const DUE: usize = ORIGIN + 2;
    pub(super) const SLIPS: usize = DUE + DUES - 1;
    pub(super) const OLD_SINCE: usize = SLIPS + 1;
    pub(super) const END: usize = OLD_SINCE + OLD.len();
}

/// Parameters of one outcome.
pub const PARAMETERS: usize = place::END;

/// A parameter of the model, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Level of all.
    Level,
    /// What a stage adds in the first week.
    Stage(Stage),
    /// What a stage adds from one band to the next; the band is 1 to 9.
    Increment(Stage, usize),
    /// Per unit of ln(1 + weeks in stage), relative to 8 weeks.
    Age,
    /// Age in stage not known.
    AgeUnknown,
    /// An AWS Referral, against a Partner Referral.
    Aws,
    /// Origin not known, against a Partner Referral.
    OriginUnknown,
    /// Distance of the target date, against one that is not known.
    Due(Due),
    /// Each time the target was put off, up to 3.
    Slips,
    /// Weeks since creation in this class of [`OLD`], against a day of creation that is not known.
    Old(usize),
}

/// The landmark's part of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Profile {
    stage: Stage,
    age: u8,
    origin: Origin,
    slips: u8,
}

/// All that the hazards of one period depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    profile: Profile,
    band: u8,
    due: Due,
    old: u8,
}

impl Due {
    const ALL: [Self; DUES] =
        [Self::Unknown, Self::LongOverdue, Self::Overdue, Self::Within30, Self::Within90, Self::Within180, Self::Later];

    /// The class of a target date `days` ahead.
    pub fn of_days(days: Option<i64>) -> Self {
        match days {
            None => Self::Unknown,
            Some(i64::MIN..-90) => Self::LongOverdue,
            Some(-90..0) => Self::Overdue,
            Some(0..=30) => Self::Within30,
            Some(31..=90) => Self::Within90,
            Some(91..=180) => Self::Within180,
            Some(181..) => Self::Later,
        }
    }
}

impl Profile {
    /// The classes of what is known.
    pub fn new(known: &Known) -> Self {
        let class = |days: i32| AGES.partition_point(|first| *first <= days.max(0) / PERIOD_DAYS) - 1;
        Self {
            stage: known.stage,
            age: known.age.map_or(AGES.len(), class) as u8,
            origin: known.origin,
            slips: known.slips.min(MOST_SLIPS) as u8,
        }
    }
}

impl Cell {
    /// The cell of the period that begins `week` weeks after the landmark.
    pub fn new(known: &Known, week: i32) -> Self {
        Self::of_profile(Profile::new(known), known, week)
    }

    pub(crate) fn of_profile(profile: Profile, known: &Known, week: i32) -> Self {
        let middle = i64::from(known.day) + i64::from(week) * i64::from(PERIOD_DAYS) + i64::from(PERIOD_DAYS / 2);
        let due = Due::of_days(known.target.map(|target| i64::from(target) - middle));
        let old = known.created.map_or(OLD.len(), |created| {
            let weeks = (middle - i64::from(created)).max(0) / i64::from(PERIOD_DAYS);
            OLD.partition_point(|first| i64::from(*first) <= weeks) - 1
        });
        Self { profile, band: band_of(week) as u8, due, old: old as u8 }
    }

    /// Number of the cell, below [`CELLS`].
    pub fn index(self) -> usize {
        let mut index = self.profile.stage.rank();
        index = index * AGE_CLASSES + usize::from(self.profile.age);
        index = index * ORIGINS + self.profile.origin as usize;
        index = index * (MOST_SLIPS as usize + 1) + usize::from(self.profile.slips);
        index = index * BANDS.len() + usize::from(self.band);
        index = index * DUES + self.due as usize;
        index * OLD_CLASSES + usize::from(self.old)
    }

    /// The cell with this number; numbers of [`CELLS`] and more come round again.
    pub fn from_index(index: usize) -> Self {
        let (rest, old) = (index / OLD_CLASSES, (index % OLD_CLASSES) as u8);
        let (rest, due) = (rest / DUES, Due::ALL[rest % DUES]);
        let (rest, band) = (rest / BANDS.len(), (rest % BANDS.len()) as u8);
        let slips_classes = MOST_SLIPS as usize + 1;
        let (rest, slips) = (rest / slips_classes, (rest % slips_classes) as u8);
        let origin = [Origin::Partner, Origin::Aws, Origin::Unknown][rest % ORIGINS];
        let (rest, age) = (rest / ORIGINS / AGE_CLASSES, (rest / ORIGINS % AGE_CLASSES) as u8);
        Self { profile: Profile { stage: Stage::ALL[rest % STAGES], age, origin, slips }, band, due, old }
    }

    /// Parameters that play a part, each with its factor: the non-zero entries of the design vector `x`.
    pub fn design(self) -> Design {
        let mut design = Design::default();
        let Profile { stage, age, origin, slips } = self.profile;
        design.push(Parameter::Level, 1.0);
        design.push(Parameter::Stage(stage), 1.0);
        for band in 1..=usize::from(self.band) {
            design.push(Parameter::Increment(stage, band), 1.0);
        }
        match AGE_WEEKS.get(usize::from(age)) {
            Some(weeks) => design.push(Parameter::Age, weeks.ln_1p() - USUAL_AGE.ln_1p()),
            None => design.push(Parameter::AgeUnknown, 1.0),
        }
        match origin {
            Origin::Partner => {}
            Origin::Aws => design.push(Parameter::Aws, 1.0),
            Origin::Unknown => design.push(Parameter::OriginUnknown, 1.0),
        }
        if self.due != Due::Unknown {
            design.push(Parameter::Due(self.due), 1.0);
        }
        if slips > 0 {
            design.push(Parameter::Slips, f64::from(slips));
        }
        if usize::from(self.old) < OLD.len() {
            design.push(Parameter::Old(usize::from(self.old)), 1.0);
        }
        design
    }
}

impl Parameter {
    /// Place of the parameter within those of an outcome.
    pub fn place(self) -> usize {
        match self {
            Self::Level => place::LEVEL,
            Self::Stage(stage) => place::STAGE + stage.rank(),
            Self::Increment(stage, band) => place::INCREMENT + stage.rank() * (BANDS.len() - 1) + band - 1,
            Self::Age => place::AGE,
            Self::AgeUnknown => place::AGE_UNKNOWN,
            Self::Aws => place::ORIGIN,
            Self::OriginUnknown => place::ORIGIN + 1,
            Self::Due(due) => place::DUE + (due as usize).saturating_sub(1),
            Self::Slips => place::SLIPS,
            Self::Old(class) => place::OLD_SINCE + class,
        }
    }

    /// Every parameter, by place.
    pub fn all() -> impl Iterator<Item = Self> {
        let stages = Stage::ALL.into_iter();
        let increments =
            stages.clone().flat_map(|stage| (1..BANDS.len()).map(move |band| Self::Increment(stage, band)));
        std::iter::once(Self::Level)
            .chain(stages.map(Self::Stage))
            .chain(increments)
            .chain([Self::Age, Self::AgeUnknown, Self::Aws, Self::OriginUnknown])
            .chain(Due::ALL.into_iter().skip(1).map(Self::Due))
            .chain([Self::Slips])
            .chain((0..OLD.len()).map(Self::Old))
    }
}

/// The non-zero entries of a design vector.
#[derive(Clone, Copy, Debug, Default)]
pub struct Design {
    entries: [(u8, f64); 20],
    count: usize,
}

impl Design {
    fn push(&mut self, parameter: Parameter, factor: f64) {
        self.entries[self.count] = (parameter.place() as u8, factor);
        self.count += 1;
    }

    /// Place and factor of each.
    pub fn entries(&self) -> impl Iterator<Item = (usize, f64)> + Clone {
        self.entries[..self.count].iter().map(|(place, factor)| (usize::from(*place), *factor))
    }
}

/// The band in which a week after the landmark lies.
pub fn band_of(week: i32) -> usize {
    BANDS.partition_point(|first| *first <= week.max(0)) - 1
}

#[cfg(test)]
mod tests {
    use super::{BANDS, CELLS, Cell, Due, PARAMETERS, Parameter, band_of};
    use crate::episode::Known;
    use crate::opportunity::{Origin, Stage};

    #[test]
    fn cells_and_their_numbers_are_inverse() {
        assert!((0..CELLS).all(|index| Cell::from_index(index).index() == index));
    }

    #[test]
    fn every_parameter_has_its_place() {
        let places: Vec<usize> = Parameter::all().map(Parameter::place).collect();
        assert_eq!(places, (0..PARAMETERS).collect::<Vec<_>>());
    }

    #[test]
    fn a_target_comes_nearer_as_weeks_pass() {
        let known = Known {
            day: 0,
            stage: Stage::Qualified,
            origin: Origin::Aws,
            age: Some(20),
            target: Some(100),
            slips: 7,
            created: None,
        };
        let due = |week| Cell::new(&known, week).due;
        assert_eq!([due(0), due(2), due(10), due(14)], [Due::Within180, Due::Within90, Due::Within30, Due::Overdue]);
        assert_eq!([due(27), due(28)], [Due::LongOverdue, Due::LongOverdue]);
        assert_eq!(Due::of_days(Some(-90)), Due::Overdue);
        assert_eq!(Due::of_days(Some(i64::MIN)), Due::LongOverdue);
    }

    #[test]
    fn bands_have_no_gap() {
        assert_eq!([0, 1, 3, 4, 77, 78, 9_999].map(band_of), [0, 1, 2, 3, 8, 9, 9]);
        assert!(BANDS.is_sorted());
    }

    /// Level, stage, three increments up to the fourth band, age, origin, due, slips; 30 + 5 · 7 + 3 days are 9 weeks old.
    #[test]
    fn a_design_vector() {
        let known = Known {
            day: 0,
            stage: Stage::Committed,
            origin: Origin::Aws,
            age: None,
            target: Some(40),
            slips: 2,
            created: Some(-30),
        };
        let design: Vec<(usize, f64)> = Cell::new(&known, 5).design().entries().collect();
        let expected = [
            (Parameter::Level, 1.0),
            (Parameter::Stage(Stage::Committed), 1.0),
            (Parameter::Increment(Stage::Committed, 1), 1.0),
            (Parameter::Increment(Stage::Committed, 2), 1.0),
            (Parameter::Increment(Stage::Committed, 3), 1.0),
            (Parameter::AgeUnknown, 1.0),
            (Parameter::Aws, 1.0),
            (Parameter::Due(Due::Within30), 1.0),
            (Parameter::Slips, 2.0),
            (Parameter::Old(4), 1.0),
        ];
        assert_eq!(design, expected.map(|(parameter, factor)| (parameter.place(), factor)));
    }
}
