//! Codes that are valid once, PINs and the like: words that announce one, and what it looks like.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    context::{around, before, is_of_anything, slice, stands_alone},
    secrets::is_counted,
};

/// What codes look like: groups of digits, or letters mixed with digits, in up to three groups.
static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(?:[0-9]{2,4}(?:[ -][0-9]{1,4}){1,3}|[A-Za-z0-9]{2,5}(?:-[A-Za-z0-9]{4,5}){1,3}|[A-Za-z]{1,3}-[0-9]{3,8}|[A-Za-z0-9]{4,10})(?-u:\b)[#*]?",
    )
    .ok()
});
/// Words that announce a code of any shape, lower case and Simplified.
static SURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:verification|confirmation|security|auth[a-z]*|one[- ]time|one[- ]off|log-?in|sign-?in|sms|text|2fa|mfa|two[- ]factor|access|entry|door|gate|garage|lock ?box|key ?safe|alarm|building|unlock|pick-?up|collection|back-?up|recovery|rescue|scratch|emergency|reset|activation|pairing|bypass|callback|[4-8][- ]digit|(?:four|five|six|seven|eight)[- ]digit)(?: verification| security| login| access)? (?:code|number|pin|passcode)s?|passcode|pass code|(?-u:\b)otps?(?-u:\b)|(?-u:\b)pins?(?-u:\b)(?: code| number)?|[验校][证验](?:码|短信|信?[里中]?[^,。]{0,4}代码|数字|号码)|[认确][证认]码|[动][态](?:密码|口令|验证码|码)|一次性(?:密码|口令|验证码|码)|(?:短信|简讯|短讯|登录|登入|登陆|授权|安全|激活|启动|配对|解锁|开锁|开门|门禁|取件|取货|提货|提取|领取|兑换确认|通行|备用|备份|恢复|还原|复原|救援|应急|紧急|识别|交易)(?:验证)?码|取款密码|提款(?:机)?密码|柜员机密码|atm密码|语音密码|电话密码|房门密码|门锁密码|大门密码|门禁密码|开门密码|开锁密码|保险箱密码|储物柜密码|卡片?密码",
    )
    .ok()
});
/// Words near which six digits are a code.
static NEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"authenticator|digit number|text said|texted|text message|(?-u:\b)sms(?-u:\b)|(?-u:\b)codes?(?-u:\b)|passcode|one[- ]time|2fa|two[- ]factor|six digits|digits (?:were|are|is|was)|(?-u:\b)otp(?-u:\b)|短信|简讯|短讯|六位|6位|六个|六码|6码|令牌|验证|校验|动态[码密口]|to (?:sign|log) in|to (?:confirm|verify)|认证码|一次性|确认码|备用码|口令|(?:您|你|你们|系统|银行|平台)发的|发来的|传来的",
    )
    .ok()
});
/// Words of codes that are no secret: a discount, a fault, a place.
const PUBLIC: &[&str] = &[
    "promo", "casino", "bonus", "referral", "invite", "discount", "coupon", "voucher", "gift", "error",
    "area", "post", "zip", "qr", "bar", "product", "country", "dial", "social", "ending", "order", "booking",
    "sort", "item", "source", "fault", "优惠", "折扣", "错误", "代码", "区", "邮", "条", "商品", "识别",
    "推荐", "邀请", "尾号", "订单",
];

/// The shape of a code: lengths of its groups, and whether it has letters.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    num_digits: usize,
    num_letters: usize,
    num_groups: usize,
}

impl Shape {
    fn of(value: &str) -> Self {
        let count = |is: fn(&u8) -> bool| value.bytes().filter(is).count();
        Self {
            num_digits: count(u8::is_ascii_digit),
            num_letters: count(u8::is_ascii_alphabetic),
            num_groups: value.split([' ', '-']).count(),
        }
    }

    /// Six digits in any grouping.
    fn is_six(self) -> bool {
        self.num_letters == 0 && self.num_digits == 6
    }

    fn is_mixed(self) -> bool {
        self.num_letters > 0 && self.num_digits > 0
    }

    fn is_like(self, other: Self) -> bool {
        let length = self.num_digits + self.num_letters;
        length >= 4
            && length == other.num_digits + other.num_letters
            && self.num_groups == other.num_groups
            && (self.is_six() == other.is_six() && self.is_mixed() == other.is_mixed())
    }
}

/// The codes in a text, rising and apart.
pub(super) fn codes(text: &str) -> Vec<Range<usize>> {
    /// How far after a code another of its shape is one too, in bytes.
    const MAX_BETWEEN: usize = 72;
    let Some(shapes) = SHAPES.as_ref() else { return Vec::new() };
    let mut found: Vec<Range<usize>> = Vec::new();
    for place in shapes.find_iter(text) {
        let range = place.range();
        let shape = Shape::of(place.as_str());
        if shape.num_digits == 0 || !is_possible(text, &range, shape) {
            continue;
        }
        let follows = found.last().is_some_and(|last| {
            range.start - last.end <= MAX_BETWEEN && shape.is_like(Shape::of(slice(text, last.clone())))
        });
        if (follows && (shape.is_six() || shape.is_mixed() || shape.num_groups > 1))
            || is_announced(text, &range, shape)
        {
            found.push(range);
        }
    }
    found
}

/// Whether a value can be a code at all: no date, amount or number of a thing.
fn is_possible(text: &str, range: &Range<usize>, shape: Shape) -> bool {
    let value = slice(text, range.clone()).trim_end_matches(['#', '*']);
    let bare = range.start..range.start + value.len();
    let length = shape.num_digits + shape.num_letters;
    let upper = value.bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = value.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_year =
        shape.num_groups == 1 && value.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
    let groups: Vec<u32> = value.split('-').filter_map(|group| group.parse().ok()).collect();
    let is_date = matches!(groups[..], [first, second, third] if value.contains('-')
        && (second <= 12 || first <= 12) && first.min(second) >= 1 && (first <= 31 && second <= 31 || third <= 31));
    // "4 to 8" and "10am" are no codes; of "2nd" the letters are the longer part.
    let is_word = shape.num_letters > 0 && (shape.num_digits < 2 && shape.num_groups == 1 || length < 4);
    (4..=16).contains(&length)
        && !is_year
        && !(is_date && shape.is_six())
        && !is_word
        && !(upper && lower && shape.num_groups == 1)
        && (value.len() < range.len() || stands_alone(text, &bare))
        && !goes_on(text, &bare)
        && !is_counted(text, range.end)
        && !is_of_something(text, range.start)
}

/// Whether groups of digits before or after a value belong to it, as those of a phone do.
fn goes_on(text: &str, range: &Range<usize>) -> bool {
    let mut back = slice(text, 0..range.start).chars().rev();
    let mut ahead = slice(text, range.end..text.len()).chars();
    let joins = |mark: Option<char>, digit: Option<char>| {
        matches!(mark, Some(' ' | '-')) && digit.is_some_and(|digit| digit.is_ascii_digit())
    };
    joins(back.next(), back.next()) || joins(ahead.next(), ahead.next())
}

/// Whether a value is said to be of a thing; 验证代码 is a code all the same.
pub(super) fn is_of_something(text: &str, start: usize) -> bool {
    let context = before(text, start);
    let is_code = ["验证", "校验", "动态", "登录"].iter().any(|word| context.contains(word))
        && context.contains("代码");
    is_of_anything(text, start) && (!is_code || context.contains("错误"))
}

/// Whether words around a value say that it is a code.
fn is_announced(text: &str, range: &Range<usize>, shape: Shape) -> bool {
    let (Some(sure), Some(near)) = (SURE.as_ref(), NEAR.as_ref()) else { return false };
    let (back, ahead) = around(text, range, 60);
    let reach = |part: &str, length: usize| -> String {
        part.chars().skip(part.chars().count().saturating_sub(length)).collect()
    };
    let is_public = |clause: &str| {
        PUBLIC.iter().any(|word| clause.rfind(word).is_some_and(|at| clause.len() - at <= word.len() + 8))
    };
    let clause = before(text, range.start);
    if is_public(&clause) && !clause.contains("验证") {
        return false;
    }
    let short_ahead: String = ahead.chars().take(28).collect();
    if shape.is_six() {
        return near.is_match(&back) || sure.is_match(&back) || near.is_match(&short_ahead);
    }
    // Between the word and its value stands no other number and no end of a sentence.
    let back = reach(&back, if shape.is_mixed() { 28 } else { 32 });
    let announced = sure.find_iter(&back).last().is_some_and(|word| {
        let between = back.get(word.end()..).unwrap_or_default();
        !between.contains(|character: char| character.is_ascii_digit() || "。!?\n".contains(character))
            && !between.contains(". ")
    });
    let is_said = ["是", "为", "is ", "was ", "as ", "=", "」", "”", "\""]
        .iter()
        .any(|link| short_ahead.trim_start_matches([' ', '"']).starts_with(link.trim_end()));
    let said_after = is_said
        && sure.find(&short_ahead).is_some_and(|word| {
            !short_ahead
                .get(..word.start())
                .unwrap_or_default()
                .contains(|character: char| ",。!?;".contains(character))
        });
    announced || said_after
}
