//! Attributes of XML tags.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;

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
