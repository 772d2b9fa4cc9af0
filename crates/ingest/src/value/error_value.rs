//! What a spreadsheet puts into a cell whose formula failed.

/// The errors of spreadsheets, in English, German, French, Spanish, Italian, Portuguese and Dutch. The list is closed: a
/// customer may be called `#WINNING!`.
const ERRORS: [&str; 42] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#UNKNOWN!",
    "#BUSY!",
    "#NV",
    "#BEZUG!",
    "#WERT!",
    "#ZAHL!",
    "#KALK!",
    "#VALEUR!",
    "#NOM?",
    "#NUL!",
    "#NOMBRE!",
    "#N/D",
    "#¡REF!",
    "#¡VALOR!",
    "#¿NOMBRE?",
    "#¡DIV/0!",
    "#¡NULO!",
    "#¡NUM!",
    "#RIF!",
    "#VALORE!",
    "#NOME?",
    "#NULLO!",
    "#VALOR!",
    "#NULO!",
    "#NÚM!",
    "#VERW!",
    "#WAARDE!",
    "#NAAM?",
    "#N/B",
];

/// Whether a trimmed cell is an error: `#N/A`, `#REF!`, `#BEZUG!`, `Err:502`.
#[inline]
pub(crate) fn is_error(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'#') => ERRORS.contains(&cell),
        Some(b'E') => {
            let number = cell.strip_prefix("Err:");
            number.is_some_and(|number| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_error;

    #[test]
    fn errors_are_known_in_several_languages() {
        for cell in ["#N/A", "#NV", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#BEZUG!", "#¿NOMBRE?", "#¡REF!", "Err:502"]
        {
            assert!(is_error(cell), "{cell}");
        }
        for cell in ["", "#", "#1", "#WINNING!", "#ND", "#acme", "N/A", "# 1 Bakery!", "#N/A GmbH", "Err: 1", "Error"] {
            assert!(!is_error(cell), "{cell}");
        }
    }
}
