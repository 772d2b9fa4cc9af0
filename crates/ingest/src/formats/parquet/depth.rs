//! How deep the columns of a file stand within each other, told from its footer before the reader sees it.
//!
//! The reader builds the schema by recursion without a limit, so that a footer of some megabytes would end the program.
//! The footer is Thrift's compact form: a struct is a list of fields, each with its type and number, up to a zero byte;
//! field 2 of the footer is the schema, a list of elements in depth-first order, and field 5 of an element is the number
//! of its children.

/// The deepest level of the schema; `None` where the footer is not what it should be, which the reader then says.
pub(super) fn schema_depth(footer: &[u8]) -> Option<u64> {
    let mut thrift = Thrift { bytes: footer };
    let mut number = 0;
    loop {
        let (delta, ty) = thrift.field()?;
        number += delta;
        match (number, ty) {
            (2, LIST) => return thrift.schema(),
            (_, STOP) => return None,
            (_, ty) => thrift.skip(ty, NESTED)?,
        }
    }
}

const STOP: u8 = 0;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;
/// Structs within each other that the format knows, with some to spare.
const NESTED: usize = 16;

struct Thrift<'a> {
    bytes: &'a [u8],
}

impl Thrift<'_> {
    fn schema(&mut self) -> Option<u64> {
        let (elements, _) = self.list()?;
        // Children that are still to come, from the root down.
        let (mut open, mut deepest): (Vec<u64>, usize) = (Vec::new(), 0);
        for _ in 0..elements {
            while open.last() == Some(&0) {
                open.pop();
            }
            if let Some(children) = open.last_mut() {
                *children -= 1;
            }
            deepest = deepest.max(open.len());
            open.push(self.children()?);
        }
        u64::try_from(deepest).ok()
    }

    /// Reads an element of the schema: the number of its children.
    fn children(&mut self) -> Option<u64> {
        let mut children = 0;
        let mut number = 0;
        loop {
            let (delta, ty) = self.field()?;
            number += delta;
            match (number, ty) {
                (_, STOP) => return Some(children),
                // Numbers are written in zigzag; those below zero are none.
                (5, 4..=6) => children = Some(self.varint()?).filter(|n| n % 2 == 0).unwrap_or_default() / 2,
                (_, ty) => self.skip(ty, NESTED)?,
            }
        }
    }

    /// The number of a field, as far as it lies behind the one before it, and its type.
    fn field(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        match (head >> 4, head & 0x0F) {
            (_, STOP) => Some((0, STOP)),
            (0, ty) => Some((self.varint()? / 2, ty)),
            (delta, ty) => Some((u64::from(delta), ty)),
        }
    }

    fn skip(&mut self, ty: u8, nested: usize) -> Option<()> {
        let nested = nested.checked_sub(1)?;
        match ty {
            // A flag is its type.
            1 | 2 => {}
            3 => drop(self.byte()?),
            4..=6 => drop(self.varint()?),
            7 => self.take(8)?,
            BINARY => {
                let length = self.varint()?;
                self.take(usize::try_from(length).ok()?)?;
            }
            LIST | 10 => {
                let (items, ty) = self.list()?;
                for _ in 0..items {
                    // Within lists a flag takes a byte.
                    self.skip(if ty <= 2 { 3 } else { ty }, nested)?;
                }
            }
            STRUCT => loop {
                match self.field()? {
                    (_, STOP) => break,
                    (_, ty) => self.skip(ty, nested)?,
                }
            },
            _ => return None,
        }
        Some(())
    }

    /// Number and type of the items of a list.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let items = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((items, head & 0x0F))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<()> {
        self.bytes = self.bytes.get(length..)?;
        Some(())
    }
}
