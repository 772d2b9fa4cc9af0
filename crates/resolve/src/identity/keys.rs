//! Keys that people can read, and the reasons behind them.

use crate::identity::evidence::Evidence;
use crate::identity::joining::{Customers, Join, Node, Offsets};
use crate::identity::records::Records;
use crate::identity::tidy::slug;
use crate::published::CustomerLink;
use crate::settings::Settings;
use std::sync::Arc;

/// What nodes are called.
pub(crate) struct Labels<'a> {
    records: &'a Records<'a>,
    offsets: Offsets,
}

impl<'a> Labels<'a> {
    pub(crate) fn new(records: &'a Records<'a>) -> Self {
        Self { records, offsets: Offsets::of(records) }
    }

    /// The key of the customer whose smallest node this is: the slug of its smallest name (which differs for different
    /// names), else `aws:`, `duns:` or `web:` and the value, which no slug looks like.
    pub(crate) fn key(&self, node: Node) -> Arc<str> {
        let Offsets { accounts, duns, websites, .. } = self.offsets;
        let key = if node < accounts {
            slug(self.records.spellings.first(node))
        } else if node < duns {
            format!("aws:{}", self.records.accounts.get(node - accounts))
        } else if node < websites {
            format!("duns:{}", self.records.duns.get(node - duns))
        } else {
            format!("web:{}", self.records.websites.get(node - websites))
        };
        Arc::from(key)
    }

    /// Whether a node is no more than a website, which is weak evidence only.
    pub(crate) fn is_website(&self, node: Node) -> bool {
        node >= self.offsets.websites
    }

    /// A name as written, else the key.
    fn label(&self, node: Node) -> String {
        let is_name = node < self.records.spellings.values();
        if is_name { one_line(self.records.spellings.first(node)) } else { self.key(node).to_string() }
    }

    fn value(&self, join: &Join, settings: &Settings) -> String {
        let value = match join.evidence {
            Evidence::Stated => &settings.same[join.value as usize].reason,
            Evidence::Name => self.records.names.get(join.value),
            Evidence::Account => self.records.accounts.get(join.value),
            Evidence::Duns => self.records.duns.get(join.value),
            Evidence::Website => self.records.websites.get(join.value),
            Evidence::SimilarName => &self.records.similar_names[join.value as usize],
            Evidence::Opportunity => &self.records.former[join.value as usize].told,
        };
        value.to_owned()
    }
}

fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One link per reason and pair of names that differ: each name is linked to the first that shares the value.
pub(crate) fn links(
    labels: &Labels<'_>,
    customers: &Customers,
    partner_id: &Arc<str>,
    settings: &Settings,
) -> Vec<CustomerLink> {
    let link = |node: Node, evidence: Evidence, value: String, left_name: String, right_name: String| CustomerLink {
        partner_id: Arc::clone(partner_id),
        customer_key: labels.key(customers.loose[node as usize]),
        strength: evidence.strength(),
        evidence: evidence.name(),
        value,
        left_name,
        right_name,
    };
    let joined = customers.joins.iter().map(|join| {
        let (left, right) = (labels.label(join.left), labels.label(join.right));
        link(join.left, join.evidence, labels.value(join, settings), left, right)
    });
    let spellings = &labels.records.spellings;
    let spelled = (0..spellings.values()).flat_map(|node| {
        let others = spellings.others(node).map(move |other| (node, spellings.first(node), other));
        others.map(|(node, first, other)| {
            let value = labels.records.names.get(node).to_owned();
            link(node, Evidence::Name, value, one_line(first), one_line(other))
        })
    });
    let mut links: Vec<_> = joined.chain(spelled).filter(|link| link.left_name != link.right_name).collect();
    links.sort_unstable_by(|a, b| published_key(a).cmp(&published_key(b)));
    links.dedup();
    links
}

fn published_key(link: &CustomerLink) -> impl Ord + '_ {
    (&link.customer_key, link.strength, link.evidence, &link.left_name, &link.right_name, &link.value)
}
