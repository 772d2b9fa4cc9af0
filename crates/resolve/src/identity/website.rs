//! The registrable domain of a website: weak evidence of who the customer is.

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::sync::LazyLock;

/// The domain that somebody registered, in lower case: `acme.co.uk` of `https://www.acme.co.uk/en?x=1`, and of an
/// e-mail address. `None` for what is no host name, for addresses in numbers and for domains shared by many.
pub(crate) fn registrable_domain(website: &str) -> Option<String> {
    let text = website.trim().to_lowercase();
    let after_scheme = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let authority = after_scheme.split(['/', '\\', '?', '#', ',', ';']).next()?;
    let authority = authority.split_whitespace().next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.trim_matches('.');
    let plausible = host.chars().all(|letter| letter.is_alphanumeric() || "-._".contains(letter));
    if !plausible || host.parse::<Ipv4Addr>().is_ok() || is_shared(host) {
        return None;
    }
    psl::domain_str(host).filter(|domain| !domain.starts_with('.')).map(str::to_owned)
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
        rest = domain.split_once('.').map(|(_, above)| above);
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
