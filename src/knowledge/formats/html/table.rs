//! Writes tables of HTML as tables of Markdown, with every cell.

use std::collections::BTreeMap;

use super::{
    tree::NodeId,
    writer::{Blocks, Writer},
};
use crate::knowledge::formats::MAX_TEXT_BYTES;

/// Most columns of a table; further cells go into the last one.
const MAX_COLUMNS: usize = 60;
/// Longest text of a cell that is written again in each row and column that the cell spans, in bytes.
const MAX_REPEATED_BYTES: usize = 200;

impl Writer<'_> {
    /// Writes a table, or what is in its cells where it only places things on the page.
    pub(super) fn table(&mut self, node: NodeId, blocks: &mut Blocks) {
        let rows = self.rows(node);
        let num_columns = rows.iter().map(|&(row, _)| self.cells(row).len()).max().unwrap_or_default();
        if num_columns < 2 || self.tree.below(node).skip(1).any(|below| self.tree.name(below) == "table") {
            // A table that only places things on the page.
            blocks.end_line();
            for &(row, _) in &rows {
                for cell in self.cells(row) {
                    self.children(cell, blocks);
                    blocks.end_line();
                }
            }
            return;
        }
        if let Some(caption) =
            self.tree.children(node).iter().copied().find(|&child| self.tree.name(child) == "caption")
        {
            let caption = self.one_line(caption);
            blocks.push(caption);
        }
        let (head, mut lines) = self.lines(&rows);
        let num_columns = lines.iter().map(Vec::len).max().unwrap_or_default();
        let first = if head && !lines.is_empty() { lines.remove(0) } else { Vec::new() };
        let mut written = vec![table_line(&first, num_columns), format!("|{}", "---|".repeat(num_columns))];
        written.extend(lines.iter().map(|line| table_line(line, num_columns)));
        blocks.push(written.join("\n"));
    }

    /// The rows of a table, and whether each stands in its head.
    fn rows(&self, table: NodeId) -> Vec<(NodeId, bool)> {
        let mut rows = Vec::new();
        for &child in self.tree.children(table) {
            match self.tree.name(child) {
                "tr" => rows.push((child, false)),
                group @ ("thead" | "tbody" | "tfoot") => {
                    let below = self.tree.children(child).iter();
                    rows.extend(
                        below.filter(|&&row| self.tree.name(row) == "tr").map(|&row| (row, group == "thead")),
                    );
                }
                _ => {}
            }
        }
        rows.retain(|&(row, _)| !(self.left_out)(row));
        rows
    }

    fn cells(&self, row: NodeId) -> Vec<NodeId> {
        let is_cell = |&cell: &NodeId| matches!(self.tree.name(cell), "td" | "th") && !(self.left_out)(cell);
        self.tree.children(row).iter().copied().filter(is_cell).collect()
    }

    /// Whether the first row is a head, and the texts of every row's cells; a cell that spans rows or
    /// columns stands in each of them, so that each row says all of what it means.
    fn lines(&mut self, rows: &[(NodeId, bool)]) -> (bool, Vec<Vec<String>>) {
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut head = false;
        // Column → text, and rows below that still have it.
        let mut spans: BTreeMap<usize, (String, usize)> = BTreeMap::new();
        for (index, &(row, in_head)) in rows.iter().enumerate() {
            let cells = self.cells(row);
            if index == 0 {
                head = in_head || cells.iter().all(|&cell| self.tree.name(cell) == "th");
            }
            let mut line: Vec<String> = Vec::new();
            for cell in cells {
                take_spans(&mut line, &mut spans);
                let text = self.one_line(cell).replace('|', "\\|");
                let count = |name: &str| self.tree.attribute(cell, name).trim().parse().unwrap_or(1_usize);
                let rows_below = count("rowspan").clamp(1, 1000) - 1;
                let columns = count("colspan").clamp(1, MAX_COLUMNS);
                let repeated = if text.len() <= MAX_REPEATED_BYTES { text.clone() } else { String::new() };
                if rows_below > 0 && !repeated.is_empty() {
                    for column in 0..columns {
                        spans.insert(line.len() + column, (repeated.clone(), rows_below));
                    }
                }
                let is_full = line.len() >= MAX_COLUMNS;
                match line.last_mut().filter(|_| is_full) {
                    Some(last) => last.push_str(&format!(" {text}")),
                    None => {
                        line.push(text);
                        line.resize(MAX_COLUMNS.min(line.len() + columns - 1), repeated);
                    }
                }
            }
            take_spans(&mut line, &mut spans);
            self.num_bytes += line.iter().map(|text| text.len() + 3).sum::<usize>();
            if self.num_bytes > MAX_TEXT_BYTES {
                break;
            }
            if line.iter().any(|text| !text.is_empty()) {
                lines.push(line);
            }
        }
        (head, lines)
    }
}

/// Adds the cells of rows above that reach into this row at its next columns.
fn take_spans(line: &mut Vec<String>, spans: &mut BTreeMap<usize, (String, usize)>) {
    while let Some((text, rows_below)) = spans.get_mut(&line.len()) {
        let column = line.len();
        line.push(text.clone());
        *rows_below -= 1;
        if *rows_below == 0 {
            spans.remove(&column);
        }
    }
}

fn table_line(cells: &[String], num_columns: usize) -> String {
    let mut line = String::from("|");
    for column in 0..num_columns {
        line.push_str(&format!(" {} |", cells.get(column).map_or("", String::as_str)));
    }
    line
}
