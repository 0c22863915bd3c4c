//! What is wrong with a tenant's template.

use std::{error::Error as _, fmt};

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file under the tenant's folder of templates.
    pub file: String,
    /// Its line, from 1; `None` for the file as a whole.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub reason: String,
}

impl Mistake {
    /// A mistake of a template, told by the template engine.
    pub fn of_engine(name: &str, error: &minijinja::Error) -> Self {
        // A mistake in a piece is told in the template that uses it; the piece is what to mend.
        let mut innermost = error;
        while let Some(cause) = innermost.source().and_then(|source| source.downcast_ref()) {
            innermost = cause;
        }
        let detail = innermost.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
        Self {
            file: file_of(innermost.name().unwrap_or(name)),
            line: innermost.line(),
            reason: format!("{}{detail}", innermost.kind()),
        }
    }

    /// A mistake of a template as a whole, or of a line.
    pub fn of_template(name: &str, line: Option<usize>, reason: impl Into<String>) -> Self {
        Self { file: file_of(name), line, reason: reason.into() }
    }
}

/// The file that a template's name stands for.
fn file_of(name: &str) -> String {
    format!("{}.jinja", name.strip_prefix("tenant/").unwrap_or(name))
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.file, self.reason),
            None => write!(formatter, "{}: {}", self.file, self.reason),
        }
    }
}
