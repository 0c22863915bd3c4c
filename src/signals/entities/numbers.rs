//! Numbers of orders and parcels.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::signals::{EntityKind, reading::Reading};

/// A code: letters, figures and hyphens, at most 30.
const CODE: &str = "([a-z0-9][a-z0-9_-]{2,29})";

/// Shapes that carriers give their numbers: UPS, S.F., the Universal Postal Union's S10, JD, YTO and others.
const CARRIERS: &str = concat!(
    "1z[0-9a-z]{16}|sf[0-9]{10,15}|[a-z]{2}[0-9]{9}[a-z]{2}|jdv?[a-z]?[0-9]{10,15}|(?:yt|zto|sto|yto|ems|kye?|dpk|lp|",
    "jt|yd|htky|best|jjd|jvgl|gm|lx|lz)[0-9]{10,18}"
);

static TRACKING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let english = r"(?:tracking|waybill|consignment|shipment|parcel|awb|courier)(?: (?:number|no|nr|id|code|ref|reference))?(?: is| was)?[ .:#=-]{1,4}";
    let chinese = r"(?:运单|快递|物流|追踪|托运|查件|寄件|包裹|货运|配送|顺丰|面单|货件|邮件)(?:单)?(?:号码|编号|号|单)?(?: ?(?:是|为|:|#|尾号))? ?";
    Regex::new(&format!(r"(?:(?-u:\b)(?:{english})|{chinese}){CODE}|(?-u:\b)({CARRIERS})(?-u:\b)")).ok()
});

static ORDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let english = r"(?:order|ordered|invoice|booking|reservation|confirmation|purchase|bestelling|po|inv|ord)(?: (?:number|no|nr|id|code|ref|reference|confirmation))?\.?(?: is| was|,)?[ :#=]{1,4}(?:number |no\.? |nr\.? )?#?";
    let chinese = r"(?:订单|单号|订单号|订房|订位|预订|预约|发票|张单|单|order|编号)(?:编号|号码|号)?(?: ?(?:是|为|系|:|#|no\.?|号|number))? ?#?";
    Regex::new(&format!(
        r"(?:(?-u:\b)(?:{english})|{chinese}){CODE}|#([a-z0-9][a-z0-9-]{{2,24}})|(?-u:\b)([a-z]{{1,4}}-?[0-9]{{8,14}})(?-u:\b)|(?-u:\b)([a-z]{{1,3}}-[0-9]{{4,9}})(?-u:\b)"
    ))
    .ok()
});

/// Letters before figures that name a case, a refund or a thing rather than an order.
const NO_ORDERS: [&str; 26] = [
    "rf", "rma", "rt", "inc", "tkt", "case", "tic", "ref", "cl", "err", "sn", "pn", "no", "ip", "id", "iso",
    "usb", "din", "wh", "co", "kb", "cve", "vat", "model", "ean", "isbn",
];

/// Directly before a code: it numbers a member, a company or a thing rather than an order.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let english = r"(?-u:\b)(?:member(?:ship)?|vat|tax|gst|customer|client|account|employee|staff|company|business|registration|passport|serial|model|loyalty|product|item)(?: (?:registration|reg))?(?: (?:number|num|no\.?|nr|id|code|card))?(?: is| was)?";
    let chinese = "(?:会员卡?|统一|统编|税务?|纳税人(?:识别)?|公司|企业|营利事业|顾客|客户|用户|员工|商品|产品|型号|序|机身|护照|身份证|身分证|学)(?:编号|号码|号|代码|识别号|卡号)?(?:是|为|系)?";
    Regex::new(&format!("(?:{english}|{chinese})[ :#=]*$")).ok()
});
/// Bytes before a code in which its word stands.
const OTHER_BYTES: usize = 48;

/// Finds numbers of parcels and of orders.
pub(super) fn find(reading: &Reading) -> Vec<(EntityKind, Range<usize>)> {
    let mut found = codes(TRACKING.as_ref(), reading, EntityKind::TrackingNumber);
    found.extend(codes(ORDER.as_ref(), reading, EntityKind::OrderNumber));
    found
}

fn codes(pattern: Option<&Regex>, reading: &Reading, kind: EntityKind) -> Vec<(EntityKind, Range<usize>)> {
    let Some(pattern) = pattern else { return Vec::new() };
    let is_tracking = kind == EntityKind::TrackingNumber;
    pattern
        .captures_iter(&reading.text)
        .filter_map(|captures| {
            let (group, code) =
                captures.iter().enumerate().skip(1).find_map(|(group, code)| Some((group, code?)))?;
            let trimmed = code.as_str().trim_end_matches(['-', '_']);
            let span = code.start()..code.start() + trimmed.len();
            let is_named = group == 1;
            let is_other = !is_tracking
                && OTHER.as_ref().is_some_and(|other| other.is_match(reading.before(&span, OTHER_BYTES)));
            (!is_other && is_whole(&reading.text, &span) && is_number(trimmed, is_named, is_tracking))
                .then_some((kind, span))
        })
        .collect()
}

/// Whether a code is no part of a longer word, figure or address.
fn is_whole(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let joins = |letter: Option<char>| {
        letter.is_some_and(|letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '@' | '/' | '%' | '$' | '€' | '£')
        })
    };
    !joins(before) && !joins(after)
}

/// Whether a code has the shape of an order's or a parcel's number.
fn is_number(code: &str, is_named: bool, is_tracking: bool) -> bool {
    let figures = code.bytes().filter(u8::is_ascii_digit).count();
    let letters: String = code.chars().take_while(char::is_ascii_alphabetic).collect();
    let is_year = code.len() == 4 && (code.starts_with("19") || code.starts_with("20"));
    let is_date = code.split('-').count() == 3
        && code.split('-').all(|part| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let ordinal =
        ["st", "nd", "rd", "th", "pm", "am", "kg", "cm", "mm", "ml", "gb", "x"].iter().any(|unit| {
            code.strip_suffix(unit).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        });
    if is_year || is_date || ordinal {
        return false;
    }
    match (is_tracking, is_named) {
        (true, true) => figures >= 6,
        (true, false) => true,
        (false, true) => figures >= 3 && code.len() >= 4,
        (false, false) => {
            figures >= 3 && (figures >= 4 || code.contains('-')) && !NO_ORDERS.contains(&letters.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(EntityKind, &str)> {
        let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
        find(&reading).into_iter().map(|(kind, span)| (kind, &text[reading.source(&span)])).collect()
    }

    #[test]
    fn orders_are_found_by_their_word_or_shape() {
        use EntityKind::OrderNumber;
        for (text, number) in [
            ("Order MT2087700163.", "MT2087700163"),
            ("the shelf on MT2055019982 has to go", "MT2055019982"),
            ("order number is A-20391, where is it", "A-20391"),
            ("my order #88213 never came", "88213"),
            ("re: #A-20391", "A-20391"),
            ("订单号：20261105778 还没发货", "20261105778"),
            ("訂單 MT2012345678 何時到", "MT2012345678"),
            ("張單 HK-88231 點呀", "HK-88231"),
            ("invoice INV-2231 is wrong", "INV-2231"),
        ] {
            assert!(found(text).contains(&(OrderNumber, number)), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn parcels_are_found_by_their_word_or_the_carriers_shape() {
        use EntityKind::TrackingNumber;
        for (text, number) in [
            ("1Z999AA10123456784 is stuck", "1Z999AA10123456784"),
            ("tracking number: 0034 no, tracking 00340434161094", "00340434161094"),
            ("SF1029384756102 到哪了", "SF1029384756102"),
            ("RR123456785CN", "RR123456785CN"),
            ("运单号 4310092888170 显示派送失败", "4310092888170"),
            ("快遞單號773012345678 沒更新", "773012345678"),
        ] {
            assert!(found(text).contains(&(TrackingNumber, number)), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn other_figures_are_no_numbers_of_orders() {
        for text in [
            "RF20418833 says issued",
            "error E-4032",
            "I ordered 2 lamps in order to save 20",
            "order by 2026-11-12",
            "room 1204",
            "Sony WH-1000XM4",
            "我下单3次了",
            "order 500ml bottles",
            "會員編號 A123456789",
            "会员编号：A123456789",
            "統一編號 12345678",
            "统一编号：12345678 请开发票",
            "our VAT number is GB123456789",
            "VAT NL123456789",
            "my membership number is AB12345678",
        ] {
            let orders: Vec<_> = found(text);
            let is_error = text.contains("E-4032");
            assert!(orders.is_empty() || is_error, "{text}: {orders:?}");
        }
    }
}
