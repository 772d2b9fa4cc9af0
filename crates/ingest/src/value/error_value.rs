//! What a spreadsheet puts into a cell whose formula failed.

/// Errors without a mark at their end, as spreadsheets of several languages write them.
const UNMARKED: [&str; 5] = ["#N/A", "#NV", "#N/D", "#N/DISP", "#ND"];

/// Whether a trimmed cell is an error: `#N/A`, `#REF!`, `#NAME?`, `#DIV/0!`, `#BEZUG!`, `#¡VALOR!`.
#[inline]
pub(crate) fn is_error(cell: &str) -> bool {
    cell.starts_with('#') && is_error_word(cell)
}

fn is_error_word(cell: &str) -> bool {
    if UNMARKED.contains(&cell) {
        return true;
    }
    let Some(word) = cell[1..].strip_suffix(['!', '?']) else { return false };
    let word = word.strip_prefix(['¡', '¿']).unwrap_or(word);
    let is_part = |letter: char| letter.is_uppercase() || matches!(letter, '/' | '0' | '_' | ' ');
    (1..=16).contains(&word.chars().count()) && word.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::is_error;

    #[test]
    fn errors_are_known_in_several_languages() {
        for cell in ["#N/A", "#NV", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#BEZUG!", "#¿NOMBRE?", "#¡REF!", "#SPILL!"]
        {
            assert!(is_error(cell), "{cell}");
        }
        for cell in ["", "#", "#1", "#!", "#Acme!", "#acme", "N/A", "# 1 Bakery!", "#N/A GmbH"] {
            assert!(!is_error(cell), "{cell}");
        }
    }
}
