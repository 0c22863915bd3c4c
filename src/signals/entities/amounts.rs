//! Amounts of money, with their currency by its ISO 4217 code where the words tell it.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::{
    message::Locale,
    signals::{numbers, reading::Reading},
};

/// Signs and words before an amount, the longer first.
const BEFORE: [(&str, &str); 34] = [
    ("us$", "USD"),
    ("hk$", "HKD"),
    ("nt$", "TWD"),
    ("au$", "AUD"),
    ("a$", "AUD"),
    ("c$", "CAD"),
    ("s$", "SGD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "CNY"),
    ("￥", "CNY"),
    ("₹", "INR"),
    ("₱", "PHP"),
    ("usd", "USD"),
    ("eur", "EUR"),
    ("gbp", "GBP"),
    ("hkd", "HKD"),
    ("twd", "TWD"),
    ("ntd", "TWD"),
    ("cny", "CNY"),
    ("rmb", "CNY"),
    ("sgd", "SGD"),
    ("aud", "AUD"),
    ("cad", "CAD"),
    ("chf", "CHF"),
    ("aed", "AED"),
    ("inr", "INR"),
    ("myr", "MYR"),
    ("rm", "MYR"),
    ("rs.", "INR"),
    ("jpy", "JPY"),
    ("nok", "NOK"),
    ("sek", "SEK"),
    ("$", ""),
];

/// Words after an amount; an empty code is told by the language.
const AFTER: [(&str, &str); 56] = [
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("eur", "EUR"),
    ("€", "EUR"),
    ("pounds", "GBP"),
    ("quid", "GBP"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("us dollars", "USD"),
    ("dollars", "USD"),
    ("bucks", "USD"),
    ("usd", "USD"),
    ("hkd", "HKD"),
    ("twd", "TWD"),
    ("ntd", "TWD"),
    ("yuan", "CNY"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
    ("sgd", "SGD"),
    ("aud", "AUD"),
    ("cad", "CAD"),
    ("chf", "CHF"),
    ("francs", "CHF"),
    ("aed", "AED"),
    ("dirhams", "AED"),
    ("rupees", "INR"),
    ("inr", "INR"),
    ("rand", "ZAR"),
    ("naira", "NGN"),
    ("pesos", "PHP"),
    ("ringgit", "MYR"),
    ("myr", "MYR"),
    ("yen", "JPY"),
    ("jpy", "JPY"),
    ("人民币", "CNY"),
    ("港币", "HKD"),
    ("港元", "HKD"),
    ("港纸", "HKD"),
    ("新台币", "TWD"),
    ("台币", "TWD"),
    ("美金", "USD"),
    ("美元", "USD"),
    ("欧元", "EUR"),
    ("欧", "EUR"),
    ("英镑", "GBP"),
    ("日元", "JPY"),
    ("日圆", "JPY"),
    ("澳币", "AUD"),
    ("澳元", "AUD"),
    ("新币", "SGD"),
    ("块钱", ""),
    ("块", ""),
    ("元", ""),
    ("圆", ""),
    ("蚊", "HKD"),
    ("$", ""),
];

const FIGURES: &str = r"([0-9][0-9,.]{0,14}|[一二两三四五六七八九十百千万]{1,9})";

static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let before: Vec<String> = BEFORE.iter().map(|(word, _)| regex::escape(word)).collect();
    let after: Vec<String> = AFTER
        .iter()
        .map(|(word, _)| {
            let is_word = word.starts_with(|letter: char| letter.is_ascii_alphabetic());
            if is_word { format!(r"{word}(?-u:\b)") } else { regex::escape(word) }
        })
        .collect();
    let scale = "(?: ?(k|m|thousand|million|万|千|百)(?:(?-u:\\b)|多|几)?)?";
    Regex::new(&format!(
        "({}) ?{FIGURES}{scale}|{FIGURES}(?:几|多|来)?{scale}(?:几|多)? ?({})",
        before.join("|"),
        after.join("|")
    ))
    .ok()
});

/// Figures after a word of taking or paying are money without a currency too (多扣的380).
static TAKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "(?:多扣|扣|多收|收费|收|付|刷|欠|赔|充|转|花|退)(?:了|咗|的|我|走|款)* ?([0-9][0-9,]{1,9}[0-9])",
    )
    .ok()
});

/// Finds the amounts of a message with their values, such as "12.50 EUR".
pub(super) fn find(reading: &Reading, locale: Option<Locale>) -> Vec<(Range<usize>, String)> {
    let Some(pattern) = AMOUNT.as_ref() else { return Vec::new() };
    let here = local_currency(&reading.text, locale);
    let with_currency = pattern
        .captures_iter(&reading.text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let is_before = captures.get(1).is_some();
            let (figures, scale) = if is_before {
                (captures.get(2)?, captures.get(3))
            } else {
                (captures.get(4)?, captures.get(5))
            };
            let sign = captures.get(if is_before { 1 } else { 6 })?.as_str();
            let span = whole.start()..whole.start() + whole.as_str().trim_end_matches([',', '.', ' ']).len();
            let text = figures.as_str().trim_end_matches([',', '.']);
            if !stands_alone(&reading.text, &span) || !is_money(&reading.text, &span, text, sign) {
                return None;
            }
            let currency =
                BEFORE.iter().chain(&AFTER).find(|(word, _)| *word == sign).map_or("", |(_, code)| code);
            let currency = if currency.is_empty() { here } else { currency };
            Some((span, value(text, scale.map(|scale| scale.as_str()), currency)))
        })
        .collect::<Vec<_>>();
    let without = TAKEN
        .iter()
        .flat_map(|taken| taken.captures_iter(&reading.text))
        .filter_map(|captures| captures.get(1))
        .filter(|figures| is_taken(&reading.text, &figures.range()))
        .map(|figures| (figures.range(), value(figures.as_str(), None, here)));
    // Those with a currency come first and keep their place.
    with_currency.into_iter().chain(without).collect()
}

/// Whether figures after a word of taking count money rather than things.
fn is_taken(text: &str, span: &Range<usize>) -> bool {
    let next = text[span.end..].chars().next();
    stands_alone(text, span) && next.is_none_or(|next| " ,.!?又到退不还给没就都也和跟;)".contains(next))
}

/// Whether an amount is no part of a longer word or figure.
fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let first = text[span.clone()].chars().next();
    let last = text[span.clone()].chars().next_back();
    let word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    !(word(before) && word(first) || word(after) && word(last) || before == Some('-') && word(first))
}

/// Whether a counting word such as 块 counts money here: 两块地毯 and 三元 (a name) do not.
fn is_money(text: &str, span: &Range<usize>, figures: &str, sign: &str) -> bool {
    let rest = &text[span.end..];
    let next = rest.chars().next();
    let is_han = !figures.starts_with(|first: char| first.is_ascii_digit());
    match sign {
        "块" => {
            let is_end = next.is_none_or(|next| {
                !crate::text::is_han(next) || "的钱多吧吗呢了就都还给退,，我你是也手运费".contains(next)
            });
            is_end && (figures.len() > 1 || !is_han) && !figures.is_empty()
        }
        "元" | "圆" => {
            !(next == Some('旦')
                || next == Some('宵')
                || is_han
                    && figures.chars().count() == 1
                    && next.is_some_and(|next| !"的,.退钱".contains(next)))
        }
        "欧" => next.is_none_or(|next| !"洲美式版盟".contains(next)),
        _ => true,
    }
}

/// The currency that 元 or $ means: by the words of Hong Kong, else by the language.
fn local_currency(text: &str, locale: Option<Locale>) -> &'static str {
    let is_cantonese =
        ["嘅", "唔", "咗", "喺", "佢", "蚊", "hk", "港"].iter().any(|word| text.contains(word));
    match locale {
        Some(Locale::ZhHant) if is_cantonese => "HKD",
        Some(Locale::ZhHant) => "TWD",
        Some(Locale::ZhHans) => "CNY",
        _ => "USD",
    }
}

/// The value in a fixed form; empty when the figures cannot be read.
fn value(figures: &str, scale: Option<&str>, currency: &str) -> String {
    let Some(number) = number(figures) else { return String::new() };
    let factor = match scale {
        Some("k" | "thousand" | "千") => 1e3,
        Some("m" | "million") => 1e6,
        Some("万") => 1e4,
        Some("百") => 1e2,
        _ => 1.0,
    };
    let number = number * factor;
    if (number - number.round()).abs() < 0.001 {
        format!("{number:.0} {currency}")
    } else {
        format!("{number:.2} {currency}")
    }
}

/// A number with points and commas, as English or the continent writes them, or in Chinese words.
fn number(figures: &str) -> Option<f64> {
    if !figures.starts_with(|first: char| first.is_ascii_digit()) {
        return numbers::chinese(figures).map(|number| number as f64);
    }
    let last = figures.rfind([',', '.']);
    let decimals = last.map(|at| figures.len() - at - 1).filter(|decimals| (1..=2).contains(decimals));
    let digits: String = figures.chars().filter(char::is_ascii_digit).collect();
    let whole: f64 = digits.parse().ok()?;
    Some(match decimals {
        Some(1) => whole / 10.0,
        Some(_) => whole / 100.0,
        None => whole,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(text: &str, locale: Locale) -> Vec<(String, String)> {
        let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
        let all = find(&reading, Some(locale)).into_iter();
        all.map(|(span, value)| (text[reading.source(&span)].to_owned(), value)).collect()
    }

    #[test]
    fn amounts_are_read_with_their_currency() {
        for (text, locale, words, value) in [
            ("split a 90 euro order", Locale::En, "90 euro", "90 EUR"),
            ("two of €84.50 each", Locale::En, "€84.50", "84.50 EUR"),
            ("the payout (£2,118.40) is", Locale::En, "£2,118.40", "2118.40 GBP"),
            ("bills me 299 dollars", Locale::En, "299 dollars", "299 USD"),
            ("sum of £1,460 is", Locale::En, "£1,460", "1460 GBP"),
            ("refunded 500 EUR and", Locale::En, "500 EUR", "500 EUR"),
            ("return my $180k!!", Locale::En, "$180k", "180000 USD"),
            ("扣了1999元", Locale::ZhHans, "1999元", "1999 CNY"),
            ("退我36块", Locale::ZhHans, "36块", "36 CNY"),
            ("¥2,899 贵了", Locale::ZhHans, "¥2,899", "2899 CNY"),
            ("多收 NT$3,680", Locale::ZhHant, "NT$3,680", "3680 TWD"),
            ("刷了 3680 元", Locale::ZhHant, "3680 元", "3680 TWD"),
            ("收多咗我800蚊", Locale::ZhHant, "800蚊", "800 HKD"),
            ("HK$1,299", Locale::ZhHant, "HK$1,299", "1299 HKD"),
            ("两百块钱", Locale::ZhHans, "两百块钱", "200 CNY"),
            ("转走3.2万元", Locale::ZhHans, "3.2万元", "32000 CNY"),
        ] {
            let found = amounts(text, locale);
            assert!(found.contains(&(words.to_owned(), value.to_owned())), "{text}: {found:?}");
        }
    }

    #[test]
    fn figures_without_money_are_no_amounts() {
        for text in
            ["两块地毯", "order 12345", "版本 3.2", "3 lamps", "一块坏了", "元旦前", "arms 2", "欧洲 3 国"]
        {
            assert!(amounts(text, Locale::ZhHans).is_empty(), "{text}: {:?}", amounts(text, Locale::ZhHans));
        }
    }
}
