//! Values that a source puts where it hides the real one.

/// Whether a trimmed cell is a mask: AWS's "Accept to View", or nothing but four or more `x`.
#[inline]
pub(crate) fn is_masked(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'a' | b'A') => cell.eq_ignore_ascii_case("Accept to View"),
        Some(b'x' | b'X') => cell.len() >= 4 && cell.bytes().all(|byte| byte.eq_ignore_ascii_case(&b'x')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_masked;

    #[test]
    fn masks_are_known() {
        for cell in ["Accept to View", "ACCEPT TO VIEW", "xxxx", "XXXXXX"] {
            assert!(is_masked(cell), "{cell}");
        }
        for cell in ["", "xxx", "Accept", "xxxx@example.com", "Xavier"] {
            assert!(!is_masked(cell), "{cell}");
        }
    }
}
