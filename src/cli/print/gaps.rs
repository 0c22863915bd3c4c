//! What customers asked and no article answers, for people.

use anstyle::Style;

use super::{DIM, HEADING, Page, text::clean, time};
use crate::proto::Gap;

/// Lays out gaps: how often, when last, the question, other wordings.
pub(in crate::cli) fn gaps(page: &mut Page, base: &str, gaps: &[Gap]) {
    if gaps.is_empty() {
        page.line(&format!("{}: no question without an answer is kept.", clean(base)));
    }
    for gap in gaps {
        page.paragraph(&format!("{:>5} × ", gap.count), HEADING, &gap.question);
        for example in &gap.examples {
            page.paragraph("        ", Style::new(), example);
        }
        let last = gap.last_time.map(|last| format!("last {}", time::due(last, &page.now)));
        let number = gap.name.rsplit('/').next().unwrap_or_default();
        let parts =
            [last.unwrap_or_default(), gap.locale.clone(), gap.intent.clone(), format!("gap {number}")];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        page.paragraph("        ", DIM, &parts.join(" · "));
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };

    #[test]
    fn gaps_show_how_often_and_in_which_words_they_were_asked() {
        let gap = Gap {
            name: "knowledgeBases/sample/gaps/812".into(),
            question: "請問可以寄到澎湖嗎?運費怎麼算,大概幾天會到?我家在二樓沒有電梯,可以請師傅搬上去嗎?"
                .into(),
            examples: vec!["寄澎湖要多少錢".into(), "do you ship to Penghu".into()],
            locale: "zh-Hant".into(),
            intent: "delivery.options".into(),
            count: 14,
            first_time: None,
            last_time: Some(prost_types::Timestamp { seconds: 1_795_140_000 - 3600, nanos: 0 }),
        };
        let mut page = page();
        gaps(&mut page, "knowledgeBases/sample", &[gap, Gap { count: 1, ..Gap::default() }]);
        insta::assert_snapshot!(shown(&page));
    }

    #[test]
    fn no_gaps_are_told_as_such() {
        let mut page = page();
        gaps(&mut page, "knowledgeBases/sample", &[]);
        assert!(shown(&page).contains("no question without an answer"));
    }
}
