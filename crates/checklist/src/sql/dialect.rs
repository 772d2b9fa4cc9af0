//! Where DuckDB and Spark write the same thing differently.

use aceq_model::{OPEN_END, OPEN_START};
use chrono::NaiveDate;

/// The engine that the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Spark SQL, with Spark's default settings.
    Spark,
}

impl Dialect {
    /// The engine's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "DuckDB",
            Self::Spark => "Spark SQL",
        }
    }

    /// A text in quotes, always on one line. A backslash starts an escape in Spark; in DuckDB it does so only behind
    /// an `E`.
    pub(super) fn text(self, text: &str) -> String {
        let escaped = |quote: &str| {
            let text = text.replace('\\', "\\\\").replace('\'', quote);
            text.replace('\n', "\\n").replace('\r', "\\r")
        };
        match self {
            Self::DuckDb if text.contains(['\n', '\r']) => format!("E'{}'", escaped("''")),
            Self::DuckDb => format!("'{}'", text.replace('\'', "''")),
            Self::Spark => format!("'{}'", escaped("\\'")),
        }
    }

    /// The text, or a NULL that has the type of a text.
    pub(super) fn text_or_null(self, text: Option<&str>) -> String {
        text.map_or_else(|| format!("CAST(NULL AS {})", self.text_type()), |text| self.text(text))
    }

    pub(super) fn text_type(self) -> &'static str {
        match self {
            Self::DuckDb => "VARCHAR",
            Self::Spark => "STRING",
        }
    }

    pub(super) fn date(self, date: NaiveDate) -> String {
        format!("DATE '{date}'")
    }

    /// The first application date that there is.
    pub(super) fn first_day(self) -> String {
        self.date(OPEN_START)
    }

    /// The last one; also what "for good" is written as.
    pub(super) fn last_day(self) -> String {
        self.date(OPEN_END)
    }

    pub(super) fn next_day(self, date: &str) -> String {
        match self {
            Self::DuckDb => format!("{date} + 1"),
            Self::Spark => format!("date_add({date}, 1)"),
        }
    }

    pub(super) fn day_before(self, date: &str) -> String {
        match self {
            Self::DuckDb => format!("{date} - 1"),
            Self::Spark => format!("date_sub({date}, 1)"),
        }
    }

    pub(super) fn days_between(self, earlier: &str, later: &str) -> String {
        match self {
            Self::DuckDb => format!("{later} - {earlier}"),
            Self::Spark => format!("CAST(datediff({later}, {earlier}) AS BIGINT)"),
        }
    }

    /// The date `months` later, its day cut to the length of the month. Both engines cut in the same way.
    pub(super) fn months_later(self, date: &str, months: u32) -> String {
        match self {
            Self::DuckDb => format!("CAST({date} + INTERVAL {months} MONTH AS DATE)"),
            Self::Spark => format!("add_months({date}, {months})"),
        }
    }

    pub(super) fn list_length(self, column: &str) -> String {
        match self {
            Self::DuckDb => format!("len({column})"),
            // `size` is -1 for NULL under some settings.
            Self::Spark => format!("array_size({column})"),
        }
    }

    /// Name and brackets of the test whether a list holds one of some values.
    pub(super) fn has_any(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::DuckDb => ("list_has_any", "[", "]"),
            Self::Spark => ("arrays_overlap", "array(", ")"),
        }
    }

    /// Division of whole numbers, cut towards zero.
    pub(super) fn whole_division(self, dividend: &str, divisor: i64) -> String {
        match self {
            Self::DuckDb => format!("{dividend} // {divisor}"),
            Self::Spark => format!("{dividend} div {divisor}"),
        }
    }
}
