//! The registrable domain of a website: weak evidence of who the customer is.

use foldhash::HashSet;
use std::borrow::Cow;
use std::net::Ipv4Addr;
use std::sync::LazyLock;

/// The domain that somebody registered, in lower case: `acme.co.uk` of `https://www.acme.co.uk/en?x=1`, and of an
/// e-mail address. `None` for what is no host name, for addresses in numbers and for domains shared by many.
pub(crate) fn registrable_domain(website: &str) -> Option<Cow<'_, str>> {
    match in_lower_case(website.trim()) {
        Cow::Borrowed(text) => domain(text).map(Cow::Borrowed),
        Cow::Owned(text) => domain(&text).map(|domain| Cow::Owned(domain.to_owned())),
    }
}

fn domain(text: &str) -> Option<&str> {
    let scheme = text.as_bytes().windows(3).position(|bytes| bytes == b"://");
    let after_scheme = scheme.map_or(text, |at| &text[at + 3..]);
    let end = after_scheme.bytes().position(|byte| matches!(byte, b'/' | b'\\' | b'?' | b'#' | b',' | b';'));
    let authority = first_word(&after_scheme[..end.unwrap_or(after_scheme.len())])?;
    let host = authority.bytes().rposition(|byte| byte == b'@').map_or(authority, |at| &authority[at + 1..]);
    let host = host.bytes().position(|byte| byte == b':').map_or(host, |at| &host[..at]).trim_matches('.');
    let plausible = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let plausible = match host.is_ascii() {
        true => host.bytes().all(plausible),
        false => host.chars().all(|letter| letter.is_alphanumeric() || "-._".contains(letter)),
    };
    let is_number = || host.ends_with(|last: char| last.is_ascii_digit()) && host.parse::<Ipv4Addr>().is_ok();
    if !plausible || is_number() || is_shared(host) {
        return None;
    }
    psl::domain_str(host).filter(|domain| !domain.starts_with('.'))
}

fn in_lower_case(text: &str) -> Cow<'_, str> {
    match text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_lowercase()),
    }
}

fn first_word(text: &str) -> Option<&str> {
    match text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Some(text).filter(|text| !text.is_empty()),
        false => text.split_whitespace().next(),
    }
}

static SHARED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/shared_domains.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether the host or a domain above it is shared.
fn is_shared(host: &str) -> bool {
    let mut rest = Some(host);
    while let Some(domain) = rest {
        if SHARED.contains(domain) {
            return true;
        }
        rest = domain.bytes().position(|byte| byte == b'.').map(|dot| &domain[dot + 1..]);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::registrable_domain;

    #[test]
    fn websites_and_what_stands_in_their_place() {
        for (website, domain) in [
            ("https://www.acme.co.uk/en?x=1", Some("acme.co.uk")),
            ("ACME.example", Some("acme.example")),
            ("shop.acme.example:8443", Some("acme.example")),
            ("info@acme.example", Some("acme.example")),
            ("mailto:info@acme.example", Some("acme.example")),
            ("acme.github.io", Some("acme.github.io")),
            ("someone@gmail.com", None),
            ("https://www.linkedin.com/company/acme", None),
            ("acme.example.com", None),
            ("https://sites.google.com/acme", None),
            ("10.0.0.1", None),
            ("n/a", None),
            ("acme", None),
            ("..", None),
            ("", None),
            ("co.uk", None),
            ("http://", None),
        ] {
            assert_eq!(registrable_domain(website).as_deref(), domain, "{website}");
        }
    }
}
