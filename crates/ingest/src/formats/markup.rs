//! Attributes of XML tags, and what references to characters mean.

use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart};

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    value(tag, |attribute| attribute.key.local_name().as_ref() == name)
}

/// The value of an attribute by its name with prefix.
pub(super) fn prefixed(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    value(tag, |attribute| attribute.key.as_ref() == name)
}

fn value(tag: &BytesStart<'_>, is_it: impl Fn(&Attribute<'_>) -> bool) -> Option<String> {
    // Whether one is given twice is not asked: that takes time by the square of their number.
    let found = tag.attributes().with_checks(false).flatten().find(is_it)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// The text of a reference, `&amp;` or `&#38;`; one that nobody knows is what is written.
pub(super) fn resolved(reference: &BytesRef<'_>) -> String {
    let letter = reference.resolve_char_ref().ok().flatten().map(String::from);
    let name = reference.xml10_content();
    let text = letter.or_else(|| quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned));
    text.unwrap_or_else(|| format!("&{name};"))
}
