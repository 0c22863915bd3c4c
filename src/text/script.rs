//! Converts text between Simplified and Traditional Chinese, with the words of the other side.
//!
//! OpenCC's Taiwan configurations with vocabulary are used (`s2twp` and `tw2sp`): 软件 becomes 軟體, not
//! 軟件. Only Han characters change. Code, addresses of pages, e-mail addresses and everything in Latin
//! letters and figures stay as they are, and so does Markdown.
//!
//! The tables choose by phrases, not by meaning: where one Simplified character stands for several
//! Traditional ones outside a known phrase (头发干了), the choice may be wrong. So a conversion is always
//! marked as one.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use regex::Regex;

use crate::{message::Locale, text::is_han};

/// Tables of one direction: 2 MB, loaded in some milliseconds at the first conversion.
type Tables = LazyLock<Option<OpenCC>>;

static TO_TRADITIONAL: Tables = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2twp).ok());
static TO_SIMPLIFIED: Tables = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::Tw2sp).ok());

/// What is never converted: code, link targets, HTML tags, addresses.
static KEPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let fenced = "(?s:```.*?(?:```|$)|~~~.*?(?:~~~|$))";
    let code = "``[^\n]+?``|`[^`\n]+`";
    let targets = r"\]\([^)\n]*\)|(?m:^ {0,3}\[[^\]\n]+\]: *[^\n]*$)|<[A-Za-z/!][^>\n]*>";
    let addresses = r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s，。；、！？（）「」『』“”《》【】|]+";
    Regex::new(&format!("{fenced}|{code}|{targets}|{addresses}")).ok()
});

/// A text in the other script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The text.
    pub text: String,
    /// Whether anything differs from the source.
    pub changed: bool,
}

/// Converts from the script of one locale to that of another; `None` unless one is Simplified and the
/// other Traditional Chinese.
pub fn convert(text: &str, from: Locale, to: Locale) -> Option<Converted> {
    let tables = match (from, to) {
        (Locale::ZhHans, Locale::ZhHant) => &TO_TRADITIONAL,
        (Locale::ZhHant, Locale::ZhHans) => &TO_SIMPLIFIED,
        _ => return None,
    };
    let tables = tables.as_ref()?;
    let kept = KEPT.as_ref()?;
    let mut converted = String::with_capacity(text.len());
    let mut end = 0;
    for found in kept.find_iter(text) {
        push_converted(&mut converted, &text[end..found.start()], tables);
        converted.push_str(found.as_str());
        end = found.end();
    }
    push_converted(&mut converted, &text[end..], tables);
    let changed = converted != text;
    Some(Converted { text: converted, changed })
}

/// Converts the runs of Han characters and copies what is between them.
fn push_converted(converted: &mut String, text: &str, tables: &OpenCC) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_han = is_han(first);
        let length = rest.find(|character| is_han(character) != in_han).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        if in_han {
            converted.push_str(&tables.convert(run));
        } else {
            converted.push_str(run);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn to_traditional(text: &str) -> String {
        convert(text, Locale::ZhHans, Locale::ZhHant).expect("tables").text
    }

    fn to_simplified(text: &str) -> String {
        convert(text, Locale::ZhHant, Locale::ZhHans).expect("tables").text
    }

    #[test]
    fn words_become_those_of_the_other_side() {
        assert_eq!(
            to_traditional("打开软件，点“我的 > 设置”，网络断开时重试。"),
            "開啟軟體，點“我的 > 設定”，網路斷開時重試。"
        );
        assert_eq!(
            to_simplified("網路不穩時請重新啟動軟體，預設 3 次。"),
            "网络不稳时请重新启动软件，缺省 3 次。"
        );
        assert_eq!(to_traditional("先干杯，后台里面有3只表"), "先乾杯，後臺裡面有3只表");
    }

    #[test]
    fn code_and_addresses_stay() {
        let text =
            "见 [设置](https://店.example/设置?软件=1) 和 `软件 --设置`，或 https://店.example/网络。网络";
        assert_eq!(
            to_traditional(text),
            "見 [設定](https://店.example/设置?软件=1) 和 `软件 --设置`，或 https://店.example/网络。網路"
        );
        let fenced = "网络\n\n```\n网络\n```\n\n| 网络 | **3** |\n|---|---|\n<b title=\"网络\">网络</b>";
        let expected = "網路\n\n```\n网络\n```\n\n| 網路 | **3** |\n|---|---|\n<b title=\"网络\">網路</b>";
        assert_eq!(to_traditional(fenced), expected);
    }

    #[test]
    fn only_the_two_chinese_scripts_are_converted() {
        assert_eq!(convert("网络", Locale::ZhHans, Locale::ZhHans), None);
        assert_eq!(convert("network", Locale::En, Locale::ZhHant), None);
        let same = convert("你好 Tide Plus 30", Locale::ZhHans, Locale::ZhHant).expect("tables");
        assert!(!same.changed);
        assert!(convert("网络", Locale::ZhHans, Locale::ZhHant).expect("tables").changed);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn nothing_but_han_characters_ever_changes(text in "([一-龥]{0,6}|[0-9０-９.,%$¥:/]{0,6}|[a-zA-Z |*#`\\[\\]()\n-]{0,6}){0,12}") {
            let others = |text: &str| text.chars().filter(|character| !is_han(*character)).collect::<String>();
            prop_assert_eq!(others(&to_traditional(&text)), others(&text));
            prop_assert_eq!(others(&to_simplified(&text)), others(&text));
        }
    }
}
