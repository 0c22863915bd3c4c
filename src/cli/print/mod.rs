//! Prints what the services say, for people at a terminal.

mod check;
mod conversation;
mod decision;
mod explanation;
mod gaps;
mod lint;
mod parts;
mod rules;
mod search;
mod text;
mod time;

use std::{
    fmt::Write as _,
    io::{self, IsTerminal, Write as _},
};

use anstyle::{AnsiColor, Style};
use jiff::{Timestamp, Zoned, tz::TimeZone};

pub(super) use check::check;
pub(super) use conversation::conversation;
pub(super) use decision::decision;
pub(super) use explanation::{explanation, replay};
pub(super) use gaps::gaps;
pub(super) use lint::lint;
pub(super) use rules::rules;
pub(super) use search::search;
pub(super) use text::{clean, width};

/// Width of a page when the terminal does not say, in columns.
const DEFAULT_COLUMNS: usize = 80;
/// Widest page; longer lines are hard to read.
const MAX_COLUMNS: usize = 100;
/// Narrowest page that is laid out; a narrower terminal wraps by itself.
const MIN_COLUMNS: usize = 40;

/// Headings of sections.
const HEADING: Style = Style::new().bold();
/// What matters less.
const DIM: Style = Style::new().dimmed();

/// A page of text in the making, with colours; whoever writes it out strips them where they do
/// not belong.
#[derive(Debug)]
pub(super) struct Page {
    out: String,
    columns: usize,
    now: Zoned,
}

impl Page {
    /// An empty page for this terminal, at this time and place.
    pub(super) fn new() -> Self {
        let columns = terminal_size::terminal_size().map_or(DEFAULT_COLUMNS, |(columns, _)| columns.0.into());
        Self::with(columns, Timestamp::now().to_zoned(TimeZone::system()))
    }

    /// An empty page of a given width at a given time.
    fn with(columns: usize, now: Zoned) -> Self {
        Self { out: String::new(), columns: columns.clamp(MIN_COLUMNS, MAX_COLUMNS), now }
    }

    /// Writes the page to the standard output; colours only where they are shown.
    pub(super) fn print(&self) -> io::Result<()> {
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(self.out.as_bytes())?;
        stdout.flush()
    }

    /// An empty line and a heading.
    fn heading(&mut self, heading: &str) {
        let _ = writeln!(self.out, "\n{HEADING}{heading}{HEADING:#}");
    }

    /// One line as it is; the caller keeps it short.
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A row of a table: cells with the widths of their columns.
    fn row(&mut self, cells: &[(&str, usize)]) {
        let cells: Vec<String> = cells.iter().map(|(cell, columns)| text::padded(cell, *columns)).collect();
        self.line(&cells.join("  "));
    }

    /// A paragraph, wrapped; `first` stands before its first line, blanks before the others.
    fn paragraph(&mut self, first: &str, style: Style, paragraph: &str) {
        let indent = text::width(first);
        for (index, line) in text::wrap(paragraph, self.columns.saturating_sub(indent)).iter().enumerate() {
            let margin = if index == 0 { first.to_owned() } else { " ".repeat(indent) };
            let line =
                if line.is_empty() { String::new() } else { format!("{margin}{style}{line}{style:#}") };
            self.line(&line);
        }
    }
}

/// Prints rows with aligned columns.
pub(super) fn rows(rows: Vec<[String; 3]>) -> io::Result<()> {
    let rows: Vec<[String; 3]> = rows.into_iter().map(|row| row.map(|cell| clean(&cell))).collect();
    let columns = |index: usize| rows.iter().map(|row| width(&row[index])).max().unwrap_or_default();
    let (first, second) = (columns(0), columns(1));
    let mut page = Page::new();
    for [name, what, title] in &rows {
        page.row(&[(name, first), (what, second), (title, 0)]);
    }
    page.print()
}

/// A time of the contract as a person at this clock reads it.
pub(super) fn when(time: prost_types::Timestamp) -> String {
    time::due(time, &Timestamp::now().to_zoned(TimeZone::system()))
}

/// A style with a bold colour.
const fn bold(color: AnsiColor) -> Style {
    color.on_default().bold()
}

/// Prints JSON: indented on a terminal, in one line for programs.
pub(super) fn json<M: prost::Message + prost::Name>(message: &M) -> anyhow::Result<()> {
    let stdout = io::stdout();
    let json = if stdout.is_terminal() {
        crate::json::to_json_pretty(message)?
    } else {
        crate::json::to_json(message)?
    };
    writeln!(stdout.lock(), "{json}")?;
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A page of 80 columns on 20 November 2026, 10:00 in Shanghai.
    pub(super) fn page() -> Page {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        Page::with(80, Timestamp::from_second(1_795_140_000).unwrap().to_zoned(zone))
    }

    /// What a page shows, without colours; fails when a line is wider than the page.
    pub(super) fn shown(page: &Page) -> String {
        let shown = anstream::adapter::strip_str(&page.out).to_string();
        for line in shown.lines() {
            assert!(width(line) <= page.columns, "{} columns: {line}", width(line));
        }
        shown
    }

    #[test]
    fn a_paragraph_keeps_its_margin() {
        let mut page = page();
        page.columns = 40;
        page.paragraph("  - ", Style::new(), "The parcel goes out today and arrives within three days.");
        assert_eq!(shown(&page), "  - The parcel goes out today and\n    arrives within three days.\n");
    }
}
