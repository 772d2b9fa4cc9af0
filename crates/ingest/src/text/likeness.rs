//! What a text that is no UTF-8 looks like: bytes above 127 mean other letters in each code page, and nothing states which.

use super::encoding::{Doubt, Encoding};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding as Page, ISO_8859_2, ISO_8859_4, ISO_8859_10, ISO_8859_13, ISO_8859_16, MACINTOSH, WINDOWS_1250,
    WINDOWS_1252, WINDOWS_1254, WINDOWS_1257, WINDOWS_1258,
};
use memchr::memrchr;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes that are looked at, from the first that is not ASCII on.
const SAMPLE: u64 = 4 << 20;

/// Different words with letters beyond ASCII from which on a Latin code page is doubted, and from which on another is believed.
const DOUBT: usize = 6;
const BELIEF: usize = 24;

/// Letters that follow each other in a word of another script: two may be an apostrophe and what is behind it.
const RUN: usize = 3;

/// Code pages of Latin letters, of which some stand where they do in Windows-1252.
const LATIN: [&Page; 11] = [
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1254,
    WINDOWS_1257,
    WINDOWS_1258,
    ISO_8859_2,
    ISO_8859_4,
    ISO_8859_10,
    ISO_8859_13,
    ISO_8859_16,
    MACINTOSH,
];

/// Whether the code page is one of Latin letters.
pub(super) fn is_latin(encoding: Encoding) -> bool {
    LATIN.iter().any(|page| Encoding::of(page) == encoding)
}

/// The encoding that the text looks like, and what speaks against it.
pub(super) fn likeness(path: &Path) -> io::Result<(Encoding, Doubt)> {
    let mut file = File::open(path)?;
    let start = first_beyond_ascii(&mut file)?;
    file.seek(SeekFrom::Start(start))?;
    let mut sample = Vec::new();
    file.take(SAMPLE).read_to_end(&mut sample)?;
    Ok(likeness_of(&sample))
}

/// Where the line starts, or the piece, that holds the first byte beyond ASCII.
fn first_beyond_ascii(file: &mut File) -> io::Result<u64> {
    let (mut start, mut piece) = (0, Vec::with_capacity(1 << 16));
    loop {
        piece.clear();
        let read = file.take(1 << 16).read_to_end(&mut piece)?;
        if let Some(at) = piece.iter().position(|byte| !byte.is_ascii()) {
            return Ok(start + memrchr(b'\n', &piece[..at]).map_or(0, |feed| feed as u64 + 1));
        }
        if read == 0 {
            return Ok(0);
        }
        start += read as u64;
    }
}

fn likeness_of(sample: &[u8]) -> (Encoding, Doubt) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let likely = detector.guess(None, Utf8Detection::Deny);
    let read_in = |page: &'static Page| page.decode_without_bom_handling(sample).0;
    if !LATIN.contains(&likely) {
        let text = read_in(likely);
        let is_foreign = |letter: char| !letter.is_ascii() && is_letter(letter);
        let letters = text.chars().filter(|letter| is_foreign(*letter)).count();
        let has_words = text.split(|letter: char| !is_foreign(letter)).any(|word| word.chars().count() >= RUN);
        return match has_words && 10 * oddities(&text).len() < letters {
            true => (Encoding::of(likely), Doubt::Likeness),
            false => (Encoding::Windows1252, Doubt::Nothing),
        };
    }
    let (western, mac) = (read_in(WINDOWS_1252), read_in(MACINTOSH));
    let odd = oddities(&western);
    // Both have one character a byte.
    let letters: Vec<char> = mac.chars().collect();
    let mended = odd.iter().filter(|at| is_letter(letters[**at])).count();
    if mended > 10 * oddities(&mac).len() {
        return (Encoding::of(MACINTOSH), Doubt::Likeness);
    }
    let text = read_in(likely);
    if text == western {
        return (Encoding::Windows1252, Doubt::Nothing);
    }
    match words(&text) {
        BELIEF.. => (Encoding::of(likely), Doubt::Likeness),
        _ if odd.len() > oddities(&text).len() => (Encoding::of(likely), Doubt::Likeness),
        DOUBT.. => (Encoding::Windows1252, Doubt::MayBe(likely.name())),
        _ => (Encoding::Windows1252, Doubt::Nothing),
    }
}

/// Places of characters that no text has where they stand: a sign between two letters (`Wroc³aw`), a capital within
/// a word of small ones (`CafŽ`), what is no character.
fn oddities(text: &str) -> Vec<usize> {
    const WITHIN_WORDS: &str = "’‘“”–—·•…™®©\u{ad}\u{a0}";
    let letters: Vec<char> = text.chars().collect();
    let is_odd = |at: usize| {
        let letter = letters[at];
        let letter_at =
            |place: Option<usize>| place.and_then(|place| letters.get(place)).copied().is_some_and(is_letter);
        let is_within = letter_at(at.checked_sub(1)) && letter_at(Some(at + 1));
        let is_sign = !is_letter(letter) && is_within && !WITHIN_WORDS.contains(letter);
        let (before, after) = (at.checked_sub(1).map(|at| letters[at]), letters.get(at + 1));
        let is_small = |letter: char| letter.is_lowercase();
        let is_capital = letter.is_uppercase()
            && before
                .is_some_and(|before| is_small(before) || (is_letter(before) && after.copied().is_some_and(is_small)));
        is_sign || is_capital || letter.is_control() || letter == char::REPLACEMENT_CHARACTER
    };
    (0..letters.len()).filter(|at| !letters[*at].is_ascii() && is_odd(*at)).collect()
}

/// Whether it is a letter of a word: accents that stand alone (`ˆ`) are letters to Unicode only.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() && !('\u{2B0}'..='\u{2FF}').contains(&letter)
}

/// How many different words have letters beyond ASCII, as far as they are enough.
fn words(text: &str) -> usize {
    let mut different = BTreeSet::new();
    for word in text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_ascii()) {
        different.insert(word);
        if different.len() == BELIEF {
            break;
        }
    }
    different.len()
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Encoding, likeness_of};
    use encoding_rs::{EUC_KR, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253};

    const WESTERN: [&str; 36] = [
        "Müller GmbH",
        "Köln",
        "Größe",
        "Bäckerei Schröder",
        "Österreich",
        "Jäger & Söhne",
        "Société Générale",
        "L’Oréal",
        "Hôtel Côté",
        "Saint-Étienne",
        "Façade",
        "Noël",
        "São Paulo",
        "Compañía",
        "Informação",
        "Córdoba",
        "Åland",
        "Malmö",
        "Ørsted",
        "Smørrebrød",
        "Café – Bar",
        "Bob’s “Big” naïve",
        "Straßenbau Weiß",
        "Électricité",
        "Cœur de Ville",
        "Nœud",
        "Cloud™Works",
        "Guns’n’Roses",
        "Forlì",
        "Cantù",
        "Niño y Señal",
        "Forêt",
        "Tromsø",
        "Síminn Ðe",
        "Þór hf",
        "België",
    ];

    fn table(names: &[&str]) -> String {
        let rows = names.iter().enumerate().map(|(at, name)| format!("O{at}23,{name},Launched\n"));
        std::iter::once("Opportunity id,Customer Company Name,Stage\n".to_owned()).chain(rows).collect()
    }

    fn read(page: &'static encoding_rs::Encoding, text: &str) -> (Encoding, Doubt) {
        let (bytes, _, is_lossy) = page.encode(text);
        assert!(!is_lossy, "{text} in {}", page.name());
        likeness_of(&bytes)
    }

    #[test]
    fn western_names_stay_western() {
        for some in [1, 2, 3, 6, 24, 36] {
            for names in WESTERN.windows(some) {
                assert_eq!(read(WINDOWS_1252, &table(names)).0, Encoding::Windows1252, "{names:?}");
            }
        }
    }

    #[test]
    fn other_letters_are_read_as_what_they_are() {
        let cases = [
            (WINDOWS_1250, ["Łódź", "Gdańsk", "Żabka", "Spółka Wrocław"]),
            (WINDOWS_1251, ["Сбербанк", "Москва", "Газпром", "Казань"]),
            (WINDOWS_1253, ["Αθήνα", "Ελλάδα", "Τράπεζα", "Ναυτιλία"]),
            (SHIFT_JIS, ["株式会社日立", "トヨタ", "富士通", "楽天グループ"]),
            (EUC_KR, ["삼성전자", "현대자동차", "네이버", "서울"]),
        ];
        for (page, names) in cases {
            assert_eq!(read(page, &table(&names)), (Encoding::Other(page), Doubt::Likeness), "{names:?}");
        }
        // Czech letters are letters in Windows-1252 as well: many words are believed, fewer are told of.
        let czech = "Česká Škoda Řízení Příbram Děčín Břeclav Křižík Třebíč Hradčany Údržba Šumava Žďár Kroměříž Uherské Náchod \
            Dvůr Jičín Říčany Benešov Příbor Kolín Liberečtí Čáslav Vysočina Plzeň Tábor Písek Třinec Opočno Mělník";
        let names: Vec<&str> = czech.split_whitespace().collect();
        assert_eq!(read(WINDOWS_1250, &table(&names)), (Encoding::Other(WINDOWS_1250), Doubt::Likeness));
        assert_eq!(read(WINDOWS_1250, &table(&names[..8])), (Encoding::Windows1252, Doubt::MayBe("windows-1250")));
        // DOS wrote `Müller` so; no code page of the web does.
        assert_eq!(likeness_of(b"Id,Name\nO1,M\x81ller GmbH\n").0, Encoding::Windows1252);
        // The library does not write Mac's: `Müller`, `Société`, `Café`.
        let mac = b"Id,Name\nO1,M\x9Fller\nO2,Soci\x8Et\x8E\nO3,Caf\x8E\n";
        assert_eq!(likeness_of(mac), (Encoding::Other(MACINTOSH), Doubt::Likeness));
        // Nor is a capital within a word enough: `EspaÑa`, which Mac reads as `Espa—a`.
        assert_eq!(likeness_of(b"Id,Name\nO1,Espa\xD1a\n").0, Encoding::Windows1252);
    }
}
