//! What may be wrong with articles, for people: one line a finding, as compilers write theirs.

use anstyle::{AnsiColor, Style};

use super::{DIM, Page, bold, text::clean};
use crate::proto::{LintFinding, LintKind, LintPlace};

/// Lays out findings: article and line, kind, what is wrong; then every place with its text.
pub(in crate::cli) fn lint(page: &mut Page, base: &str, findings: &[LintFinding]) {
    for found in findings {
        finding(page, found);
    }
    let count = match findings.len() {
        0 => "nothing found".to_owned(),
        1 => "1 finding".to_owned(),
        number => format!("{number} findings"),
    };
    page.line(&format!("{}: {count}", clean(base)));
}

fn finding(page: &mut Page, finding: &LintFinding) {
    let first = finding.places.first().map(place).unwrap_or_default();
    let (color, kind) = kind(finding.kind());
    page.paragraph("", bold(color), &format!("{first}: {kind}: {}", finding.message));
    for (index, at) in finding.places.iter().enumerate() {
        let figure =
            if at.figures.is_empty() { String::new() } else { format!(" [{}]", at.figures.join(", ")) };
        let excerpt = if at.excerpt.is_empty() { String::new() } else { format!(": {}", at.excerpt) };
        page.paragraph(
            "    ",
            if index == 0 { Style::new() } else { DIM },
            &format!("{}{figure}{excerpt}", place(at)),
        );
    }
}

/// The article's id and the line of its body.
fn place(place: &LintPlace) -> String {
    let id = place.article.rsplit('/').next().unwrap_or_default();
    format!("{id}:{}", place.line)
}

fn kind(kind: LintKind) -> (AnsiColor, &'static str) {
    match kind {
        LintKind::Contradiction => (AnsiColor::Red, "contradiction"),
        LintKind::Duplicate => (AnsiColor::Yellow, "duplicate"),
        LintKind::Stale => (AnsiColor::Yellow, "stale"),
        LintKind::TranslationFigures => (AnsiColor::Yellow, "translation"),
        LintKind::Unspecified => (AnsiColor::Yellow, "note"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };

    #[test]
    fn a_finding_shows_its_places_like_a_compiler() {
        let at = |id: &str, line: u32, excerpt: &str, figures: &[&str]| LintPlace {
            article: format!("knowledgeBases/sample/articles/{id}"),
            line,
            excerpt: excerpt.into(),
            figures: figures.iter().map(|&figure| figure.into()).collect(),
            ..LintPlace::default()
        };
        let contradiction = LintFinding {
            kind: LintKind::Contradiction.into(),
            places: vec![
                at("returns.zh-Hant", 4, "商品送達後三十天內都可以退貨", &["30"]),
                at("returns.en", 6, "You can return items within 60 days", &["60"]),
            ],
            message: "the same period with different figures".into(),
        };
        let stale = LintFinding {
            kind: LintKind::Stale.into(),
            places: vec![at("hours.zh-Hans", 1, "每天十点开门", &[])],
            message: "last changed 512 days ago".into(),
        };
        let mut page = page();
        lint(&mut page, "knowledgeBases/sample", &[contradiction, stale]);
        insta::assert_snapshot!(shown(&page));
    }
}
