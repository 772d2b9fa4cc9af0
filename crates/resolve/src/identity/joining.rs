//! Joins the records of one partner into customers.
//!
//! Every value that several records carry joins them, strong evidence first, in sorted order. Two names that the user
//! declares different never come into one customer, not even through others: a value that would bring them together
//! splits, and joins each record to the first of its parts that it may join. In `customer_key` that keeps customers as
//! few as the declarations allow (no customer is counted twice); in `customer_key_strict` a value that had to split
//! joins nobody (no customer is denied). As strict uses a part of what loose uses, it refines it.

use crate::identity::evidence::Evidence;
use crate::identity::groups::Groups;
use crate::identity::records::{Record, Records};
use crate::identity::tidy::tidy;
use crate::identity::values::NONE;
use crate::settings::{Override, Settings};

/// A number for whatever can stand for a customer: names first, then accounts, DUNS and websites of nameless records.
pub(crate) type Node = u32;

/// Two nodes joined by a value.
pub(crate) struct Join {
    pub(crate) evidence: Evidence,
    /// Number of the value in its kind; of the user's statement for [`Evidence::Stated`].
    pub(crate) value: u32,
    pub(crate) left: Node,
    pub(crate) right: Node,
}

/// The customers of one partner.
pub(crate) struct Customers {
    /// Per record the node that stands for it.
    pub(crate) nodes: Vec<Option<Node>>,
    /// Per node the smallest node of its customer, by all evidence.
    pub(crate) loose: Vec<Node>,
    /// The same by strong evidence alone.
    pub(crate) strict: Vec<Node>,
    /// What joined them.
    pub(crate) joins: Vec<Join>,
    /// Per account: by how many names it is carried, where they are too many.
    pub(crate) shared_accounts: Vec<Option<usize>>,
    /// The same per DUNS.
    pub(crate) shared_duns: Vec<Option<usize>>,
}

/// A record that carries a value.
type Carrier = (Evidence, u32, Node);

/// First node of each kind.
pub(crate) struct Offsets {
    pub(crate) accounts: Node,
    pub(crate) duns: Node,
    pub(crate) websites: Node,
    pub(crate) end: Node,
}

impl Offsets {
    pub(crate) fn of(records: &Records<'_>) -> Self {
        let accounts = records.names.len() as u32;
        let duns = accounts + records.accounts.len() as u32;
        let websites = duns + records.duns.len() as u32;
        Self { accounts, duns, websites, end: websites + records.websites.len() as u32 }
    }
}

/// Joins the records of the partner with this id.
pub(crate) fn join(records: &Records<'_>, partner_id: &str, settings: &Settings) -> Customers {
    let limit = settings.shared_identifier_names;
    let shared_accounts = shared(records, records.accounts.len(), limit, |record| record.account);
    let shared_duns = shared(records, records.duns.len(), limit, |record| record.duns);
    let usable = |shared: &[Option<usize>], value: u32| value != NONE && shared[value as usize].is_none();
    let offsets = Offsets::of(records);
    let stands_for = |record: &Record| match record {
        Record { name, .. } if *name != NONE => Some(*name),
        Record { account, .. } if usable(&shared_accounts, *account) => Some(offsets.accounts + account),
        Record { duns, .. } if usable(&shared_duns, *duns) => Some(offsets.duns + duns),
        Record { website, .. } if *website != NONE => Some(offsets.websites + website),
        _ => None,
    };
    let nodes: Vec<_> = records.records.iter().map(stands_for).collect();
    let mut carriers: Vec<Carrier> = Vec::new();
    for (record, node) in records.records.iter().zip(&nodes).filter_map(|(record, node)| Some((record, (*node)?))) {
        let account = usable(&shared_accounts, record.account).then_some((Evidence::Account, record.account, node));
        let duns = usable(&shared_duns, record.duns).then_some((Evidence::Duns, record.duns, node));
        let website = (record.website != NONE).then_some((Evidence::Website, record.website, node));
        carriers.extend([account, duns, website].into_iter().flatten());
    }
    carriers.extend((0..).zip(&records.similar).map(|(name, similar)| (Evidence::SimilarName, *similar, name)));
    for (number, name) in (0..).zip(&records.former) {
        if name.nodes.len() <= limit {
            carriers.extend(name.nodes.iter().map(|node| (Evidence::Opportunity, number, *node)));
        }
    }
    carriers.sort_unstable();
    carriers.dedup();
    let (loose, strict, joins) = group(records, &carriers, offsets.end, partner_id, settings);
    Customers { nodes, loose, strict, joins, shared_accounts, shared_duns }
}

/// Per value the number of names that carry it, where there are more than `limit`.
fn shared(records: &Records<'_>, values: usize, limit: usize, of: fn(&Record) -> u32) -> Vec<Option<usize>> {
    let carried = records.records.iter().filter(|record| record.name != NONE && of(record) != NONE);
    let mut pairs: Vec<_> = carried.map(|record| (of(record), record.name)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut names = vec![0; values];
    pairs.iter().for_each(|(value, _)| names[*value as usize] += 1);
    names.into_iter().map(|count| Some(count).filter(|count| *count > limit)).collect()
}

fn group(
    records: &Records<'_>,
    carriers: &[Carrier],
    nodes: Node,
    partner_id: &str,
    settings: &Settings,
) -> (Vec<Node>, Vec<Node>, Vec<Join>) {
    let stated = |pairs| stated_pairs(records, partner_id, pairs);
    let apart: Vec<_> = stated(&settings.different).into_iter().map(|(_, left, right)| (left, right)).collect();
    let (mut loose, mut strict) = (Groups::new(nodes as usize, &apart), Groups::new(nodes as usize, &[]));
    let mut joins = Vec::new();
    for (statement, left, right) in stated(&settings.same) {
        if loose.join(left, right) {
            strict.join(left, right);
            joins.push(Join { evidence: Evidence::Stated, value: statement, left, right });
        }
    }
    for same_value in carriers.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let first = joins.len();
        let parts = join_carriers(same_value, &mut loose, &mut joins);
        if parts == 1 && same_value[0].0.is_strong() {
            for join in &joins[first..] {
                strict.join(join.left, join.right);
            }
        }
    }
    let loose = (0..nodes).map(|node| loose.find(node)).collect();
    (loose, (0..nodes).map(|node| strict.find(node)).collect(), joins)
}

/// Joins each carrier of one value to the first part of them that it may join; returns the number of parts.
fn join_carriers(carriers: &[Carrier], loose: &mut Groups, joins: &mut Vec<Join>) -> usize {
    let mut parts: Vec<Node> = Vec::new();
    for (evidence, value, node) in carriers {
        match parts.iter().find(|part| loose.join(**part, *node)) {
            Some(part) => joins.push(Join { evidence: *evidence, value: *value, left: *part, right: *node }),
            None => parts.push(*node),
        }
    }
    parts.len()
}

/// The user's statements about two names that both occur: number of the statement, smaller name, larger name. Names
/// that are the same when tidied cannot be told apart by name and are left out.
pub(crate) fn stated_pairs(records: &Records<'_>, partner_id: &str, pairs: &[Override]) -> Vec<(u32, Node, Node)> {
    let concerning = (0..).zip(pairs).filter(|(_, stated)| stated.concerns(partner_id));
    let found = concerning.filter_map(|(number, stated)| {
        let left = records.names.find(&tidy(&stated.left))?;
        let right = records.names.find(&tidy(&stated.right))?;
        (left != right).then_some((number, left.min(right), left.max(right)))
    });
    let mut found: Vec<_> = found.collect();
    found.sort_unstable_by_key(|(number, left, right)| (*left, *right, *number));
    found
}
