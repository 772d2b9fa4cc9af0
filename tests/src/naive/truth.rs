//! Three-valued logic: `Some(true)`, `Some(false)`, and `None` for UNKNOWN.

/// TRUE, FALSE or UNKNOWN.
pub type Truth = Option<bool>;

/// FALSE if one side is FALSE, TRUE if both are TRUE, else UNKNOWN.
pub fn and(left: Truth, right: Truth) -> Truth {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// TRUE if one side is TRUE, FALSE if both are FALSE, else UNKNOWN.
pub fn or(left: Truth, right: Truth) -> Truth {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// UNKNOWN stays UNKNOWN.
pub fn not(truth: Truth) -> Truth {
    truth.map(|known| !known)
}

/// AND of all; TRUE for none.
pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
    truths.into_iter().fold(Some(true), and)
}

/// OR of all; FALSE for none.
pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
    truths.into_iter().fold(Some(false), or)
}
