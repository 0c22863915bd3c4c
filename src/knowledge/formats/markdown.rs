//! Markdown articles, each a file with front matter.

use super::{
    Fault, Place, ReadOptions, Reader,
    files::File,
    front_matter::{self, FrontMatter, Parts},
    include::{self, Expanded},
    record::Fields as _,
};
use crate::knowledge::ImportItem;

/// Reads a file of Markdown; one without front matter is kept until it is known whether others include it.
pub(super) fn read(reader: &mut Reader<'_>, file: File<'_>, place: Place, text: &str) {
    match front_matter::split(text) {
        Ok(parts) => match include::expand(file, parts.body, parts.body_line, reader.options) {
            Ok(Expanded { text, included }) => {
                reader.included.extend(included);
                match item(&parts, &text, reader.options) {
                    Ok(item) => reader.article(place, item),
                    Err(fault) => reader.problem(place, fault),
                }
            }
            Err(fault) => reader.problem(place, fault),
        },
        Err(fault) if front_matter::begins(text) => reader.problem(place, fault),
        Err(fault) => match include::expand(file, text, 1, reader.options) {
            Ok(Expanded { included, .. }) => {
                reader.included.extend(included);
                reader.bare.insert(file.name.to_owned(), super::problem_at(place, fault));
            }
            Err(fault) => reader.problem(place, fault),
        },
    }
}

/// The article of a file whose body may have been put together from several.
///
/// # Errors
/// The first field that is wrong.
fn item(parts: &Parts<'_>, body: &str, options: &ReadOptions) -> Result<ImportItem, Fault> {
    let front = FrontMatter::read(parts.yaml)?;
    front.item(include::unescaped(body), options).map_err(|fault| match fault.field.as_str() {
        "body" => Fault { line: parts.body_line, ..fault },
        _ => fault,
    })
}

/// Reads the text of an article file that includes nothing.
///
/// # Errors
/// The first thing that is wrong.
#[cfg(test)]
pub(super) fn parse(text: &str, options: &ReadOptions) -> Result<ImportItem, Fault> {
    let parts = front_matter::split(text)?;
    item(&parts, parts.body, options)
}
