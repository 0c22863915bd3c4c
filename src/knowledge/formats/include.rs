//! Includes of Markdown in Markdown: a line `{{< include "other.md" >}}` stands for the body of that file.
//!
//! The path is relative to the file with the line and must stay inside the folder or archive. To have such
//! a line in an article's text, put a backslash before it.

use super::{Fault, MAX_TEXT_BYTES, ReadOptions, decode, files::File, front_matter};

/// Most files that include each other in a row.
const MAX_DEPTH: usize = 8;
/// Most files that one article includes.
const MAX_INCLUDES: usize = 1000;

/// A file's text with all that it includes.
pub(super) struct Expanded {
    /// The text.
    pub(super) text: String,
    /// Paths of the included files.
    pub(super) included: Vec<String>,
}

/// Puts the included files in place of the lines that include them. Lines within a block of code stay.
///
/// `first_line` is the line of the file on which the text begins.
///
/// # Errors
/// The line of the file that includes what cannot be included, itself or by way of others.
pub(super) fn expand(
    file: File<'_>,
    text: &str,
    first_line: usize,
    options: &ReadOptions,
) -> Result<Expanded, Fault> {
    let mut expansion =
        Expansion { file, options, chain: vec![file.name.to_owned()], included: Vec::new(), num_bytes: 0 };
    let text = expansion.expand(text).map_err(|(line, message)| Fault {
        line: first_line + line,
        field: String::new(),
        message,
    })?;
    Ok(Expanded { text, included: expansion.included })
}

struct Expansion<'a> {
    file: File<'a>,
    options: &'a ReadOptions,
    /// The files that are being included, each by the one before.
    chain: Vec<String>,
    included: Vec<String>,
    num_bytes: usize,
}

impl Expansion<'_> {
    /// # Errors
    /// The line of this text, counted from 0, and what is wrong.
    fn expand(&mut self, text: &str) -> Result<String, (usize, String)> {
        let mut expanded = String::with_capacity(text.len());
        let mut fence = None;
        for (line, number) in text.split_inclusive('\n').zip(0..) {
            let is_code = fence.is_some();
            follow(&mut fence, line);
            match target(line).filter(|_| !is_code) {
                Some((0, path)) => {
                    let included = self.include(path).map_err(|message| (number, message))?;
                    expanded.push_str(included.trim_end_matches(['\n', '\r']));
                    expanded.push('\n');
                }
                _ => expanded.push_str(line),
            }
        }
        Ok(expanded)
    }

    fn include(&mut self, path: &str) -> Result<String, String> {
        let from = self.chain.last().map_or("", String::as_str);
        let name = resolve(from, path)
            .ok_or_else(|| format!("includes {path:?}, which is outside the folder; move it in"))?;
        let mut chain = self.chain.clone();
        chain.push(name.clone());
        if self.chain.contains(&name) {
            return Err(format!("the includes go in a circle: {}", chain.join(" → ")));
        }
        if self.chain.len() > MAX_DEPTH {
            return Err(format!("the includes go deeper than {MAX_DEPTH}: {}", chain.join(" → ")));
        }
        if self.included.len() >= MAX_INCLUDES {
            return Err(format!("includes more than {MAX_INCLUDES} files; split it"));
        }
        if !self.file.files.holds(&name) {
            return Err(format!("includes {path:?}, which is not there"));
        }
        let wrong = |message: &str| format!("includes {name}, which {message}");
        let bytes = self.file.files.read(&name, MAX_TEXT_BYTES as u64).map_err(|message| wrong(&message))?;
        let text =
            decode::decode(bytes, self.options.encoding, false).map_err(|fault| wrong(&fault.message))?;
        self.num_bytes += text.len();
        if self.num_bytes > MAX_TEXT_BYTES {
            return Err(format!("includes more than {MAX_TEXT_BYTES} bytes; split it"));
        }
        let body = match front_matter::split(&text) {
            Ok(parts) => parts.body,
            Err(_) => &text,
        };
        self.included.push(name.clone());
        self.chain.push(name);
        let expanded = self.expand(body).map_err(|(_, message)| message);
        self.chain.pop();
        expanded
    }
}

/// The body with a backslash before each line that would include a file, or has such backslashes already.
pub(super) fn escaped(body: &str) -> String {
    each_line(body, |line, _| format!("\\{line}"))
}

/// The body without the backslash before lines that would include a file.
pub(super) fn unescaped(body: &str) -> String {
    each_line(body, |line, num_backslashes| {
        line.get(usize::from(num_backslashes > 0)..).unwrap_or(line).to_owned()
    })
}

/// Changes the lines outside of code that are of the form of an include.
fn each_line(body: &str, change: impl Fn(&str, usize) -> String) -> String {
    let mut changed = String::with_capacity(body.len());
    let mut fence = None;
    for line in body.split_inclusive('\n') {
        let is_code = fence.is_some();
        follow(&mut fence, line);
        match target(line).filter(|_| !is_code) {
            Some((num_backslashes, _)) => changed.push_str(&change(line, num_backslashes)),
            None => changed.push_str(line),
        }
    }
    changed
}

/// The backslashes before an include, and the path that it names.
fn target(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches('\\');
    let num_backslashes = line.len() - rest.len();
    let inner = rest.trim_end().strip_prefix("{{<")?.strip_suffix(">}}")?.trim();
    let path = inner.strip_prefix("include")?.trim_start().strip_prefix('"')?.strip_suffix('"')?;
    (!path.contains('"')).then_some((num_backslashes, path))
}

/// Follows the fences of blocks of code: the mark and length of the one that is open.
fn follow(fence: &mut Option<(char, usize)>, line: &str) {
    let text = line.trim();
    let Some(mark) = text.chars().next().filter(|mark| matches!(mark, '`' | '~')) else { return };
    let length = text.len() - text.trim_start_matches(mark).len();
    match *fence {
        None if length >= 3 => *fence = Some((mark, length)),
        Some((open, least)) if open == mark && length >= least && text.len() == length => *fence = None,
        _ => {}
    }
}

/// The path that a file means by a path relative to it; nothing when that is outside.
fn resolve(from: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
