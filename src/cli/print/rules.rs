//! What came of policy files, for people: one line a finding, as compilers write theirs.

use anstyle::{AnsiColor, Style};

use super::{DIM, Page, bold, text::clean};
use crate::{
    cli::rules::Report,
    policy::playbook::{ExampleResult, Finding, Severity},
};

/// Lays out what came of policy files.
pub(in crate::cli) fn rules(page: &mut Page, reports: &[Report]) {
    for report in reports {
        report.findings.iter().for_each(|finding| self::finding(page, &report.file, finding));
        for example in report.examples.iter().flatten().filter(|example| !example.differences.is_empty()) {
            self::example(page, &report.file, example);
        }
        page.line(&format!("{}: {}", clean(&report.file), told(report)));
    }
}

fn finding(page: &mut Page, file: &str, finding: &Finding) {
    let (color, word) = match finding.severity {
        Severity::Error => (AnsiColor::Red, "error"),
        Severity::Warning => (AnsiColor::Yellow, "warning"),
    };
    let key = if finding.key.is_empty() { String::new() } else { format!(" {}:", finding.key) };
    let place = format!("{}:{}:{}", clean(file), finding.line, finding.column);
    page.paragraph("", bold(color), &format!("{place}: {word}:{}", clean(&key)));
    page.paragraph("    ", Style::new(), &clean(&finding.reason));
}

fn example(page: &mut Page, file: &str, example: &ExampleResult) {
    let place = format!("{}:{}", clean(file), example.line);
    page.paragraph("", bold(AnsiColor::Red), &format!("{place}: {}", clean(&example.name)));
    for difference in &example.differences {
        page.paragraph(
            "    expected ",
            Style::new(),
            &format!("{} {}", difference.key, clean(&difference.expected)),
        );
        page.paragraph("    came out ", DIM, &format!("{} {}", difference.key, clean(&difference.actual)));
    }
}

/// What came of a file, in one line.
fn told(report: &Report) -> String {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let counted = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    };
    if report.version.is_none() {
        return format!("{}; the file cannot be used", counted(count(Severity::Error), "mistake"));
    }
    let mut parts = Vec::new();
    if let Some(examples) = &report.examples {
        let failed = examples.iter().filter(|example| !example.differences.is_empty()).count();
        parts.push(match (examples.len(), failed) {
            (0, _) => "no examples".to_owned(),
            (all, 0) => format!("{} hold", counted(all, "example")),
            (all, failed) => format!("examples that do not hold: {failed} of {all}"),
        });
    }
    match count(Severity::Warning) {
        0 if parts.is_empty() => parts.push("no mistakes".to_owned()),
        0 => {}
        number => parts.push(counted(number, "warning")),
    }
    parts.join(", ")
}
