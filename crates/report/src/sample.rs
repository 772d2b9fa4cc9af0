//! Rows for tests.

use crate::status_table::{RequirementInfo, RequirementInfos, RequirementKind, StatusPages, Weight};
use crate::{Format, Frame};
use aceq_model::{Status, StatusRow};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The rows as they are printed, partner by partner.
pub(crate) fn paged(pages: &StatusPages<'_>, rows: &[StatusRow]) -> String {
    let mut partners: BTreeMap<&str, Vec<StatusRow>> = BTreeMap::new();
    rows.iter().for_each(|row| partners.entry(&row.partner_id).or_default().push(row.clone()));
    let texts: Vec<String> = partners.values().map(|rows| pages.page(rows)).collect();
    let Frame { begin, between, end, none } = pages.frame();
    if texts.is_empty() { none } else { begin + &texts.join(between) + &end }
}

/// The rows in `format`, for 80 columns.
pub(crate) fn status_text(rows: &[StatusRow], format: Format) -> String {
    let dates = rows.iter().map(|row| row.as_of).collect();
    let titles = RequirementInfos::new();
    let pages = StatusPages { format, dates: &dates, titles: &titles, color: false, width: 80, verbose: false };
    paged(&pages, rows)
}

/// A status row that can be changed field by field.
pub(crate) struct StatusEdit(StatusRow);

/// A count of `self` for `smb 2025-08` on 2026-11-20, with the status that follows from it.
pub(crate) fn row(id: &str, confirmed: i64, possible: Option<i64>, required: i64) -> StatusRow {
    let status = if confirmed >= required {
        Status::Met
    } else if possible.is_some_and(|possible| possible < required) {
        Status::NotMet
    } else {
        Status::Unknown
    };
    StatusRow {
        partner_id: "self".to_owned(),
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: id.to_owned(),
        reading: "adopted".to_owned(),
        as_of: date("2026-11-20"),
        status,
        confirmed: confirmed * 100,
        possible: possible.map(|possible| possible * 100),
        required: required * 100,
        shortfall: (required - confirmed).max(0) * 100,
        member: None,
        met_from: None,
        met_until: None,
        margin_days: None,
        counted_with_findings: Some(0),
        is_sum: false,
    }
}

/// A sum of money in cents, unbounded above.
pub(crate) fn sum_row(id: &str, confirmed: i64, required: i64) -> StatusRow {
    StatusRow { confirmed, required, shortfall: (required - confirmed).max(0), is_sum: true, ..row(id, 0, None, 1) }
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl StatusEdit {
    pub(crate) fn of(id: &str) -> Self {
        Self(row(id, 1, Some(1), 1))
    }

    pub(crate) fn count(self, confirmed: i64, possible: Option<i64>, required: i64) -> Self {
        let StatusRow { partner_id, requirement_id, reading, as_of, member, .. } = self.0;
        let counted = row(&requirement_id, confirmed, possible, required);
        Self(StatusRow { partner_id, reading, as_of, member, ..counted })
    }

    pub(crate) fn partner(self, partner: &str) -> Self {
        Self(StatusRow { partner_id: partner.to_owned(), ..self.0 })
    }

    pub(crate) fn reading(self, reading: &str) -> Self {
        Self(StatusRow { reading: reading.to_owned(), ..self.0 })
    }

    pub(crate) fn member(self, member: &str) -> Self {
        Self(StatusRow { member: Some(member.to_owned()), ..self.0 })
    }

    pub(crate) fn on(self, as_of: &str) -> Self {
        Self(StatusRow { as_of: date(as_of), ..self.0 })
    }

    pub(crate) fn status(self, status: Status) -> Self {
        Self(StatusRow { status, ..self.0 })
    }

    pub(crate) fn met(self, from: Option<&str>, until: Option<&str>) -> Self {
        Self(StatusRow { met_from: from.map(date), met_until: until.map(date), ..self.0 })
    }

    pub(crate) fn findings(self, rows: i64) -> Self {
        Self(StatusRow { counted_with_findings: Some(rows), ..self.0 })
    }

    pub(crate) fn build(self) -> StatusRow {
        self.0
    }
}

/// Titles of requirements of `smb 2025-08`.
pub(crate) fn titles(of: &[(&str, &str, RequirementKind)]) -> RequirementInfos {
    let info = |(id, title, kind): &(&str, &str, RequirementKind)| {
        let key = ("smb".to_owned(), "2025-08".to_owned(), (*id).to_owned());
        let weight = if *id == "2.3" { Weight::Advice } else { Weight::Required };
        (key, RequirementInfo { title: (*title).to_owned(), section: (*id).to_owned(), kind: *kind, weight })
    };
    of.iter().map(info).collect()
}
