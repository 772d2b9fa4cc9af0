//! Columns derived from one row alone, the same in every crate that needs them.

/// The place of a stage on the path, 0 (Prospect) to 5 (Launched); `None` for Closed Lost and for unknown stages.
pub fn stage_rank(stage: &str) -> Option<i32> {
    ["Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed", "Launched"]
        .iter()
        .position(|known| *known == stage)
        .map(|rank| rank as i32)
}

/// Whether an opportunity counts as registered in ACE; `None` = unknown.
///
/// A known review status other than Draft, Pending Submission and Rejected registers it; one that no picklist holds says
/// nothing. AWS reviews only partner
/// referrals, so the status `None` (blank in the export) registers an AWS Referral unless it was rejected, and
/// says nothing about a Partner Referral. A status that is not known at all (`review_status == None`) can only
/// be settled by a rejected AWS Referral.
pub fn registered(review_status: Option<&str>, origin: Option<&str>, acceptance: Option<&str>) -> Option<bool> {
    match (review_status, origin) {
        (Some("Draft" | "Pending Submission" | "Rejected"), _) => Some(false),
        (Some("None"), Some("AWS Referral")) => Some(acceptance != Some("Rejected")),
        (None, Some("AWS Referral")) if acceptance == Some("Rejected") => Some(false),
        (Some("None") | None, _) => None,
        (Some("Submitted" | "In review" | "Approved" | "Action Required"), _) => Some(true),
        (Some(_), _) => None,
    }
}

/// The key that tells people apart: the e-mail address in lower case, else the name in lower case with single
/// spaces. A masked person has none, and is nobody.
pub fn person_key(email: Option<&str>, name: Option<&str>, masked: bool) -> Option<String> {
    if masked {
        return None;
    }
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    email.map(tidy).filter(|key| !key.is_empty()).or_else(|| name.map(tidy).filter(|key| !key.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::{person_key, registered, stage_rank};

    #[test]
    fn closed_lost_has_no_rank() {
        assert_eq!(stage_rank("Launched"), Some(5));
        assert_eq!(stage_rank("Closed Lost"), None);
    }

    #[test]
    fn a_blank_review_status_registers_only_aws_referrals() {
        assert_eq!(registered(Some("None"), Some("AWS Referral"), None), Some(true));
        assert_eq!(registered(Some("None"), Some("AWS Referral"), Some("Rejected")), Some(false));
        assert_eq!(registered(Some("None"), Some("Partner Referral"), None), None);
        assert_eq!(registered(None, Some("AWS Referral"), None), None);
        assert_eq!(registered(Some("Approved"), None, None), Some(true));
        assert_eq!(registered(Some("Abgelehnt"), None, None), None);
        assert_eq!(registered(Some("Draft"), Some("AWS Referral"), None), Some(false));
    }

    #[test]
    fn people_are_their_address_else_their_name() {
        assert_eq!(person_key(Some("A.B@X.example"), Some("A B"), false).as_deref(), Some("a.b@x.example"));
        assert_eq!(person_key(None, Some(" Ana  Belo "), false).as_deref(), Some("ana belo"));
        assert_eq!(person_key(Some("xxxxxx"), None, true), None);
    }
}
