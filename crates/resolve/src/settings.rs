//! What the user may decide about comparing rows across files.

use crate::corrections::Correction;

/// The date column that stands for the day of launch; ACE has no launch date of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaunchDateColumn {
    /// `target_close_date`, which partners set to the real date when they launch.
    #[default]
    TargetClose,
    /// `aws_close_date`, as AWS sales sees it.
    AwsClose,
    /// The UTC day of `last_modified`.
    LastModified,
}

/// A statement of the user about two customer names of a partner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Override {
    /// The partner it is about; `None` = every partner.
    pub partner_id: Option<String>,
    /// One customer name; case, spaces and punctuation do not matter.
    pub left: String,
    /// The other customer name.
    pub right: String,
    /// Why the user says so; shown with the link.
    pub reason: String,
}

/// Decisions about comparing rows across files. [`Settings::default`] is what a run without `aceq.toml` uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The partner whom files without a partner column speak of. Needed only so that a roster without any row can
    /// replace an older one.
    pub default_partner: Option<String>,
    /// The column that becomes `launch_date`.
    pub launch_date: LaunchDateColumn,
    /// A launch more than this many years before the newest snapshot gets the finding `launched_long_ago`.
    pub launched_long_ago_years: u32,
    /// An amount more than this many times the partner's median may be annual (`maybe_annual`), if it also lies above
    /// the partner's usual spread.
    pub maybe_annual_times_median: u32,
    /// Amounts that a partner must have before any of them is far from the others.
    pub maybe_annual_rows: usize,
    /// An AWS account id or DUNS carried by more different customer names than this joins nobody.
    pub shared_identifier_names: usize,
    /// Pairs of names that are one customer.
    pub same: Vec<Override>,
    /// Pairs of names that are two customers, whatever the evidence; stronger than `same`.
    pub different: Vec<Override>,
    /// Statements about single rows, applied after all rows were compared.
    pub corrections: Vec<Correction>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default_partner: None,
            launch_date: LaunchDateColumn::default(),
            launched_long_ago_years: 5,
            maybe_annual_times_median: 6,
            maybe_annual_rows: 12,
            shared_identifier_names: 5,
            same: Vec::new(),
            different: Vec::new(),
            corrections: Vec::new(),
        }
    }
}

impl Override {
    /// Whether it speaks of `partner_id`.
    pub(crate) fn concerns(&self, partner_id: &str) -> bool {
        self.partner_id.as_deref().is_none_or(|stated| stated == partner_id)
    }
}
