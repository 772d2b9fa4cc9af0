//! Columns of an opportunity that follow from its other columns.

use crate::frame::Frame;
use crate::opportunities::exports::day_of_micros;
use crate::settings::{LaunchDateColumn, Settings};
use aceq_model::{Cents, ColumnType, registered, stage_rank};
use arrow::array::{Array, AsArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, StringArray};
use std::sync::Arc;

/// Derives the rank of the stage, registration, annual recurring revenue and launch date.
pub(crate) fn derive(frame: &mut Frame, settings: &Settings) {
    let ranks: Int32Array = frame.text("stage").iter().map(|stage| stage.and_then(stage_rank)).collect();
    frame.set("stage_rank", Arc::new(ranks));
    frame.set("registered", Arc::new(registrations(frame)));
    set_annual_revenue(frame);
    frame.set("launch_date", Arc::new(launch_dates(frame, settings.launch_date)));
}

fn registrations(frame: &Frame) -> BooleanArray {
    let reviews = frame.text("review_status").iter();
    let rest = frame.text("origin").iter().zip(frame.text("acceptance_status").iter());
    reviews.zip(rest).map(|(review, (origin, acceptance))| registered(review, origin, acceptance)).collect()
}

fn set_annual_revenue(frame: &mut Frame) {
    let (monthly, annual) = (frame.decimal("mrr_usd"), frame.decimal("annual_usd"));
    let figures = monthly.iter().zip(annual.iter()).map(|(monthly, annual)| annual_revenue(monthly, annual));
    let (amounts, bases): (Vec<_>, Vec<_>) = figures.map(Option::unzip).unzip();
    let amounts: Decimal128Array = amounts.into_iter().collect();
    let amounts = amounts.with_data_type(ColumnType::Decimal.arrow());
    frame.set("arr_usd", Arc::new(amounts));
    frame.set("arr_basis", Arc::new(StringArray::from(bases)));
}

/// The annual figure in hundredths and what it rests on. Twelve months that do not fit the type are unknown.
fn annual_revenue(monthly: Option<i128>, annual: Option<i128>) -> Option<(i128, &'static str)> {
    match (monthly, annual) {
        (Some(monthly), _) => {
            let monthly = i64::try_from(monthly).ok()?;
            Some((i128::from(Cents(monthly).times(12)?.0), "12×MRR"))
        }
        (None, Some(annual)) => Some((annual, "annual")),
        (None, None) => None,
    }
}

fn launch_dates(frame: &Frame, column: LaunchDateColumn) -> Date32Array {
    let dates = match column {
        LaunchDateColumn::TargetClose => frame.date("target_close_date").clone(),
        LaunchDateColumn::AwsClose => frame.date("aws_close_date").clone(),
        LaunchDateColumn::LastModified => {
            frame.timestamp("last_modified").iter().map(|micros| micros.map(day_of_micros)).collect()
        }
    };
    let stages = frame.column("stage").as_string::<i32>();
    let launched = |row| stages.is_valid(row) && stages.value(row) == "Launched";
    dates.iter().enumerate().map(|(row, date)| date.filter(|_| launched(row))).collect()
}

#[cfg(test)]
mod tests {
    use super::annual_revenue;

    #[test]
    fn twelve_months_come_before_the_annual_figure() {
        assert_eq!(annual_revenue(Some(41_667), Some(500_000)), Some((500_004, "12×MRR")));
        assert_eq!(annual_revenue(None, Some(500_000)), Some((500_000, "annual")));
        assert_eq!(annual_revenue(None, None), None);
        assert_eq!(annual_revenue(Some(999_999_999_999_999_999), Some(1)), None, "does not fit DECIMAL(18,2)");
    }
}
