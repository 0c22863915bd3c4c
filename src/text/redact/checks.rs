//! Check digits and other tests that a pattern alone cannot make.

/// Digits of a text, in its order.
pub(super) fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|character| character.to_digit(10)).collect()
}

/// Luhn's check digit (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, &digit)| match (index % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => {
                if double > 9 {
                    double - 9
                } else {
                    double
                }
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != digits[0])
}

/// Whether digits begin and are as long as those of a card scheme (`UnionPay`, Visa, Mastercard, American
/// Express, JCB, Diners Club, Discover; 9558 is of older Chinese cards).
pub(super) fn is_card_scheme(digits: &[u32]) -> bool {
    let prefix = digits.iter().take(4).fold(0, |number, digit| number * 10 + digit);
    match digits.len() {
        13 => prefix / 1000 == 4,
        14 => matches!(prefix / 100, 36 | 38 | 39) || (3000..=3059).contains(&prefix),
        15 => matches!(prefix / 100, 34 | 37),
        16 => {
            prefix / 1000 == 4
                || matches!(prefix / 100, 51..=55 | 62 | 65 | 81)
                || matches!(prefix, 2221..=2720 | 3528..=3589 | 6011 | 6440..=6499)
        }
        17 | 18 => prefix / 100 == 62,
        19 => prefix / 100 == 62 || prefix == 9558 || prefix / 1000 == 4,
        _ => false,
    }
}

/// A mainland id number: a day of birth and the check character (GB 11643, ISO 7064 MOD 11-2).
pub(super) fn is_mainland_id(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = digits(&text[..text.len().min(17)]);
    let Some(last) = text.chars().nth(17) else { return false };
    if digits.len() != 17 {
        return false;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    is_day(&digits[6..14]) && "10X98765432".chars().nth(sum as usize % 11) == Some(last.to_ascii_uppercase())
}

/// Whether a text has the form of a mainland id number with a possible region and day of birth.
pub(super) fn has_mainland_birthday(text: &str) -> bool {
    let digits = digits(text.get(..17).unwrap_or_default());
    text.len() == 18 && digits.len() == 17 && matches!(digits[0], 1..=6 | 8) && is_day(&digits[6..14])
}

/// Whether digits are a day of the last or this century: year, month, day.
pub(super) fn is_day(digits: &[u32]) -> bool {
    let number = |part: &[u32]| part.iter().fold(0, |number, digit| number * 10 + digit);
    digits.len() == 8
        && (1900..=2100).contains(&number(&digits[..4]))
        && (1..=12).contains(&number(&digits[4..6]))
        && (1..=31).contains(&number(&digits[6..]))
}

/// A Singapore id: a letter of the series, seven digits, a check letter.
pub(super) fn is_singapore_id(text: &str) -> bool {
    let (Some(series), Some(check)) = (text.bytes().next(), text.bytes().last()) else { return false };
    let digits = digits(text);
    if digits.len() != 7 {
        return false;
    }
    let sum: u32 = digits.iter().zip([2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    let (offset, letters) = match series.to_ascii_uppercase() {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"KLJNPQRTUWX"),
        _ => return false,
    };
    letters[(sum as usize + offset) % 11] == check.to_ascii_uppercase()
}

/// A Hong Kong id: one or two letters, six digits, a check character in brackets or not.
pub(super) fn is_hong_kong_id(text: &str) -> bool {
    let plain: Vec<u32> = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .filter_map(|character| character.to_ascii_uppercase().to_digit(36))
        .collect();
    // A missing first letter counts as a blank, 36.
    let values = match plain.len() {
        8 => [&[36][..], &plain].concat(),
        9 => plain,
        _ => return false,
    };
    let sum: u32 = values.iter().zip((1..=9).rev()).map(|(value, weight)| value * weight).sum();
    sum.is_multiple_of(11)
}

/// A Taiwan id or residence number: a letter (two until 2020) and digits, the last of which checks the others.
pub(super) fn is_taiwan_id(text: &str) -> bool {
    /// The numbers of the letters A to Z.
    const LETTERS: [u32; 26] = [
        10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31,
        33,
    ];
    let Some(letter) = text.bytes().next().filter(u8::is_ascii_alphabetic) else { return false };
    let letter = LETTERS[usize::from(letter.to_ascii_uppercase() - b'A')];
    let number_of = |byte: u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        // The second letter of an old residence permit counts by its last digit.
        _ => LETTERS.get(usize::from(byte.to_ascii_uppercase().checked_sub(b'A')?)).map(|number| number % 10),
    };
    let digits: Vec<u32> = text.bytes().skip(1).filter_map(number_of).collect();
    if digits.len() != 9 {
        return false;
    }
    let weighted: u32 =
        digits.iter().zip([8, 7, 6, 5, 4, 3, 2, 1, 1]).map(|(digit, weight)| digit * weight).sum();
    (letter / 10 + letter % 10 * 9 + weighted).is_multiple_of(10)
}

/// How many bytes from the beginning are an IBAN (ISO 13616) of its country's length; `None` for none.
pub(super) fn iban_length(text: &str) -> Option<usize> {
    const LENGTHS: &str = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27\
        GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27\
        MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18SE24SI19SK24SM27ST25SV28\
        TL23TN24TR26UA29VA22VG24XK20";
    let country = text.get(..2)?.to_ascii_uppercase();
    let at = (0..LENGTHS.len()).step_by(4).find(|&at| LENGTHS[at..].starts_with(&country))?;
    let length: usize = LENGTHS[at + 2..at + 4].parse().ok()?;
    let mut end = 0;
    let mut values: Vec<u32> = Vec::with_capacity(length);
    for (offset, character) in text.char_indices() {
        match character.to_digit(36) {
            Some(value) => {
                values.push(value);
                end = offset + 1;
            }
            None if matches!(character, ' ' | '-' | '.') => {}
            None => break,
        }
        if values.len() == length {
            break;
        }
    }
    if values.len() != length || text[end..].starts_with(|next: char| next.is_ascii_alphanumeric()) {
        return None;
    }
    values.rotate_left(4);
    let remainder = values
        .iter()
        .fold(0, |rest, &value| if value > 9 { (rest * 100 + value) % 97 } else { (rest * 10 + value) % 97 });
    (remainder == 1).then_some(end)
}

/// Whether a long string looks drawn by chance: upper and lower case and digits in turn.
pub(super) fn is_random(text: &str) -> bool {
    let count = |is: fn(&char) -> bool| text.chars().filter(is).count();
    let digits = count(char::is_ascii_digit);
    let upper = count(char::is_ascii_uppercase);
    let lower = count(char::is_ascii_lowercase);
    let kinds: Vec<u8> = text
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' => 0,
            b'A'..=b'Z' => 1,
            b'a'..=b'z' => 2,
            _ => 3,
        })
        .collect();
    let changes = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    digits >= 3 && upper >= 3 && lower >= 3 && changes * 3 >= text.len()
}
