//! Names without what does not tell customers apart.

use foldhash::{HashMap, HashMapExt};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name up to case, spaces and punctuation: its letters and digits in lower case. Empty where it has none.
pub(crate) fn tidy(name: &str) -> String {
    if name.is_ascii() {
        let mut tidy = name.to_ascii_lowercase();
        tidy.retain(|letter| letter.is_ascii_alphanumeric());
        return tidy;
    }
    lower(name.nfkc()).filter(|letter| letter.is_alphanumeric()).collect()
}

/// A name as part of a key: like [`tidy`], with a hyphen where there was something between letters.
pub(crate) fn slug(name: &str) -> String {
    if name.is_ascii() {
        return ascii_slug(name);
    }
    let letters: String = lower(name.nfkc()).collect();
    let words = letters.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn ascii_slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    let mut between = false;
    for letter in name.bytes() {
        if letter.is_ascii_alphanumeric() {
            if between && !slug.is_empty() {
                slug.push('-');
            }
            slug.push(char::from(letter.to_ascii_lowercase()));
        }
        between = !letter.is_ascii_alphanumeric();
    }
    slug
}

/// A name without accents and legal suffixes: weak evidence. Empty where [`tidy`] is.
pub(crate) fn similar(name: &str) -> String {
    let bare = bare(name);
    let words: Vec<&str> = words(&bare).collect();
    let mut rest = words.as_slice();
    while let Some(shorter) = without_suffix(rest).filter(|shorter| !shorter.is_empty()) {
        rest = shorter;
    }
    rest.concat()
}

fn without_suffix<'w>(words: &'w [&'w str]) -> Option<&'w [&'w str]> {
    let suffixes = LEGAL_SUFFIXES.get(*words.last()?)?;
    let longer = |suffix: &Vec<String>| {
        let start = words.len().checked_sub(suffix.len())?;
        (words[start..] == suffix[..]).then_some(&words[..start])
    };
    suffixes.iter().find_map(longer)
}

/// By last word; longest first, so that `S. de R.L. de C.V.` goes before `C.V.`.
static LEGAL_SUFFIXES: LazyLock<HashMap<String, Vec<Vec<String>>>> = LazyLock::new(|| {
    let mut suffixes: HashMap<_, Vec<_>> = HashMap::new();
    for line in include_str!("../../data/legal_suffixes.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<String> = words(&bare(line)).map(str::to_owned).collect();
        if let Some(last) = words.last() {
            suffixes.entry(last.clone()).or_default().push(words);
        }
    }
    suffixes.values_mut().for_each(|suffixes| suffixes.sort_by_key(|words| std::cmp::Reverse(words.len())));
    suffixes
});

/// Words in lower case without accents; dots and apostrophes hold a word together (`S.A.` is `sa`).
pub(crate) fn bare(name: &str) -> String {
    let inside = |letter: char| ".'’´`".contains(letter);
    let mut bare = String::with_capacity(name.len());
    if name.is_ascii() {
        let letters = name.bytes().filter(|letter| !matches!(letter, b'.' | b'\'' | b'`'));
        letters.for_each(|letter| bare.push(char::from(letter.to_ascii_lowercase())));
    } else {
        let letters = lower(name.nfkd()).filter(|letter| !is_combining_mark(*letter) && !inside(*letter));
        letters.for_each(|letter| bare.push_str(&plain(letter)));
    }
    bare
}

/// The words of a bare name.
pub(crate) fn words(bare: &str) -> impl Iterator<Item = &str> {
    bare.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn lower(letters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    // The final sigma is the one letter whose lower case depends on its place.
    letters.flat_map(char::to_lowercase).map(|letter| if letter == 'ς' { 'σ' } else { letter })
}

/// Letters with strokes and ligatures, which Unicode does not take apart.
fn plain(letter: char) -> String {
    let plain = match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        other => return other.to_string(),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{similar, slug, tidy};

    #[test]
    fn case_spaces_and_punctuation_do_not_tell_customers_apart() {
        for (left, right) in [
            ("Acme Robotics, Inc.", "ACME-Robotics Inc"),
            ("Ａｃｍｅ", "acme"),
            ("ΟΔΟΣ", "οδος"),
            ("Nova  12", "nova-12"),
        ] {
            assert_eq!(tidy(left), tidy(right), "{left} / {right}");
        }
        assert_ne!(tidy("Nova 12"), tidy("Nova 13"));
        assert_ne!(tidy("Müller"), tidy("Muller"), "accents are weak evidence");
        assert_eq!(tidy(" - "), "");
    }

    #[test]
    fn legal_suffixes_and_accents_are_weak_evidence() {
        for (left, right) in [
            ("Acme Robotics, Inc.", "Acme Robotics GmbH & Co. KG"),
            ("Müller AG", "Muller S.A."),
            ("Nord Sp. z o.o.", "Nord Ltd"),
            ("Sol S. de R.L. de C.V.", "SOL"),
            ("Łódź Straße A/S", "Lodz Strasse"),
            ("Hana 株式会社", "Hana B.V."),
        ] {
            assert_eq!(similar(left), similar(right), "{left} / {right}");
        }
        assert_ne!(similar("Nova 12 Inc"), similar("Nova 13 Inc"));
        assert_eq!(similar("Limited"), "limited", "a name is never used up");
    }

    #[test]
    fn a_slug_without_hyphens_is_the_tidied_name() {
        for name in ["Acme Robotics, Inc.", "  Müller & Söhne ", "Ａ1-b", " (Acme) -- Nord ", "-", ""] {
            assert_eq!(slug(name).replace('-', ""), tidy(name));
        }
        assert_eq!(slug("Acme Robotics, Inc."), "acme-robotics-inc");
        assert_eq!(slug(" (Acme) -- Nord "), "acme-nord");
    }
}
