//! Money cells: currency, proof of separators, doubtful amounts in both readings.

use super::ColumnOut;
use crate::formats::A_YEAR;
use crate::plan::{Kind, SourceField};
use crate::row::{Notes, Row};
use crate::value::money::{Amount, Currency, Exact, MoneyCell, Proof, Separator, money_cell, percent_cell};
use aceq_model::{Cents, FindingCode, RejectReason};
use std::borrow::Cow;

impl ColumnOut<'_, '_> {
    pub(super) fn percent(&mut self, cell: &str, source: &SourceField, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let is_number = row.record.is_number(source.index);
        match percent_cell(cell) {
            Some(amount) => {
                let amount = as_number(amount, is_number);
                let is_stated = cell.ends_with('%') || source.is_canonical;
                self.amount(if is_stated { amount } else { as_share(amount) }, cell, row, notes, &Some);
            }
            None => self.bad(cell, RejectReason::BadMoney, row, notes),
        }
    }

    pub(super) fn money(&mut self, cell: &str, source: &SourceField, row: &mut Row<'_, '_>, notes: &mut Notes<'_>) {
        // A number whose format says that it is a year's.
        let number = cell.strip_prefix(A_YEAR).filter(|_| row.record.is_number(source.index)).map(str::trim_start);
        if number.is_some() && !self.plan.name.starts_with("annual") {
            return self.bad(cell, RejectReason::UnknownCurrency, row, notes);
        }
        let Some(MoneyCell { amount, currency }) = money_cell(number.unwrap_or(cell)) else {
            return self.bad(cell, RejectReason::BadMoney, row, notes);
        };
        let amount = as_number(amount, row.record.is_number(source.index));
        // `$12,500` is written as Americans write.
        if currency == Currency::Dollar && matches!(amount, Amount::Doubtful { separator: Separator::Comma, .. }) {
            self.evidence.money.note(Proof::Point);
        }
        // Where a file tells the currency of each row, a row that does not is in whichever.
        let is_zero = matches!(amount, Amount::Plain { value: Exact { cents: Cents(0), .. }, .. });
        let has_column = row.plan.currency.is_some() && !source.in_usd;
        let is_untold = has_column && row.currency_cell.is_empty() && !source.names_usd;
        if is_untold && currency == Currency::Unstated && !is_zero {
            self.note_proof(amount);
            return self.bad(cell, RejectReason::UnknownCurrency, row, notes);
        }
        let is_code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if let Currency::Code(code) = currency
            && has_column
            && is_code(code)
            && is_code(&row.currency_cell)
            && !code.eq_ignore_ascii_case(&row.currency_cell)
        {
            let (name, column) = (self.plan.name, &row.currency_cell);
            let detail =
                || format!("{name}: `{cell}` beside the currency `{column}`; the one beside the amount was used");
            notes.find_cell(row, self.plan.name, FindingCode::ColumnsDisagree, detail);
        }
        let code: Cow<'static, str> = match currency {
            Currency::Code(code) => code.to_ascii_uppercase().into(),
            Currency::Unstated | Currency::Dollar if source.in_usd => "USD".into(),
            Currency::Unstated | Currency::Dollar if !row.currency_cell.is_empty() => row.currency_cell.clone().into(),
            Currency::Unstated | Currency::Dollar => "USD".into(),
        };
        let rate = row.plan.options.currency_rates.get(code.as_ref()).copied();
        let (in_usd, known) = (code == "USD", code == "USD" || rate.is_some());
        if !source.in_usd || row.currency_cell.is_empty() {
            row.currency = code;
        }
        if !known {
            self.note_proof(amount);
            return self.bad(cell, RejectReason::UnknownCurrency, row, notes);
        }
        match rate.filter(|_| !in_usd) {
            Some(rate) => self.amount(amount, cell, row, notes, &|cents| rate.to_usd(cents)),
            None => self.amount(amount, cell, row, notes, &Some),
        }
    }

    fn note_proof(&mut self, amount: Amount) {
        if let Amount::Plain { proof, .. } = amount {
            self.evidence.money.note(proof);
        }
    }

    pub(super) fn bad(&mut self, cell: &str, reason: RejectReason, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        notes.reject_cell(row, self.plan.name, cell, reason);
        self.unknown();
    }

    fn amount(
        &mut self,
        amount: Amount,
        cell: &str,
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
        to_usd: &dyn Fn(Cents) -> Option<Cents>,
    ) {
        self.note_proof(amount);
        let usd = |value: Exact| to_usd(value.cents);
        let (first, second) = match amount {
            Amount::Negative => return self.bad(cell, RejectReason::NegativeMoney, row, notes),
            Amount::Plain { value, lone, .. } => {
                if value.cut {
                    notes.find_cell(row, self.plan.name, FindingCode::AmountTruncated, || {
                        truncated(self.plan.name, cell)
                    });
                }
                if lone {
                    self.judge_lone(cell, row, notes);
                }
                // The other reading is the same one: it is unknown only where the column contradicts itself.
                (usd(value), if lone { usd(value) } else { None })
            }
            Amount::Doubtful { separator, as_point, as_comma } => {
                self.evidence.money.note_doubtful(separator, as_point.cut, as_comma.cut);
                // What stands behind a decimal comma are three decimals then, whatever they say.
                let as_decimals = Exact { cut: as_comma.cut || separator == Separator::Comma, ..as_comma };
                self.judge_doubtful(cell, as_point, as_decimals, row, notes);
                (usd(as_point), usd(as_comma))
            }
        };
        let too_large = first.is_none() || (second.is_none() && matches!(amount, Amount::Doubtful { .. }));
        if too_large {
            return self.bad(cell, RejectReason::BadMoney, row, notes);
        }
        self.values.cents(first);
        if let Some(values) = &mut self.second {
            values.cents(second);
        }
    }

    /// In the second pass: whether the column has decimal commas, where that had to be decided; `Some(None)` where it proves
    /// neither.
    fn decided(&self, notes: &Notes<'_>) -> Option<Option<bool>> {
        notes.decisions()?.decimal_commas.get(self.plan.name).copied()
    }

    /// In the second pass: a lone decimal comma in a column with decimal points may be what a spreadsheet of another language
    /// made of a comma between thousands (`1,500` became `1,5`).
    fn judge_lone(&self, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        if self.decided(notes) == Some(None) {
            notes.reject_cell_late(row, self.plan.name, cell, RejectReason::AmbiguousMoney);
        }
    }

    /// In the second pass: what the column proved about a doubtful amount.
    fn judge_doubtful(&self, cell: &str, as_point: Exact, as_comma: Exact, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let cut = match self.decided(notes) {
            None => return,
            Some(None) => {
                let reason = match self.plan.kind {
                    Kind::Percent => RejectReason::AmbiguousPercent,
                    _ => RejectReason::AmbiguousMoney,
                };
                return notes.reject_cell_late(row, self.plan.name, cell, reason);
            }
            Some(Some(true)) => as_comma.cut,
            Some(Some(false)) => as_point.cut,
        };
        if cut {
            notes.find_cell_late(row, self.plan.name, FindingCode::AmountTruncated, || truncated(self.plan.name, cell));
        }
    }
}

/// A share without a percent sign: up to 1 it may be a part of one, for spreadsheets keep 60 % as 0.6; a larger one proves that the
/// column is in percent.
fn as_share(amount: Amount) -> Amount {
    match amount {
        Amount::Plain { value: Exact { cents: Cents(cents @ 1..=100), cut }, .. } => Amount::Doubtful {
            separator: Separator::Point,
            as_point: Exact { cents: Cents(cents), cut },
            as_comma: Exact { cents: Cents(cents * 100), cut },
        },
        Amount::Plain { value, .. } => {
            let proof = if value.cents > Cents(100) { Proof::Point } else { Proof::Nothing };
            Amount::Plain { value, proof, lone: false }
        }
        other => other,
    }
}

/// What a number as such says: its point is one whatever the texts beside it do, and it proves nothing about them.
fn as_number(amount: Amount, is_number: bool) -> Amount {
    match amount {
        Amount::Plain { value, .. } | Amount::Doubtful { as_point: value, .. } if is_number => {
            Amount::Plain { value, proof: Proof::Nothing, lone: false }
        }
        other => other,
    }
}

fn truncated(column: &str, raw: &str) -> String {
    format!("{column}: `{raw}` has more than two decimals")
}
