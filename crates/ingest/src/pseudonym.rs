//! Persons under keyed names: nobody without the key can tell who is meant, and one person keeps one name in every file.
//!
//! The name is the start of HMAC-SHA256 over the e-mail address or the person's name, written as `aceq_model::person_key`
//! compares them, so that counts of persons stay what they are.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Shortest key, in bytes: a shorter one could be guessed, and with it every address on a list.
pub const SHORTEST_KEY: usize = 16;

/// The key by which persons are renamed. It shows itself nowhere.
#[derive(Clone)]
pub struct Pseudonyms(Hmac<Sha256>);

/// A key that protects nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key has {bytes} bytes; it needs at least {SHORTEST_KEY}, for example from `head -c 32 /dev/urandom`")]
pub struct KeyTooShort {
    /// Its length.
    pub bytes: usize,
}

impl Pseudonyms {
    /// Renames by this key.
    ///
    /// # Errors
    /// When it is shorter than [`SHORTEST_KEY`].
    pub fn new(key: &[u8]) -> Result<Self, KeyTooShort> {
        if key.len() < SHORTEST_KEY {
            return Err(KeyTooShort { bytes: key.len() });
        }
        Ok(Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length")))
    }

    /// What tells one key from another, and nothing about either.
    pub fn fingerprint(&self) -> String {
        self.of("the key of this dataset")
    }

    /// The name that stands for a person's address or name: `person-` and 20 hexadecimal digits.
    pub(crate) fn of(&self, clear: &str) -> String {
        let words: Vec<&str> = clear.split_whitespace().collect();
        let mut mac = self.0.clone();
        mac.update(words.join(" ").to_lowercase().as_bytes());
        let digest = mac.finalize().into_bytes();
        let digits: String = digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
        format!("person-{digits}")
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms(key withheld)")
    }
}

/// The raw text that a reject keeps when persons are renamed. A shifted record may hold a name in any cell, so only what
/// can be none is kept.
pub(crate) fn without_persons(raw: &str) -> &str {
    if raw.chars().any(char::is_alphabetic) { WITHHELD } else { raw }
}

/// What stands for a text that may name a person.
pub(crate) const WITHHELD: &str = "(withheld: it may name a person)";

#[cfg(test)]
mod tests {
    use super::{KeyTooShort, Pseudonyms, without_persons};

    #[test]
    fn one_person_one_name_under_one_key() {
        let key = Pseudonyms::new(b"sixteen bytes ok").unwrap();
        let other = Pseudonyms::new(b"another sixteen.").unwrap();
        assert_eq!(key.of("Ana.Belo@Example.com"), key.of(" ana.belo@example.com"));
        assert_eq!(key.of("Ana  Belo"), key.of("ana belo"));
        assert_ne!(key.of("ana belo"), key.of("ana bela"));
        assert_ne!(key.of("ana belo"), other.of("ana belo"));
        assert!(!format!("{key:?}").contains("sixteen"));
        assert_eq!(Pseudonyms::new(b"fifteen bytes..").unwrap_err(), KeyTooShort { bytes: 15 });
    }

    #[test]
    fn the_name_is_the_published_function() {
        // openssl dgst -sha256 -hmac "sixteen bytes ok" over `ana@example.com`, first ten bytes.
        let key = Pseudonyms::new(b"sixteen bytes ok").unwrap();
        assert_eq!(key.of("ana@example.com"), "person-098d6de22cd2830639ce");
    }

    #[test]
    fn numbers_stay_in_rejects() {
        assert_eq!(without_persons("31/13/2026"), "31/13/2026");
        assert_eq!(without_persons("Ana Belo"), "(withheld: it may name a person)");
    }
}
