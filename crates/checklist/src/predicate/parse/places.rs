//! Where an expression stands in the predicate's text: sqlparser's spans, corrected where they leave something out.

use super::Lowering;
use sqlparser::ast::{Expr, Spanned};
use sqlparser::tokenizer::{Location, Span};
use std::ops::Range;

impl Lowering<'_> {
    pub(super) fn span(&self, expr: &Expr) -> Range<usize> {
        let span = span_of(expr);
        let mut start = self.offset(span.start);
        if matches!(expr, Expr::UnaryOp { .. }) {
            // sqlparser's span of `NOT x` is that of `x`.
            start = self.text[..start].to_uppercase().rfind("NOT").unwrap_or(start);
        }
        let mut end = self.offset(span.end).clamp(start, self.text.len());
        // sqlparser leaves the brackets of IN lists and calls outside its spans: take them in, so that the text is whole.
        let opened = |end: usize| {
            let part = &self.text[start..end];
            part.matches('(').count().saturating_sub(part.matches(')').count())
        };
        while opened(end) > 0 {
            let Some(close) = self.text[end..].find(')') else { break };
            end += close + 1;
        }
        start..end
    }

    pub(super) fn offset(&self, location: Location) -> usize {
        if location.line == 0 {
            return 0;
        }
        let line = (location.line - 1) as usize;
        let line_start: usize = self.text.split_inclusive('\n').take(line).map(str::len).sum();
        let column = location.column.saturating_sub(1) as usize;
        let rest = &self.text[line_start.min(self.text.len())..];
        line_start + rest.char_indices().nth(column).map_or(rest.len(), |(offset, _)| offset)
    }
}

/// sqlparser's span of a call covers its arguments only; begin at the name.
fn span_of(expr: &Expr) -> Span {
    match expr {
        Expr::Function(function) => function.name.span().union(&expr.span()),
        other => other.span(),
    }
}
