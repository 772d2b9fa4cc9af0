//! How often the exports misbehave, in rows per thousand.

/// The customer's name is written another way (capitals, no legal suffix, spaces).
pub(crate) const NAME_VARIANT: u32 = 60;
/// A launched opportunity lacks the customer's AWS account id.
pub(crate) const NO_ACCOUNT: u32 = 50;
/// An AWS account id is written with spaces or hyphens.
pub(crate) const ODD_ACCOUNT: u32 = 20;
/// The revenue is blank.
pub(crate) const NO_REVENUE: u32 = 25;
/// The amount is a threshold, or a cent beside one.
pub(crate) const EDGE_AMOUNT: u32 = 100;
/// The date is the edge of a window or the end of a month.
pub(crate) const EDGE_DATE: u32 = 80;
/// A partner referral has a blank review status.
pub(crate) const NO_REVIEW_STATUS: u32 = 15;
/// An AWS referral still hides its customer.
pub(crate) const MASKED: u32 = 20;
/// A date is no date.
pub(crate) const BAD_DATE: u32 = 4;
/// The row is written twice.
pub(crate) const REPEATED: u32 = 3;
/// The row has no opportunity id.
pub(crate) const NO_ID: u32 = 1;
/// A text has commas, quotes or line breaks.
pub(crate) const AWKWARD_TEXT: u32 = 80;
/// AWS's segment is blank.
pub(crate) const NO_SEGMENT: u32 = 300;
/// AWS's segment contradicts the figures.
pub(crate) const WRONG_SEGMENT: u32 = 30;
/// A customer is not listed with figures.
pub(crate) const UNLISTED_CUSTOMER: u32 = 120;
/// A listed customer's revenue or number of employees is blank.
pub(crate) const NO_FIGURE: u32 = 50;
/// A certified person did not consent to be named.
pub(crate) const MASKED_PERSON: u32 = 100;
/// A certificate has run out by the as-of date.
pub(crate) const EXPIRED: u32 = 180;
/// A certificate's expiration is blank.
pub(crate) const NO_EXPIRATION: u32 = 30;
