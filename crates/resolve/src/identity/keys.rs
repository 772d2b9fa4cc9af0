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
            slug(self.records.names.spellings[node as usize][0])
        } else if node < duns {
            format!("aws:{}", self.records.accounts.values[(node - accounts) as usize])
        } else if node < websites {
            format!("duns:{}", self.records.duns.values[(node - duns) as usize])
        } else {
            format!("web:{}", self.records.websites.values[(node - websites) as usize])
        };
        Arc::from(key)
    }

    /// Whether a node is no more than a website, which is weak evidence only.
    pub(crate) fn is_website(&self, node: Node) -> bool {
        node >= self.offsets.websites
    }

    /// A name as written, else the key.
    fn label(&self, node: Node) -> String {
        let spellings = self.records.names.spellings.get(node as usize);
        spellings.map_or_else(|| self.key(node).to_string(), |spellings| one_line(spellings[0]))
    }

    fn value(&self, join: &Join, settings: &Settings) -> String {
        let value = join.value as usize;
        match join.evidence {
            Evidence::Stated => settings.same[value].reason.clone(),
            Evidence::Name => self.records.names.values[value].clone(),
            Evidence::Account => self.records.accounts.values[value].clone(),
            Evidence::Duns => self.records.duns.values[value].clone(),
            Evidence::Website => self.records.websites.values[value].clone(),
            Evidence::SimilarName => self.records.similar_names[value].clone(),
        }
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
    let spelled = (0..).zip(&labels.records.names.spellings).flat_map(|(node, spellings)| {
        let others = spellings[1..].iter().map(move |other| (node, spellings[0], *other));
        others.map(|(node, first, other)| {
            let value = labels.records.names.values[node as usize].clone();
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
