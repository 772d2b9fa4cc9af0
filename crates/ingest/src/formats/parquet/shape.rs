//! The fields that a column becomes: one, or those of a structure, or one for each item of a list.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;

/// What a column is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One value.
    Leaf,
    /// Named values.
    Structure(Vec<(String, Shape)>),
    /// Items: the longest list seen, and what each is made of.
    List(usize, Box<Shape>),
}

impl Shape {
    /// The shape of a type; `None` where it is nested too deep. Lists have no items before they are measured.
    pub fn of(ty: &DataType, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        Some(match ty {
            DataType::Struct(fields) => {
                let field = |name: &String, ty: &DataType| Some((name.clone(), Self::of(ty, depth)?));
                let fields: Option<Vec<_>> = fields.iter().map(|f| field(f.name(), f.data_type())).collect();
                Self::Structure(fields?)
            }
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
                Self::List(0, Box::new(Self::of(item.data_type(), depth)?))
            }
            DataType::ListView(item) | DataType::LargeListView(item) | DataType::Map(item, _) => {
                Self::List(0, Box::new(Self::of(item.data_type(), depth)?))
            }
            _ => Self::Leaf,
        })
    }

    /// Whether there is a list somewhere within.
    pub fn has_list(&self) -> bool {
        match self {
            Self::Leaf => false,
            Self::Structure(fields) => fields.iter().any(|(_, shape)| shape.has_list()),
            Self::List(..) => true,
        }
    }

    /// Number of fields: a list has one for the list as a whole and those of its items.
    pub fn width(&self) -> usize {
        match self {
            Self::Leaf => 1,
            Self::Structure(fields) => fields.iter().map(|(_, shape)| shape.width()).fold(0, usize::saturating_add),
            Self::List(longest, item) => longest.saturating_mul(item.width()).saturating_add(1),
        }
    }

    /// Adds the names of the fields.
    pub fn names(&self, name: &str, names: &mut Vec<String>) {
        match self {
            Self::Leaf => names.push(name.to_owned()),
            Self::Structure(fields) => {
                fields.iter().for_each(|(own, shape)| shape.names(&format!("{name}.{own}"), names))
            }
            Self::List(longest, item) => {
                names.push(name.to_owned());
                (0..*longest).for_each(|place| item.names(&format!("{name}[{place}]"), names));
            }
        }
    }

    /// Makes room for the lists of a row.
    pub fn measure(&mut self, array: &ArrayRef, row: usize) {
        match self {
            Self::Leaf => {}
            _ if array.is_null(row) => {}
            Self::Structure(fields) => {
                for ((_, shape), column) in fields.iter_mut().zip(array.as_struct().columns()) {
                    shape.measure(column, row);
                }
            }
            Self::List(longest, item) => {
                let Some(items) = items(array, row) else { return };
                *longest = (*longest).max(items.len());
                if **item != Self::Leaf {
                    (0..items.len()).for_each(|place| item.measure(&items, place));
                }
            }
        }
    }
}

/// The items of a list.
pub(super) fn items(array: &ArrayRef, row: usize) -> Option<ArrayRef> {
    Some(match array.data_type() {
        DataType::List(_) => array.as_list::<i32>().value(row),
        DataType::LargeList(_) => array.as_list::<i64>().value(row),
        DataType::ListView(_) => array.as_list_view::<i32>().value(row),
        DataType::LargeListView(_) => array.as_list_view::<i64>().value(row),
        DataType::FixedSizeList(..) => array.as_fixed_size_list().value(row),
        DataType::Map(..) => std::sync::Arc::new(array.as_map().value(row)),
        _ => return None,
    })
}
