//! Figures of a text, in one form whatever way they are written.

use crate::text::{fold::fold, is_han};

/// A figure: a number with the currency it is of, if any.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Figure {
    /// Currency as an ISO 4217 code; empty for other numbers.
    pub currency: &'static str,
    /// The number: digits and at most one decimal point, without separators and needless zeros.
    pub value: String,
}

impl std::fmt::Display for Figure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.currency.is_empty() {
            return formatter.write_str(&self.value);
        }
        write!(formatter, "{} {}", self.currency, self.value)
    }
}

/// A text ready to be compared: its words without figures, and its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Masked {
    /// Lower case, narrow, folded to Simplified; blanks and signs are one blank, a figure is `#`.
    pub(super) text: String,
    /// The figures in their order.
    pub(super) figures: Vec<Figure>,
}

/// Signs and words of currencies that stand before or after an amount.
const CURRENCIES: [(&str, &str); 17] = [
    ("nt$", "TWD"),
    ("hk$", "HKD"),
    ("us$", "USD"),
    ("twd", "TWD"),
    ("hkd", "HKD"),
    ("usd", "USD"),
    ("cny", "CNY"),
    ("rmb", "CNY"),
    ("eur", "EUR"),
    ("gbp", "GBP"),
    ("¥", "CNY"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("$", "USD"),
    ("人民币", "CNY"),
    ("新台币", "TWD"),
    ("港币", "HKD"),
];
/// Words for numbers that count when a unit of time follows.
const ENGLISH_NUMBERS: [(&str, &str); 16] = [
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("twelve", "12"),
    ("fourteen", "14"),
    ("fifteen", "15"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("sixty", "60"),
];
const ENGLISH_UNITS: [&str; 9] =
    ["working", "business", "calendar", "day", "hour", "week", "month", "year", "minute"];
const CHINESE_UNITS: [&str; 10] = ["天", "日", "个工作", "工作", "小时", "周", "星期", "个月", "年", "分钟"];

/// Reads a text. Numbers of list items, and everything in addresses of pages and e-mail addresses, are no
/// figures.
pub(super) fn masked(text: &str) -> Masked {
    let mut masked = Masked::default();
    for line in text.lines() {
        let line = plain(without_number(line));
        for word in line.split_whitespace() {
            // Addresses may stand between Chinese characters without a blank.
            for part in word.split_inclusive(|character: char| !character.is_ascii()) {
                if part.contains("://") || part.contains('@') {
                    masked.push_sign();
                    masked.push_word(part.trim_start_matches(|character: char| character.is_ascii()));
                } else {
                    masked.push_word(part);
                }
            }
            masked.push_sign();
        }
    }
    masked.text = with_words(masked.text.trim_end(), &mut masked.figures);
    masked
}

/// Lower case, narrow and folded.
fn plain(line: &str) -> String {
    let narrow: String = line
        .chars()
        .map(|character| match character {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            '￥' => '¥',
            '\u{3000}' => ' ',
            _ => character,
        })
        .collect();
    fold(&narrow.to_lowercase()).into_owned()
}

/// A line without the number or sign of a list item.
fn without_number(line: &str) -> &str {
    let line = line.trim_start();
    let digits = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let num_digits = line.len() - digits.len();
    match digits.strip_prefix(['.', ')', '、', '．']) {
        Some(rest)
            if (1..=2).contains(&num_digits) && !rest.starts_with(|next: char| next.is_ascii_digit()) =>
        {
            rest
        }
        _ => line,
    }
}

impl Masked {
    fn push_sign(&mut self) {
        if !self.text.ends_with(' ') && !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    /// Adds a word, its figures masked.
    fn push_word(&mut self, word: &str) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            if first.is_ascii_digit() {
                let after_letter = self.text.ends_with(|last: char| last.is_ascii_alphabetic())
                    && currency_before(&self.text).is_none();
                let length = number_length(rest);
                let (number, after) = rest.split_at(length);
                rest = after;
                if after_letter {
                    // "mp3", "a4": part of a name.
                    self.text.push_str(number);
                    continue;
                }
                let currency =
                    currency_before(&self.text).or_else(|| currency_after(after)).unwrap_or_default();
                self.figures.push(Figure { currency, value: value(number) });
                self.text.push('#');
                continue;
            }
            let sign = "¥€£$%".contains(first);
            if first.is_alphanumeric() || sign {
                self.text.push(first);
            } else {
                self.push_sign();
            }
            rest = &rest[first.len_utf8()..];
        }
    }
}

/// Bytes of the number at the beginning: digits, thousands after commas, one decimal point.
fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut length = digits(text);
    if length <= 3 {
        while text[length..].starts_with(',') && digits(&text[length + 1..]) == 3 {
            length += 4;
        }
    }
    if text[length..].starts_with('.') && digits(&text[length + 1..]) > 0 {
        length += 1 + digits(&text[length + 1..]);
    }
    length
}

fn value(number: &str) -> String {
    let number: String = number.chars().filter(|character| *character != ',').collect();
    let number =
        if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { &number };
    let number = number.trim_start_matches('0');
    if number.is_empty() || number.starts_with('.') { format!("0{number}") } else { number.to_owned() }
}

fn currency_before(text: &str) -> Option<&'static str> {
    let text = text.trim_end();
    CURRENCIES.iter().find(|(sign, _)| text.ends_with(sign)).map(|&(_, code)| code)
}

fn currency_after(text: &str) -> Option<&'static str> {
    CURRENCIES.iter().find(|(sign, _)| text.starts_with(sign)).map(|&(_, code)| code)
}

/// Masks numbers in words before units of time: "two days", 三天, 十五日. Their figures follow the others.
fn with_words(text: &str, figures: &mut Vec<Figure>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let number = if is_han(first) { chinese_number(rest) } else { english_number(rest, &out) };
        let length = match number {
            Some((length, value)) => {
                figures.push(Figure { currency: "", value });
                out.push('#');
                length
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Whether a word is an English one for a number.
pub(super) fn is_english_number(word: &str) -> bool {
    ENGLISH_NUMBERS.iter().any(|(name, _)| name.eq_ignore_ascii_case(word))
}

fn english_number(text: &str, before: &str) -> Option<(usize, String)> {
    let begins = text.starts_with(['o', 't', 'f', 's', 'e', 'n']);
    if !begins || before.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        return None;
    }
    let (word, after) = text.split_once(' ')?;
    let &(_, value) = ENGLISH_NUMBERS.iter().find(|(name, _)| *name == word)?;
    let counts = ENGLISH_UNITS.iter().any(|unit| after.starts_with(unit));
    counts.then(|| (word.len(), value.to_owned()))
}

/// Numbers up to 99.
fn chinese_number(text: &str) -> Option<(usize, String)> {
    const DIGITS: &str = "一二三四五六七八九";
    let digit = |character: char| match character {
        '两' => Some(2),
        _ => DIGITS.chars().position(|digit| digit == character).map(|position| position + 1),
    };
    let numeral: Vec<char> = text.chars().take_while(|c| *c == '十' || digit(*c).is_some()).take(4).collect();
    let number = match numeral[..] {
        ['十'] => 10,
        [one] => digit(one)?,
        ['十', unit] => 10 + digit(unit)?,
        [tens, '十'] => 10 * digit(tens)?,
        [tens, '十', unit] => 10 * digit(tens)? + digit(unit)?,
        _ => return None,
    };
    let length: usize = numeral.iter().map(|character| character.len_utf8()).sum();
    let after = text[length..].trim_start();
    CHINESE_UNITS.iter().any(|unit| after.starts_with(unit)).then(|| (length, number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str) -> Vec<String> {
        masked(text).figures.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn figures_have_one_form() {
        assert_eq!(figures("Refunds take 3–7 working days"), ["3", "7"]);
        assert_eq!(figures("退款需要３–７个工作日"), ["3", "7"]);
        assert_eq!(figures("over NT$1,299.00 or 1299 EUR"), ["TWD 1299", "1299"]);
        assert_eq!(figures("within two working days, 三天內或十五日"), ["2", "3", "15"]);
        assert_eq!(figures("两周内"), ["2"]);
        assert_eq!(figures("1. Open page 2\n2. wait 05 minutes"), ["2", "5"]);
    }

    #[test]
    fn figures_after_an_address_count() {
        assert_eq!(figures("写信到privacy@shop.example。15个工作日"), ["15"]);
    }

    #[test]
    fn names_and_addresses_are_no_figures() {
        assert!(
            figures("see https://shop.example/a/30 or a30@shop.example, 写信到a30@shop.example。然后, mp3, one of them, 一起, 十分")
                .is_empty()
        );
    }

    #[test]
    fn words_stay_when_figures_differ() {
        assert_eq!(masked("Within 30 days!").text, masked("within **14** days").text);
        assert_eq!(masked("退貨期為30天").text, masked("退货期为 14 天").text.replace(' ', ""));
        assert_ne!(masked("costs ¥15").text, masked("costs €15").text);
    }
}
