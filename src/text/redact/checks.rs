//! Check digits and other tests that a pattern alone cannot make.

use crate::text::{fold::fold, is_han};

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
    let number =
        |from: usize, to: usize| digits[from..to].iter().fold(0, |number, digit| number * 10 + digit);
    let is_day = (1900..=2100).contains(&number(6, 10))
        && (1..=12).contains(&number(10, 12))
        && (1..=31).contains(&number(12, 14));
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    is_day && "10X98765432".chars().nth(sum as usize % 11) == Some(last.to_ascii_uppercase())
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

/// A Taiwan id or residence number: a letter and nine digits, the last of which checks the others.
pub(super) fn is_taiwan_id(text: &str) -> bool {
    /// The numbers of the letters A to Z.
    const LETTERS: [u32; 26] = [
        10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31,
        33,
    ];
    let Some(letter) = text.bytes().next().filter(u8::is_ascii_alphabetic) else { return false };
    let letter = LETTERS[usize::from(letter.to_ascii_uppercase() - b'A')];
    let digits = digits(text);
    if digits.len() != 9 {
        return false;
    }
    let weighted: u32 =
        digits.iter().zip([8, 7, 6, 5, 4, 3, 2, 1, 1]).map(|(digit, weight)| digit * weight).sum();
    (letter / 10 + letter % 10 * 9 + weighted).is_multiple_of(10)
}

/// How many bytes from the beginning are an IBAN (ISO 13616) of its country's length; `None` for none.
pub(super) fn iban_length(text: &str) -> Option<usize> {
    const LENGTHS: &str = "AD24AE23AT20BE16BG22CH21CY28CZ24DE22DK18EE20ES24FI18FR27GB22GI23GR27HR21HU28IE22IL23IS26\
        IT27LI21LT20LU20LV21MC27MT31NL18NO15PL28PT25RO24SA24SE24SI19SK24SM27TR26UA29";
    let country = text.get(..2)?.to_ascii_uppercase();
    let at = (0..LENGTHS.len()).step_by(4).find(|&at| LENGTHS[at..].starts_with(&country))?;
    let length: usize = LENGTHS[at + 2..at + 4].parse().ok()?;
    let mut end = 0;
    let mut values: Vec<u32> = Vec::with_capacity(length);
    for (offset, character) in text.char_indices() {
        if let Some(value) = character.to_digit(36) {
            values.push(value);
            end = offset + 1;
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

/// Surnames that a Chinese name is believed to begin with, in Simplified.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈\
    钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易\
    乔伍庞颜庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕裴霍涂苗谷曲盛冉骆蓝辛靳柴蒙鲍华喻祁蒲滕屈饶牟艾尤\
    穆卓古吉缪简项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池苑邝游";
/// Characters that a given name hardly has and that often follow a name.
const AFTER_NAMES: &str = "我你您他她的是在想要请电手订号地住了吗呢吧,。，、和有买下从不用说来把被这那先女";

/// How many bytes from the beginning are a Chinese name: a surname and one or two characters (two and
/// three after a surname of two); `None` for none.
pub(super) fn chinese_name_length(text: &str) -> Option<usize> {
    let folded: Vec<char> = fold(text).chars().collect();
    let is_double = [
        "欧阳", "司马", "诸葛", "上官", "夏侯", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒",
        "端木",
    ]
    .iter()
    .any(|double| folded.iter().take(2).copied().eq(double.chars()));
    let surname = if is_double { 2 } else { usize::from(SURNAMES.contains(*folded.first()?)) };
    let fits = |character: &&char| is_han(**character) && !AFTER_NAMES.contains(**character);
    let given = folded.get(surname..)?.iter().take(2).take_while(fits).count();
    // "林小姐" is a title, not a given name.
    let is_title = folded.get(surname..surname + 2).is_some_and(|next| next == ['小', '姐']);
    if surname == 0 || given == 0 || is_title {
        return None;
    }
    Some(text.chars().take(surname + given).map(char::len_utf8).sum())
}

/// Whether a text is one Chinese surname of one character.
pub(super) fn is_surname(text: &str) -> bool {
    let folded = fold(text);
    folded.chars().count() == 1 && folded.chars().all(|character| SURNAMES.contains(character))
}
