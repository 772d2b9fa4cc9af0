//! Three-valued logic (Kleene, as in SQL).

use std::ops::Not;

/// TRUE, FALSE, or not known.
///
/// The order `False < Unknown < True` makes AND the minimum and OR the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Certainly not.
    False,
    /// The data cannot tell.
    Unknown,
    /// Certainly.
    True,
}

impl Truth {
    /// Both hold. The identity is `True`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds. The identity is `False`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it may hold.
    pub fn is_possible(self) -> bool {
        self != Self::False
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, |known| if known { Self::True } else { Self::False })
    }
}
