//! What stands around a number: words that say what it is, and whether it is whole.

use std::ops::Range;

/// English words that say that a number right after them is of an order, a parcel or a thing; plurals too.
const THINGS: &[&str] = &[
    "order",
    "tracking",
    "parcel",
    "invoice",
    "ticket",
    "case",
    "ref",
    "reference",
    "transaction",
    "serial",
    "sku",
    "imei",
    "model",
    "item",
    "awb",
    "waybill",
    "shipment",
    "isbn",
    "ean",
    "consignment",
    "package",
    "receipt",
    "rma",
    "booking",
];
/// Words of numbers that are not secret, unless their shape says that they are a phone.
const OTHER_NUMBERS: &[&str] = &[
    "account",
    "member",
    "membership",
    "customer",
    "client",
    "policy",
    "contract",
    "coupon",
    "promo",
    "voucher",
    "discount",
    "error",
    "points",
    "balance",
    "vat",
    "tax",
    "ein",
    "company",
    "registration",
    "zip",
    "postcode",
    "batch",
    "part",
    "barcode",
    "product",
    "version",
    "article",
    "delivery",
    "license",
    "licence",
    "meter",
    "asset",
    "flight",
    "page",
];
/// The same in Chinese, Simplified, as a text ends before the number.
const HAN_THINGS: &[&str] = &[
    "订单", "单号", "编号", "物流", "快递", "交易", "流水", "序", "序列", "发票", "工单", "运单", "宅配",
    "挂号", "案件", "提单",
];
const OTHER_HAN_NUMBERS: &[&str] = &[
    "会员",
    "客户",
    "统编",
    "统一",
    "税号",
    "积分",
    "点数",
    "优惠",
    "折扣",
    "错误",
    "错误代",
    "优惠代",
    "代码",
    "型号",
    "货号",
    "条码",
    "保单",
    "合同",
    "书号",
    "邮编",
    "区号",
    "商品",
    "尾号",
    "末四",
    "后四位",
    "版本",
    "批号",
    "合约",
    "工号",
    "批次",
    "航班",
];
/// Words between such a word and its number ("order number is").
const BETWEEN: &[&str] = &[
    "number",
    "numbers",
    "no",
    "nos",
    "num",
    "nr",
    "id",
    "code",
    "confirmation",
    "is",
    "was",
    "ids",
    "codes",
];
/// Characters between them in Chinese.
const HAN_BETWEEN: &str = "号码是为";

/// A part of a text; nothing where the place is not in it.
pub(super) fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The place itself where a condition holds.
pub(super) fn when(holds: bool, range: Range<usize>) -> Option<Range<usize>> {
    holds.then_some(range)
}

/// Whether a character ends a clause. What an earlier redaction put there ends one too: its words are not
/// the customer's.
fn ends_clause(character: char) -> bool {
    matches!(character, ',' | '、' | '。' | '!' | '?' | '\n' | ';' | '，' | '；' | '！' | '？' | ']')
}

/// The last 40 characters before a place, in lower case and Simplified, up to the end of a clause.
pub(super) fn before(text: &str, start: usize) -> String {
    let back = slice(text, 0..start).chars().rev().take(40);
    let characters: Vec<char> = back.take_while(|&character| !ends_clause(character)).collect();
    let clause: String = characters.into_iter().rev().collect();
    crate::text::fold::fold(&clause).to_lowercase()
}

/// The same after a place.
pub(super) fn after(text: &str, end: usize) -> String {
    let ahead = slice(text, end..text.len()).chars().take(40);
    let clause: String = ahead.take_while(|&character| !ends_clause(character) && character != '[').collect();
    crate::text::fold::fold(&clause).to_lowercase()
}

/// What is around a place, as far as `reach` characters on both sides, in lower case and Simplified.
pub(super) fn around(text: &str, range: &Range<usize>, reach: usize) -> (String, String) {
    let is_own = |character: &char| !matches!(character, ']' | '[' | '\n');
    let back: Vec<char> = slice(text, 0..range.start).chars().rev().take(reach).take_while(is_own).collect();
    let back: String = back.into_iter().rev().collect();
    let ahead: String = slice(text, range.end..text.len()).chars().take(reach).take_while(is_own).collect();
    let plain = |part: &str| crate::text::fold::fold(part).to_lowercase();
    (plain(&back), plain(&ahead))
}

/// Whether a number is said to be of an order or the like, directly before it: "I paid this order with"
/// says nothing of the number.
pub(super) fn is_of_a_thing(text: &str, start: usize) -> bool {
    ends_with_thing(&before(text, start), THINGS, HAN_THINGS)
}

/// Whether a number is said to be of anything that is no person's: an order, a member, a version.
pub(super) fn is_of_anything(text: &str, start: usize) -> bool {
    let context = before(text, start);
    ends_with_thing(&context, THINGS, HAN_THINGS)
        || ends_with_thing(&context, OTHER_NUMBERS, OTHER_HAN_NUMBERS)
}

fn ends_with_thing(context: &str, things: &[&str], han_things: &[&str]) -> bool {
    let mut rest = context;
    loop {
        rest = rest.trim_end_matches(|character: char| !character.is_alphanumeric());
        if han_things.iter().any(|thing| rest.ends_with(thing)) {
            return true;
        }
        let shorter = rest.trim_end_matches(|character: char| HAN_BETWEEN.contains(character));
        if shorter.len() < rest.len() {
            rest = shorter;
            continue;
        }
        let without = rest.trim_end_matches(|character: char| character.is_ascii_alphanumeric());
        let word = rest.strip_prefix(without).unwrap_or_default();
        let single = word.strip_suffix('s').unwrap_or(word);
        if things.contains(&word) || things.contains(&single) {
            return true;
        }
        if !BETWEEN.contains(&word) {
            return false;
        }
        rest = without;
    }
}

/// Whether a number stands by itself: not part of a price, a version, an address of a page or a longer
/// number.
pub(super) fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let mut back = slice(text, 0..range.start).chars().rev();
    let mut ahead = slice(text, range.end..text.len()).chars();
    let starts_well = match (back.next(), back.next()) {
        (Some('/' | '-' | '.' | '='), Some(last)) => !last.is_ascii_alphanumeric() && !"/:?&".contains(last),
        (Some(last), _) => !last.is_ascii_alphanumeric() && !"_#$€£¥@*".contains(last),
        _ => true,
    };
    // Of "1,299" the first part is short; "验证码739012，5分钟" is a clause.
    let last_group = slice(text, range.clone()).bytes().rev().take_while(u8::is_ascii_digit).count();
    let ends_well = match (ahead.next(), ahead.next()) {
        (Some(','), _) if last_group > 3 => true,
        (Some('-' | '.' | '/' | ':' | ','), Some(next)) => !next.is_ascii_digit(),
        (Some(next), _) => !next.is_ascii_alphanumeric() && !"%_元円¥*".contains(next),
        _ => true,
    };
    starts_well && ends_well
}
