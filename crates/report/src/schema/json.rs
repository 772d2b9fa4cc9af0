//! The tables as JSON, for programs that check or document them.

use super::all;
use aceq_model::tables::joins;
use serde_json::{Value, json};

/// One object per table: name, folder, grain, key, and its columns with type, nulls, values, description and join.
pub fn tables_json() -> String {
    let tables: Vec<Value> = all()
        .map(|(folder, table)| {
            let columns = table.columns.iter().map(|column| {
                let join = joins(folder, table, column).map(|(to, key)| json!({ "table": to.name, "column": key }));
                json!({
                    "name": column.name,
                    "type": column.ty.name(),
                    "nullable": column.field().is_nullable(),
                    "values": Some(column.picklist).filter(|name| !name.is_empty()),
                    "description": column.doc,
                    "joins": join,
                })
            });
            json!({
                "name": table.name,
                "folder": folder.name(),
                "grain": table.grain,
                "key": table.full_key(),
                "columns": columns.collect::<Vec<Value>>(),
            })
        })
        .collect();
    serde_json::to_string_pretty(&json!({ "tables": tables })).expect("keys are texts") + "\n"
}
