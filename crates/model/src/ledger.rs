//! No row is lost: where every record went, what could not be read, and what looks suspicious.

use crate::TableId;
use std::fmt;

/// A place in an input file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Path as in [`crate::FileRecord::path`].
    pub file: String,
    /// Worksheet, empty for formats without sheets.
    pub sheet: String,
    /// Line on which the record starts, 1-based.
    pub line: u64,
    /// Byte offset of the record in the decoded text, where there is one.
    pub byte: Option<u64>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sheet = if self.sheet.is_empty() { String::new() } else { format!("[{}]", self.sheet) };
        write!(f, "{}{sheet}", self.file)?;
        if self.line == 0 { Ok(()) } else { write!(f, ":{}", self.line) }
    }
}

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $code:literal, $words:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* #[doc = $words] $variant,)* }

        impl $name {
            /// Every code, in the order of the reference page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable code used in outputs.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means, in a sentence.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }

            /// The value with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.code()) }
        }
    };
}

pub(crate) use codes;

codes! {
    /// Why a row or a cell could not be read. A rejected cell becomes unknown; a rejected row is not used.
    RejectReason {
        MissingId => "missing_id", "Row: it has no usable identifier, such as `O1234567` for an opportunity.";
        MissingPartner => "missing_partner", "Row: the partner cell is blank, or other files name partners and this one has no partner column (`--partner-id` says whose it is).";
        MissingValue => "missing_value", "Row: a cell without which the row says nothing is blank.";
        TooManyFields => "too_many_fields", "Row: it has more fields than the header has columns, so values cannot be assigned to columns; where the last one is blank, only if cells look split or cannot be read.";
        TwoIds => "two_ids", "Row: two columns of one name hold different ids: the rows of two tables stand side by side.";
        TooFewFields => "too_few_fields", "Row: it ends before the last column of the header.";
        NotText => "not_text", "Row: it holds bytes that the file's encoding does not allow.";
        RowTooLong => "row_too_long", "Row: it is longer than the limit for one record, usually because a quote is never closed.";
        OpenQuote => "open_quote", "Row: a quote opens in it that is not closed before the text goes on, so that it would swallow the lines below; those are read on their own.";
        BadJson => "bad_json", "Row: it is no JSON object, or the text breaks off or goes wrong within it.";
        FailedCall => "failed_call", "Row: the call that should have fetched it failed; the file holds an error code in place of its fields.";
        NotHeld => "not_held", "Row: by its state the badge or certification is pending, declined, revoked or not yet passed, so that nobody holds it.";
        UnreadableFile => "unreadable_file", "File: it lies in a folder of exports and could not be read at all: it is damaged, locked, or beyond a limit.";
        HalfCell => "half_cell", "Cell: the file ends in it, before its row does and without a line end; half of a value looks like one.";
        ErrorValue => "error_value", "Cell: it holds the error of a spreadsheet, such as `#N/A`, in place of a value.";
        BadDate => "bad_date", "Cell: it is no date in a form this column can have.";
        BadMoney => "bad_money", "Cell: it is no amount of money.";
        AmbiguousMoney => "ambiguous_money", "Cell: the amount can be read in two ways and the column proves neither.";
        AmbiguousPercent => "ambiguous_percent", "Cell: a share above 0 and up to 1 without a percent sign is percent or a part of one, and no larger share of the column tells.";
        BadEmail => "bad_email", "Cell: it holds several addresses, or words, where one e-mail address is expected.";
        SeveralCustomers => "several_customers", "Cell: it holds the names of several customers, separated by semicolons, where one is expected.";
        NegativeMoney => "negative_money", "Cell: the amount is below zero.";
        UnknownCurrency => "unknown_currency", "Cell: the amount is in a currency other than USD and no rate is configured for it, or the file has a column for the currency and it is blank here.";
        BadInteger => "bad_integer", "Cell: it is no whole number from 0 to 2147483647.";
        BadFlag => "bad_flag", "Cell: it is neither yes nor no.";
    }
}

codes! {
    /// Why a row that was read deserves a second look before it is relied on.
    FindingCode {
        AmbiguousDates => "ambiguous_dates", "Every date of the column that is written in numbers, such as `03/04/2026`, fits both day-first and month-first; all of them are unknown until the order is stated.";
        InconsistentDates => "inconsistent_dates", "Some dates of the column that are written in numbers prove day-first, while others or its header say month-first, or those that prove an order have another separator than those that do not; all of them are unknown.";
        SwappedDates => "swapped_dates", "The real dates of the column all have days up to 12, its dates in text all have later ones: a spreadsheet of another language has probably swapped day and month of the real ones.";
        InconsistentMoney => "inconsistent_money", "Some amounts of the column prove a decimal comma and others a decimal point; doubtful amounts, and those with a lone decimal comma, are unknown.";
        AmountTruncated => "amount_truncated", "The amount has more than two decimals; it was cut to whole cents, never rounded up.";
        CutOff => "cut_off", "The file ends within its last row or its table: it may be cut off, as by a broken download.";
        UnknownValue => "unknown_value", "The value is in no picklist of this column; it is kept as written.";
        DoesNotCount => "does_not_count", "A field is filled that counts only where others of its record say so, and they do not; the column is unknown.";
        UnmappedColumn => "unmapped_column", "No mapping knows this header, or a cell of a sheet stands where there is none; it was not used.";
        DuplicateColumn => "duplicate_column", "A header stands twice in the file; of its columns the first that is not blank was used.";
        MixedEncodings => "mixed_encodings", "The text has letters in two encodings, UTF-8 and Windows-1252; it was read as Windows-1252, so that letters of the other look garbled.";
        UncertainEncoding => "uncertain_encoding", "The text is no UTF-8 and states no encoding; it was read as what its letters look like, or as Windows-1252 where they are too few to tell.";
        HiddenRows => "hidden_rows", "The sheet hides rows, by a filter or by hand; they were read like the others.";
        NeverCalculated => "never_calculated", "Cells hold formulas without a result, as a program leaves them that writes workbooks and does not calculate; these cells are unknown.";
        AnnualMismatch => "annual_mismatch", "The annual figure and 12 times the monthly figure differ by more than a cent a month; the monthly figure was used.";
        SegmentDisagrees => "segment_disagrees", "The customer's figures and AWS's segment disagree about SMB; the figures were used.";
        CustomerConflict => "customer_conflict", "Two rows about the same customer state different figures; the figure is unknown.";
        SharedIdentifier => "shared_identifier", "More than five customer names share this AWS account id or DUNS; it joins nobody.";
        DuplicateOpportunity => "duplicate_opportunity", "Another opportunity id has the same customer, title, amount and target date.";
        LaunchMoved => "launch_moved", "The target date was put off after an older snapshot had said Launched, and the launch date lies after that snapshot.";
        LaunchedInFuture => "launched_in_future", "The opportunity is Launched but its launch date lies after the newest snapshot.";
        LaunchedLongAgo => "launched_long_ago", "The opportunity is Launched with a date more than the configured number of years before the newest snapshot.";
        LaunchedWithoutAccount => "launched_without_account", "The opportunity is Launched without an AWS account id.";
        OpenPastTarget => "open_past_target", "The opportunity is open but its target close date has passed at the newest snapshot.";
        StageDisagrees => "stage_disagrees", "The partner's stage and AWS's stage disagree about Launched or Closed Lost.";
        GoneFromExport => "gone_from_export", "A newer export of the same kind no longer holds the row; it was kept.";
        AnswersDisagree => "answers_disagree", "Two answers of one date disagree; the answer is unknown.";
        ZeroAmount => "zero_amount", "The monthly recurring revenue is zero.";
        MaybeAnnual => "maybe_annual", "The monthly recurring revenue looks like an annual or contract figure: far above the partner's other amounts, equal to the row's annual figure, or 12, 24 or 36 times another known amount.";
        AccountLostZeros => "account_lost_zeros", "The AWS account id has fewer than 12 digits or was rounded: a spreadsheet has cut it; it joins nobody.";
        NotAnAccount => "not_an_account", "The cell of the AWS account id holds something else than one id of 12 digits, such as a name or two ids; it joins nobody.";
        PlaceholderAccount => "placeholder_account", "The AWS account id stands for none (all zeros, one digit 12 times, or a word such as n/a); it joins nobody and counts as no account.";
        DeprecatedValue => "deprecated_value", "AWS no longer gives out or offers this value; it was read all the same.";
        LeadAmongOpportunities => "lead_among_opportunities", "The row has a lead's id or a lead's status; leads prove nothing.";
        UnmatchedPartners => "unmatched_partners", "A report that calls partners by name has some that no other file names; if other files know them by an id, each is counted as two partners.";
        SimilarPartners => "similar_partners", "Two partner ids differ only in case or spaces; they are two partners, and each has a part of the rows if they are one.";
        SimilarCaseStudies => "similar_case_studies", "The ids of two case studies differ only in case, spaces or dashes; they are counted as two.";
        GoneFromList => "gone_from_list", "A newer list of the same kind has others of its partners and not this one, whose older rows were kept.";
        PlaceholderCustomer => "placeholder_customer", "The name of the customer is a word that stands for nobody, such as `TBD` or `n/a`; no customer is known.";
        PlaceholderPerson => "placeholder_person", "The name of the person is a word that stands for nobody, such as `TBD` or `n/a`; nobody is known.";
        MaybeSamePerson => "maybe_same_person", "Somebody is named here without an address, or with another one, than elsewhere under the same name; they count as two people, and are perhaps one.";
        SharedAddress => "shared_address", "One e-mail address stands beside names that have no word in common; they count as one person, and are perhaps several.";
        UnknownCaseStudy => "unknown_case_study", "An answer is about a case study that no list of case studies has.";
        SmallerRoster => "smaller_roster", "The newest list of a partner has fewer than half of the rows of the one before; it replaces the older list, and what it lacks is gone.";
        TruncatedExport => "truncated_export", "The export has exactly as many rows as Partner Central gives out at most; rows are probably missing.";
        MissingPages => "missing_pages", "The file holds pages of a list, each of which says that another one follows, and no last page lies beside it; rows are missing.";
        ColumnsDisagree => "columns_disagree", "Two columns of one meaning hold different values in this row; the first that is filled was used.";
        ShortRow => "short_row", "The record ends before the last column of the header; the missing cells are unknown.";
        UndatedExport => "undated_export", "One of several exports of a partner has no known snapshot date, so which is newer is not known; it counts as the oldest.";
        ContradictingRows => "contradicting_rows", "The same row stands twice with different values, in one file or in two exports of one day, and nothing says which is newer. Of opportunities, completions and case studies the later row was used, or that of the file whose content hash is greater; of other kinds both were kept.";
        ExcludedRow => "excluded_row", "A correction says that the row is not to be used; the finding names the correction and its reason.";
        SuppliedRecord => "supplied_record", "The record could not be read as it stands in the file; a correction gives it in another wording. The finding names the correction and its reason.";
        UnknownCaseOpportunity => "unknown_case_opportunity", "The case study names an ACE opportunity that no export holds.";
    }
}

/// Something that could not be read. Bad data is data: it is kept, with its raw text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    /// Where it is.
    pub position: Position,
    /// Canonical column of a rejected cell; `None` when the whole row is rejected.
    pub column: Option<String>,
    /// The raw text of the cell or row, at most 2,000 characters.
    pub raw: String,
    /// Why.
    pub reason: RejectReason,
}

/// How many rejects or findings of one kind there are, and the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<K> {
    /// The reason of the rejects, the code of the findings.
    pub kind: K,
    /// How many.
    pub count: usize,
    /// The first by file, sheet and line.
    pub first: Position,
}

/// Something suspicious that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Partner whose row it is; empty for a finding about a file.
    pub partner_id: String,
    /// Table it concerns.
    pub table: TableId,
    /// Where it is; line 0 for a finding about a whole column or file.
    pub position: Position,
    /// Row it concerns (the table's key, such as an opportunity id); empty for a finding about a file.
    pub row_id: String,
    /// Canonical column whose cell or cells it concerns; `None` for a finding about a row or a file.
    pub column: Option<&'static str>,
    /// What is suspicious.
    pub code: FindingCode,
    /// The particular case in words, with the values.
    pub detail: String,
}

/// A finding without its words: which record is suspicious, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingAt<'a> {
    /// Table it concerns.
    pub table: TableId,
    /// File, as in [`Position::file`].
    pub file: &'a str,
    /// Worksheet, empty for formats without sheets.
    pub sheet: &'a str,
    /// Line; 0 for a finding about a whole column or file.
    pub line: u64,
    /// Canonical column, where it is about a cell or a column.
    pub column: Option<&'static str>,
    /// What is suspicious.
    pub code: FindingCode,
}

impl Finding {
    /// Where it is, without its words.
    pub fn at(&self) -> FindingAt<'_> {
        let Position { file, sheet, line, .. } = &self.position;
        FindingAt { table: self.table, file, sheet, line: *line, column: self.column, code: self.code }
    }

    /// What the published table is sorted by.
    pub fn published_order(&self) -> impl Ord + '_ {
        let Self { partner_id, table, position, row_id, column, code, detail } = self;
        let place = (&position.file, position.line, &position.sheet);
        (partner_id, table.name(), row_id, code.code(), place, column, detail)
    }
}

/// Where the records of one sheet of one file went.
///
/// `decoded = accepted + merged + superseded + rejected + not_data`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerEntry {
    /// Path as in [`crate::FileRecord::path`].
    pub file: String,
    /// Worksheet, empty for formats without sheets.
    pub sheet: String,
    /// Records that the decoder delivered, header included.
    pub decoded: u64,
    /// Records that became a canonical row.
    pub accepted: u64,
    /// Records whose columns went into another file's row.
    pub merged: u64,
    /// Records that a newer state or an exact duplicate replaced, or that a correction excludes.
    pub superseded: u64,
    /// Records that could not be used.
    pub rejected: u64,
    /// Titles, headers, totals, blank lines.
    pub not_data: u64,
}

impl LedgerEntry {
    /// Whether every decoded record is accounted for.
    pub fn balances(&self) -> bool {
        self.decoded == self.accepted + self.merged + self.superseded + self.rejected + self.not_data
    }
}
