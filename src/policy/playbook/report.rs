//! What is wrong with a policy file, told with its place and its remedy.

use std::{cell::RefCell, fmt, ops::Range};

use serde::Serialize;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but hardly does what its author means.
    Warning,
}

/// Something wrong in a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The key, for example `queues.billing.calendar`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what to write instead.
    pub reason: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        write!(formatter, "line {}, column {}: {word}", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(formatter, "{}: ", self.key)?;
        }
        formatter.write_str(&self.reason)
    }
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Collects the findings of one file.
#[derive(Debug)]
pub(super) struct Report<'t> {
    text: &'t str,
    /// Bytes at which lines begin.
    lines: Vec<usize>,
    findings: RefCell<Vec<Finding>>,
}

/// Findings that are kept; nobody reads more.
const MAX_FINDINGS: usize = 500;

impl<'t> Report<'t> {
    /// Nothing found yet in a file.
    pub fn new(text: &'t str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1));
        Self { text, lines: lines.collect(), findings: RefCell::default() }
    }

    /// Where a byte of the file is for people.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let line = self.lines.partition_point(|start| *start <= span.start).max(1);
        let before = self.text.get(self.lines[line - 1]..span.start).unwrap_or_default();
        Place { line, column: before.chars().count() + 1 }
    }

    /// Notes what is wrong at a place.
    pub fn add(&self, severity: Severity, place: Place, key: &str, reason: impl Into<String>) {
        let Place { line, column } = place;
        let finding = Finding { severity, line, column, key: key.to_owned(), reason: reason.into() };
        let mut findings = self.findings.borrow_mut();
        if findings.len() < MAX_FINDINGS && !findings.contains(&finding) {
            findings.push(finding);
        }
    }

    /// Whether an error was found.
    pub fn has_errors(&self) -> bool {
        self.findings.borrow().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The findings in the file's order.
    pub fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        findings.sort_by_key(|finding| (finding.line, finding.column));
        findings
    }
}
