//! Union-find in which some members must stay apart.

use std::collections::HashMap;

/// Members `0..n` in groups; a group is named by its smallest member, whatever the order of joining.
pub(crate) struct Groups {
    parents: Vec<u32>,
    /// By name of a group: the members that it must not be joined with.
    enemies: HashMap<u32, Vec<u32>>,
}

impl Groups {
    /// Every member by itself; the pairs in `apart` will never share a group (a pair of equals is ignored).
    pub(crate) fn new(members: usize, apart: &[(u32, u32)]) -> Self {
        let mut enemies: HashMap<_, Vec<_>> = HashMap::new();
        for (left, right) in apart.iter().filter(|(left, right)| left != right) {
            enemies.entry(*left).or_default().push(*right);
            enemies.entry(*right).or_default().push(*left);
        }
        Self { parents: (0..members as u32).collect(), enemies }
    }

    /// The smallest member of the group that `member` is in.
    pub(crate) fn find(&mut self, mut member: u32) -> u32 {
        while self.parents[member as usize] != member {
            let above = self.parents[self.parents[member as usize] as usize];
            self.parents[member as usize] = above;
            member = above;
        }
        member
    }

    /// Joins the groups of two members, unless that would bring two together that must stay apart. Returns whether
    /// they share a group now.
    pub(crate) fn join(&mut self, left: u32, right: u32) -> bool {
        let (left, right) = (self.find(left), self.find(right));
        if left == right {
            return true;
        }
        if self.hostile(left, right) {
            return false;
        }
        let (first, second) = (left.min(right), left.max(right));
        self.parents[second as usize] = first;
        if let Some(moved) = self.enemies.remove(&second) {
            self.enemies.entry(first).or_default().extend(moved);
        }
        true
    }

    fn hostile(&mut self, left: u32, right: u32) -> bool {
        let Some(enemies) = self.enemies.remove(&left) else { return false };
        let hostile = enemies.iter().any(|enemy| self.find(*enemy) == right);
        self.enemies.insert(left, enemies);
        hostile
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;

    #[test]
    fn enemies_stay_apart_even_through_others() {
        let mut groups = Groups::new(4, &[(0, 3)]);
        assert!(groups.join(0, 1));
        assert!(groups.join(2, 3));
        assert!(!groups.join(1, 2));
        assert!(groups.join(2, 3), "already together");
        assert_eq!([0, 1, 2, 3].map(|member| groups.find(member)), [0, 0, 2, 2]);
    }
}
