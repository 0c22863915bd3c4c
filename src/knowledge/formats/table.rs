//! Tables (CSV): a header row with the names of the fields, then an article a row.

use std::collections::HashMap;

use csv::{Position, ReaderBuilder, StringRecord};

use super::{
    Fault, Place, Reader, record,
    record::Fields,
    rows::{self, COLUMNS},
};

/// Reads a table. Columns are separated by commas, or by semicolons or tabs where the header has no comma.
pub(super) fn read(reader: &mut Reader<'_>, place: &Place, text: &str) {
    let separator = delimiter(text);
    let mut table = ReaderBuilder::new()
        .has_headers(true)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let columns = match table.headers().map_err(|error| record::fault("", error)).and_then(columns) {
        Ok(columns) => columns,
        Err(fault) => return reader.problem(place.clone(), Fault { line: 1, ..fault }),
    };
    let mut cells = StringRecord::new();
    loop {
        let line = usize::try_from(table.position().line()).unwrap_or_default();
        match table.read_record(&mut cells) {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => return reader.problem(place.clone(), Fault { line, ..record::fault("", error) }),
        }
        let end = usize::try_from(table.position().byte()).unwrap_or_default();
        let (line, record) = cells.position().map_or((line, &[][..]), |at| record_at(text, at, end));
        let place = Place { path: place.path.clone(), line };
        if let Err(fault) = check_quotes(record, separator) {
            reader.problem(place, fault);
            continue;
        }
        let row = Row { columns: &columns, cells: &cells };
        let read = row
            .checked()
            .and_then(|()| rows::body(row.cell("body").to_owned(), row.cell("body_html")))
            .and_then(|body| row.item(body, reader.options));
        match read {
            Ok(item) => reader.article(place, item),
            Err(fault) => reader.problem(place, fault),
        }
    }
}

/// The line on which a record begins and its bytes; the line ends before it are not part of it.
fn record_at<'a>(text: &'a str, at: &Position, end: usize) -> (usize, &'a [u8]) {
    let start = usize::try_from(at.byte()).unwrap_or_default();
    let bytes = text.as_bytes().get(start..end).unwrap_or_default();
    let num_before = bytes.iter().take_while(|byte| b"\r\n".contains(byte)).count();
    let (before, record) = bytes.split_at(num_before);
    let num_lines = before.iter().filter(|&&byte| byte == b'\n').count();
    (usize::try_from(at.line()).unwrap_or_default() + num_lines, record)
}

/// Checks that each quoted cell of a record ends: one that does not swallows the rows below it, and they
/// would be published with the audience of this one.
///
/// # Errors
/// A quote that is not closed, or text after one that is: the quote opened somewhere else.
fn check_quotes(record: &[u8], separator: u8) -> Result<(), Fault> {
    enum At {
        CellStart,
        Plain,
        Quoted,
        AfterQuoted,
    }
    let mut at = At::CellStart;
    for &byte in record {
        at = match (at, byte) {
            (At::CellStart | At::AfterQuoted, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::AfterQuoted,
            (At::Quoted, _) => At::Quoted,
            (_, byte) if byte == separator => At::CellStart,
            (At::AfterQuoted, b' ' | b'\t' | b'\r' | b'\n') => At::AfterQuoted,
            (At::AfterQuoted, _) => {
                let message = "has text after the quote that ends a cell; close each quote, and double those within a cell";
                return Err(record::fault("", message));
            }
            (At::CellStart | At::Plain, _) => At::Plain,
        };
    }
    match at {
        At::Quoted => {
            let message = "opens a quote that is not closed, so the rows below are part of it; close it";
            Err(record::fault("", message))
        }
        _ => Ok(()),
    }
}

/// The separator of the header row.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|&mark| header.contains(char::from(mark))).unwrap_or(b',')
}

/// The position of each column.
///
/// # Errors
/// A column that is unknown, there twice, or missing: a wrong name such as `audince` must not make public
/// what is for agents.
fn columns(header: &StringRecord) -> Result<HashMap<String, usize>, Fault> {
    let mut columns = HashMap::new();
    for (name, index) in header.iter().zip(0..) {
        let name = name.trim().to_ascii_lowercase();
        if !COLUMNS.contains(&name.as_str()) {
            let message = format!("is no column that is known; the columns are {}", COLUMNS.join(", "));
            return Err(record::fault(&name, message));
        }
        if columns.insert(name.clone(), index).is_some() {
            return Err(record::fault(&name, "is a column twice; remove one"));
        }
    }
    for needed in ["id", "title"] {
        if !columns.contains_key(needed) {
            return Err(record::fault(needed, "is no column of the header row; add it"));
        }
    }
    if !columns.contains_key("body") && !columns.contains_key("body_html") {
        return Err(record::fault("body", "is no column of the header row; add it, or body_html"));
    }
    Ok(columns)
}

/// One row.
struct Row<'a> {
    columns: &'a HashMap<String, usize>,
    cells: &'a StringRecord,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|&index| self.cells.get(index)).unwrap_or_default()
    }

    fn checked(&self) -> Result<(), Fault> {
        let (has, needs) = (self.cells.len(), self.columns.len());
        if has != needs {
            let message = format!(
                "has {has} cells where the header has {needs}; put texts with commas or line breaks in quotes"
            );
            return Err(record::fault("", message));
        }
        Ok(())
    }
}

impl Fields for Row<'_> {
    fn text(&self, field: &str) -> Result<String, Fault> {
        Ok(self.cell(field).to_owned())
    }

    fn list(&self, field: &str) -> Result<Vec<String>, Fault> {
        Ok(rows::split_list(self.cell(field)))
    }

    fn fault(&self, field: &str, message: String) -> Fault {
        record::fault(field, message)
    }
}
