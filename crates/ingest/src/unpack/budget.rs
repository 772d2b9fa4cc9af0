//! How many bytes an archive may still unpack to.

use crate::{IngestError, Limits};

/// Bytes that any archive may unpack to, however small it is: empty cells compress very well.
const FREE: u64 = 64 << 20;

/// The bytes left for one archive.
pub(super) struct Budget<'a> {
    archive: &'a str,
    left: u64,
    limit: u64,
}

impl<'a> Budget<'a> {
    /// For an archive of `size` bytes.
    pub fn new(archive: &'a str, size: u64, limits: &Limits) -> Self {
        let by_ratio = size.saturating_mul(limits.unpacked_ratio).max(FREE);
        let limit = by_ratio.min(limits.unpacked_bytes);
        Self { archive, left: limit, limit }
    }

    /// Takes `bytes` off.
    ///
    /// # Errors
    /// [`IngestError::TooLarge`] when there are not as many.
    pub fn spend(&mut self, bytes: u64) -> Result<(), IngestError> {
        let too_large = || IngestError::TooLarge {
            file: self.archive.to_owned(),
            what: "the number of bytes to which the archive unpacks is",
            limit: self.limit,
        };
        self.left = self.left.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, FREE};
    use crate::Limits;

    #[test]
    fn small_archives_may_unpack_to_much_and_none_to_more_than_all() {
        let limits = Limits { unpacked_bytes: 1 << 30, unpacked_ratio: 250, ..Limits::default() };
        for (size, limit) in [(10, FREE), (1 << 20, 250 << 20), (1 << 30, 1 << 30)] {
            let mut budget = Budget::new("a.zip", size, &limits);
            assert!(budget.spend(limit).is_ok() && budget.spend(0).is_ok() && budget.spend(1).is_err(), "{size}");
        }
    }
}
