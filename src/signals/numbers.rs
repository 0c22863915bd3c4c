//! Numbers as words.

/// Reads a small English number: figures or words up to sixty, "a", "a couple of".
pub(super) fn english(words: &str) -> Option<i64> {
    const WORDS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let words = words.trim();
    if let Ok(number) = words.parse() {
        return Some(number);
    }
    let small = WORDS.iter().position(|word| *word == words).and_then(|index| i64::try_from(index + 1).ok());
    small.or(match words {
        "a" | "an" | "another" => Some(1),
        "couple" | "a couple" | "a couple of" | "couple of" => Some(2),
        "a few" | "few" => Some(3),
        "thirty" => Some(30),
        "forty" | "forty-eight" => Some(if words == "forty" { 40 } else { 48 }),
        "sixty" => Some(60),
        "ninety" => Some(90),
        _ => None,
    })
}

/// Reads a Chinese number below one hundred thousand, or figures.
pub(super) fn chinese(words: &str) -> Option<i64> {
    if let Ok(number) = words.replace(',', "").parse() {
        return Some(number);
    }
    let (mut total, mut digit) = (0, None);
    for character in words.chars() {
        let unit = match character {
            '零' | '〇' => 0,
            '一' | '元' => 1,
            '二' | '两' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            '十' | '百' | '千' | '万' => {
                let factor = match character {
                    '十' => 10,
                    '百' => 100,
                    '千' => 1000,
                    _ => 10_000,
                };
                total = if factor == 10_000 {
                    (total + digit.unwrap_or(0)).max(1) * factor
                } else {
                    total + digit.unwrap_or(1) * factor
                };
                digit = None;
                continue;
            }
            '半' => return None,
            _ => return None,
        };
        digit = Some(digit.map_or(unit, |before: i64| (before * 10 + unit).min(99_999)));
    }
    let number = total + digit.unwrap_or(0);
    (!words.is_empty() && number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_words() {
        for (words, expected) in
            [("7", Some(7)), ("eleven", Some(11)), ("a couple of", Some(2)), ("some", None)]
        {
            assert_eq!(english(words), expected, "{words}");
        }
        for (words, expected) in [
            ("十五", Some(15)),
            ("二十", Some(20)),
            ("两", Some(2)),
            ("三百五十", Some(350)),
            ("1,200", Some(1200)),
            ("", None),
            ("多", None),
            ("一千二百", Some(1200)),
        ] {
            assert_eq!(chinese(words), expected, "{words}");
        }
    }
}
