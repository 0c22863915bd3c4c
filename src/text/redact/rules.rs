//! The rules, one row each: what is found, by which pattern, and what else must hold.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Kind, checks};

/// One rule. In the pattern, `<` stands for a border of an ASCII word (Han characters are none), so that
/// numbers are found between Chinese characters; group 1, where there is one, is what is taken out.
pub(super) struct Rule {
    kind: Kind,
    pattern: &'static str,
    check: Check,
}

/// Narrows a match to what is taken out; `None` leaves the text alone.
type Check = fn(&str, Range<usize>) -> Option<Range<usize>>;

const fn rule(kind: Kind, pattern: &'static str, check: Check) -> Rule {
    Rule { kind, pattern, check }
}

/// All rules, in the order in which they are tried.
pub(super) const RULES: &[Rule] = &[
    rule(
        Kind::Secret,
        r"(?s)-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\z)",
        any,
    ),
    rule(Kind::Secret, r"eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]{6,}", any),
    rule(Kind::Secret, r"<(?:sk|rk|pk)[-_](?:live[-_]|test[-_]|proj-|ant-)?[A-Za-z0-9_-]{16,}", any),
    rule(
        Kind::Secret,
        r"<(?:AKIA|ASIA)[0-9A-Z]{16}<|<AIza[\w-]{30,}|<xox[abprs]-[\w-]{10,}|<(?:hf|npm)_[A-Za-z0-9]{20,}",
        any,
    ),
    rule(Kind::Secret, r"<(?:gh[opsur]_|github_pat_|glpat-)[\w-]{16,}", any),
    rule(
        Kind::Secret,
        r"(?i)(?:<(?:bearer|api[ _-]?key|access[ _-]?key|secret[ _-]?key|token)|密钥|密鑰|金鑰)(?: is|[:=是])? {0,2}([A-Za-z0-9._~+/=-]{16,})",
        has_digit,
    ),
    rule(Kind::Secret, r"://[^\s/@:]{1,64}:([^\s/@]{1,128})@", any),
    rule(
        Kind::Secret,
        r"(?i)[?&#](?:access_token|token|api_?key|key|secret|client_secret|password|passwd|pwd|sig|signature|session(?:_?id)?|sid|auth|otp|jwt|email|e-mail|phone|mobile)=([^\s&#\x3c>，。]{1,512})",
        any,
    ),
    rule(
        Kind::Secret,
        r#"(?i)(?:password|passwd|<pwd<|passcode|密码|密碼|口令)\s{0,3}(?:[:=]|is|was|是|为|為)\s{0,3}["'“「]?([!-~]{4,64})"#,
        password,
    ),
    rule(Kind::Email, r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}", any),
    rule(
        Kind::Email,
        r"(?i)<[a-z0-9._%+-]{2,64} ?\( ?at ?\) ?[a-z0-9-]{2,63} ?(?:\( ?dot ?\)|\.) ?[a-z]{2,10}<",
        any,
    ),
    rule(Kind::BankAccount, r"<[A-Za-z]{2}\d{2} ?[A-Za-z0-9][A-Za-z0-9 ]{9,40}", iban),
    rule(Kind::Id, r"<[1-9]\d{5}[ -]?\d{8}[ -]?\d{3}[\dXx]<", mainland_id),
    rule(Kind::Id, r"<[A-Za-z]{1,2}\d{6} ?\([0-9Aa]\)", hong_kong_id),
    rule(
        Kind::Id,
        r"(?i)(?:<hkid|<hong kong id|身[份分][证證]|<id (?:card|number|no))[^\n\d]{0,12}?<([a-z]{1,2}\d{6}[0-9a])<",
        hong_kong_id,
    ),
    rule(Kind::Id, r"<[A-Za-z][1289]\d{8}<", taiwan_id),
    rule(Kind::Id, r"<\d{3}-\d{2}-\d{4}<", social_security),
    rule(Kind::Id, r"(?i)<(?:ssn|social security (?:number|no\.?))[^\d\n]{0,8}(\d{9})<", any),
    rule(
        Kind::Id,
        r"(?i)<(?:national insurance|ni (?:number|no)|nino)[^\n\d]{0,16}?<([a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d])<",
        any,
    ),
    rule(
        Kind::Passport,
        r"(?i)(?:passport|护照|護照|通行[证證]|台胞[证證]|臺胞證|回[乡鄉][证證])[^\n。.!?\d]{0,16}?<([a-z]{0,2}\d{6,9})<",
        any,
    ),
    rule(Kind::Card, r"<\d(?:[ -]?\d){12,18}", card),
    rule(Kind::Code, r"(?i)(?:<cvv2?<|<cvc2?<|安全[码碼]|背面末三[码碼])[^\d\n]{0,6}(\d{3,4})<", any),
    rule(
        Kind::Phone,
        r"\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,5}<",
        international,
    ),
    rule(Kind::Phone, r"<00[1-9]\d{0,2}[ .-]?\d{1,5}(?:[ .-]?\d{2,5}){1,5}<", international),
    rule(Kind::Phone, r"<(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}<", phone),
    rule(Kind::Phone, r"\(0\d{2,3}\) ?\d{7,8}<|<0(?:10|2\d|[3-9]\d{2})[- ]\d{7,8}(?:-\d{1,5})?<", phone),
    rule(Kind::Phone, r"<09\d{2}[ -]?\d{3}[ -]?\d{3}<", phone),
    rule(Kind::Phone, r"(?:\(0[2-8]\d?\)|<0[2-8]\d?[ -]) ?\d{3,4}[ -]?\d{4}<", phone),
    rule(Kind::Phone, r"(?:<1[ .-])?(?:\([2-9]\d{2}\) ?|<[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}<", phone),
    rule(
        Kind::Phone,
        r"<0(?:7\d{3}[ -]?\d{3}[ -]?\d{3}|20[ -]\d{4}[ -]?\d{4}|1\d{3}[ -]\d{5,6}|1\d{2}[ -]\d{3}[ -]\d{4})<",
        phone,
    ),
    rule(
        Kind::Phone,
        r"(?i)(?:phone|mobile|<cell|<tel<|<call|text me|whatsapp|contact|reach me|手[机機]|电话|電話|联系|聯絡|聯繫|联络|致[电電]|[号號][码碼]是|門號|打[给給])[^\d\n。.!?,]{0,16}<(\(?\d[\d -]{5,17}\d)<",
        phone,
    ),
    rule(
        Kind::Code,
        r"(?i)(?:verification code|security code|one[- ]time (?:code|password|passcode|pin)|auth(?:entication|orization)? code|(?:login|sms|2fa|sign-in|access) code|passcode|<otp<|<pin(?: code)?<|验证码|驗證碼|校[验驗][码碼]|[动動][态態][码碼]|[认認][证證][码碼]|[动動][态態]密[码碼]|一次性密[码碼])[^\d\n,。.!?]{0,12}?<(\d{4,8}|\d{3}[ -]\d{3}|[A-Z]{1,2}-?\d{4,6})<",
        code,
    ),
    rule(
        Kind::Code,
        r"(?i)(?:^|[\s,.:;])(?:the|my|your|a|this) code(?: is| was|:| =|)\s{0,2}(\d{4,8})<",
        code,
    ),
    rule(
        Kind::Code,
        r"(?i)<(\d{4,8}) ?(?:is (?:my|your|the)(?: \w{1,14}){0,2} (?:code|otp|pin|passcode)<|[是(]\p{Han}{0,6}?(?:验证码|驗證碼|校验码|校驗碼))",
        any,
    ),
    rule(
        Kind::Address,
        r"(?:\p{Han}[\p{Han}\d]{1,11}(?:[省市區区縣县鎮镇鄉乡州盟旗]|自治区))?[\p{Han}\d]{1,14}?(?:路|街|大道|巷|弄|胡同|道|村|里|段)[\p{Han}\d -]{0,10}?\d{1,5}(?:-\d{1,4})?(?:之\d{1,3})? ?[号號弄](?:[\p{Han}A-Za-z\d -]{0,12}?[\dA-Za-z]{1,5} ?(?:[栋棟幢座楼樓层層室户戶房]|单元|單元|[号號]楼|[号號]樓))*(?:之\d{1,3})?(?: ?[A-Z]室)?",
        chinese_address,
    ),
    rule(
        Kind::Address,
        r"(?i)<\d{1,6}[a-z]?,? (?:[nsew]\.? )?(?:[a-z][a-z'.]{1,20} ){1,3}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|square|terrace|crescent|gardens|grove|mews|close|parkway|highway)<\.?(?:,? {0,2}(?:apt|apartment|suite|ste|unit|flat|room|#)\.? ?#?\w{1,6}<)?(?:,? {0,2}[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15})?)?(?:,? {0,2}(?-i:[A-Z]{2}) \d{5}(?:-\d{4})?<)?",
        english_address,
    ),
    rule(Kind::Address, r"<[A-Z]{1,2}\d[A-Z\d]? \d[A-BD-HJLNP-UW-Z]{2}<", any),
    rule(
        Kind::Name,
        r"(?i)(?:my name is|my name's|my full name is|i am called|i'm called|(?:full name|recipient|consignee|cardholder|receiver|name) ?:) {0,2}([a-z][a-z'’-]{1,20}(?: [a-z][a-z'’.-]{0,20}){0,3})",
        english_name,
    ),
    rule(
        Kind::Name,
        r"<(?:I'm|I’m|I am|[Tt]his is|[Ii]t's) ([A-Z][a-z]{1,15}(?:-[A-Z][a-z]{1,15})? [A-Z][a-z]{1,15})<",
        capitalised_name,
    ),
    rule(Kind::Name, r"<(?:I'm|I’m|I am) ([A-Z][a-z]{1,15})(?:,| from | and I|\.$)", capitalised_name),
    rule(Kind::Name, r"<(?:Mr|Mrs|Ms|Miss|Dr)\.? ([A-Z][a-z'’-]{1,20}(?: [A-Z][a-z'’-]{1,20})?)<", any),
    rule(
        Kind::Name,
        r"(?i:regards|sincerely|cheers|thanks|thank you|yours truly|best wishes|best),?[ \t]*\n\s{0,4}([A-Z][a-z'’-]{1,20}(?: [A-Z][a-z'’.-]{0,20}){0,2})[ \t]*(?:\n|\z)",
        capitalised_name,
    ),
    rule(
        Kind::Name,
        r"(?:我叫|名字是|名字叫|姓名|收[件货貨]人|[联聯][系絡繫]人|聯絡人|订购人|訂購人|持卡人)[:是为為叫]? {0,2}(\p{Han}{2,4})",
        chinese_name,
    ),
    rule(Kind::Name, r"(?:我姓|敝姓|免貴姓|免贵姓)(\p{Han})", any),
    rule(Kind::Name, r"(\p{Han}{1,3}?)(?:先生|小姐|女士|太太)", titled_name),
    rule(Kind::Secret, r"<[A-Za-z0-9_-]{32,}<", random),
];

/// A rule that is ready to search.
pub(super) struct CompiledRule {
    rule: &'static Rule,
    regex: Regex,
}

static COMPILED: LazyLock<Vec<CompiledRule>> = LazyLock::new(|| {
    let compile = |rule: &'static Rule| {
        let pattern = rule.pattern.replace('<', r"(?-u:\b)");
        Some(CompiledRule { rule, regex: Regex::new(&pattern).ok()? })
    };
    RULES.iter().filter_map(compile).collect()
});

/// The rules, compiled once.
pub(super) fn compiled() -> &'static [CompiledRule] {
    &COMPILED
}

impl CompiledRule {
    /// What it finds.
    pub(super) const fn kind(&self) -> Kind {
        self.rule.kind
    }

    /// Places in a text of narrow characters.
    pub(super) fn find(&self, text: &str) -> Vec<Range<usize>> {
        let captures = self.regex.captures_iter(text);
        let groups =
            captures.filter_map(|found| found.get(1).or_else(|| found.get(0)).map(|group| group.range()));
        groups.filter_map(|range| (self.rule.check)(text, range)).collect()
    }
}

fn any(_: &str, range: Range<usize>) -> Option<Range<usize>> {
    Some(range)
}

fn when(holds: bool, range: Range<usize>) -> Option<Range<usize>> {
    holds.then_some(range)
}

/// Words that say that a number is of an order, a parcel or a thing.
const THINGS: [&str; 31] = [
    "order",
    "tracking",
    "parcel",
    "invoice",
    "ticket",
    "case",
    "ref",
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
    "订单",
    "訂單",
    "单号",
    "單號",
    "编号",
    "編號",
    "物流",
    "快递",
    "快遞",
    "交易",
    "流水",
    "序",
    "发票",
    "發票",
];
/// Words that say that a number is a person's.
const PERSONAL: [&str; 17] = [
    "phone", "mobile", "tel", "call", "whatsapp", "contact", "card", "手机", "手機", "电话", "電話", "联系",
    "聯絡", "聯繫", "卡", "身份", "身分",
];

/// The last characters before a place, in lower case, up to the end of a clause.
fn before(text: &str, start: usize) -> String {
    let clause =
        text[..start].rsplit([',', '、', '。', '!', '?', '\n', ';', '，', '；']).next().unwrap_or_default();
    let characters: Vec<char> = clause.chars().rev().take(24).collect();
    characters.into_iter().rev().collect::<String>().to_lowercase()
}

/// Whether a number is said to be of an order or the like.
fn is_of_a_thing(text: &str, start: usize) -> bool {
    let before = before(text, start);
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    match (last(&THINGS), last(&PERSONAL)) {
        (Some(thing), Some(personal)) => thing > personal,
        (Some(_), None) => true,
        _ => false,
    }
}

/// Whether a number stands by itself: not part of a price, a version, an address of a page or a longer
/// number.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let joins = |character: char| character.is_ascii_alphanumeric() || "-_./#$€£¥@=*".contains(character);
    let ends_well = match (after.next(), after.next()) {
        (Some('-' | '.' | '/' | ':' | ','), Some(next)) => !next.is_ascii_digit(),
        (Some(next), _) => !next.is_ascii_alphanumeric() && !"%_元円¥".contains(next),
        _ => true,
    };
    !before.is_some_and(joins) && ends_well
}

fn has_digit(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(text[range.clone()].bytes().any(|byte| byte.is_ascii_digit()), range)
}

/// A word after "password is" is rarely the password ("wrong", "not"); one with digits or signs is.
fn password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let word = text[range.clone()].trim_end_matches(['.', ',', ';', '!', '?', '"', '\'', ')']);
    let is_mixed = word.bytes().any(|byte| byte.is_ascii_digit() || b"!@#$%^&*_+".contains(&byte));
    when(is_mixed && word.len() >= 4, range.start..range.start + word.len())
}

fn iban(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let length = checks::iban_length(&text[range.clone()])?;
    Some(range.start..range.start + length)
}

fn mainland_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let plain: String = text[range.clone()].chars().filter(char::is_ascii_alphanumeric).collect();
    when(checks::is_mainland_id(&plain), range)
}

fn hong_kong_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_hong_kong_id(&text[range.clone()]), range)
}

fn taiwan_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_taiwan_id(&text[range.clone()]) && !is_of_a_thing(text, range.start), range)
}

fn social_security(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = &text[range.clone()];
    let possible = !number.starts_with("000")
        && !number.starts_with("666")
        && !number.starts_with('9')
        && &number[4..6] != "00"
        && !number.ends_with("0000");
    when(possible && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// The longest beginning that is the number of a card; expiry date and security code may follow.
fn card(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let before_is_joined = text[..range.start].ends_with(['/', '-', '_', '#', '=', '.']);
    if before_is_joined || is_of_a_thing(text, range.start) {
        return None;
    }
    let context = before(text, range.start);
    let is_named = ["card", "visa", "卡"].iter().any(|word| context.contains(word));
    let found = &text[range.clone()];
    let ends = (13..=found.len()).rev().filter(|&end| {
        found.is_char_boundary(end)
            && !text[range.start + end..].starts_with(|next: char| next.is_ascii_alphanumeric())
    });
    let is_card = |end: &usize| {
        let digits = checks::digits(&found[..*end]);
        found[..*end].ends_with(|last: char| last.is_ascii_digit())
            && (13..=19).contains(&digits.len())
            && checks::luhn(&digits)
            && (is_named || checks::is_card_scheme(&digits))
    };
    ends.into_iter().find(is_card).map(|end| range.start..range.start + end)
}

fn international(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let num_digits = checks::digits(&text[range.clone()]).len();
    let sign = if text[range.start..].starts_with('+') { 8..=15 } else { 11..=17 };
    when(sign.contains(&num_digits) && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

fn phone(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = &text[range.clone()];
    let digits = checks::digits(number);
    // In North America a 1 is dialled before the area code.
    let dialled = usize::from(
        digits.len() == 11 && number.starts_with(['1']) && number[1..].starts_with(['-', ' ', '.']),
    );
    let prefix =
        digits[dialled.min(digits.len())..].iter().take(3).fold(0, |prefix, digit| prefix * 10 + digit);
    let is_toll_free = matches!(prefix, 400 | 800 | 833 | 844 | 855 | 866 | 877 | 888)
        || (prefix == 80 && digits.first() == Some(&0));
    let is_day = digits.len() == 8
        && matches!(digits[..2], [1, 9] | [2, 0])
        && digits[4] * 10 + digits[5] <= 12
        && digits[6] * 10 + digits[7] <= 31;
    let fits = (7..=15).contains(&digits.len()) && !is_toll_free && !is_day;
    when(fits && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

fn code(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const UNITS: [&str; 16] = [
        "minute", "min", "second", "sec", "hour", "time", "day", "digit", "次", "分", "秒", "位", "天", "小",
        "個", "个",
    ];
    let after = text[range.end..].trim_start();
    let is_counted = UNITS.iter().any(|unit| after.starts_with(unit));
    when(!is_counted && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// Leaves out the words of the sentence before the address.
fn chinese_address(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let found = &text[range.clone()];
    let number = found.find(|character: char| character.is_ascii_digit()).unwrap_or(found.len());
    const LEADS: [&str; 20] = [
        "是", "在", "到", "至", "寄", "住", "去", "往", "址", "给", "給", "了", "我", "的", "改成", "改为",
        "改為", "换成", "換成", "换到",
    ];
    let ends = LEADS.iter().filter_map(|lead| found[..number].rfind(lead).map(|at| at + lead.len()));
    let start = ends.max().unwrap_or(0);
    let street = &found[start..number];
    let has_name = street.chars().count() >= 3;
    when(has_name, range.start + start..range.end)
}

fn english_address(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const STRONG: [&str; 10] =
        ["street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "terrace"];
    let found = &text[range.clone()];
    let named = |word: &&str| word.starts_with(|first: char| first.is_ascii_uppercase());
    let words: Vec<&str> = found.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_strong = words.iter().any(|word| STRONG.contains(&word.to_lowercase().trim_end_matches('.')));
    let context = before(text, range.start);
    let is_announced = ["address", "live at", "living at", "ship", "deliver", "send", "moved to", "house"]
        .iter()
        .any(|word| context.contains(word));
    let is_capitalised = words.iter().skip(1).take(2).all(|word| named(&word));
    // "2 working days way", "5 stars st": words that no street is called.
    const COUNTED: [&str; 14] = [
        "day", "days", "hour", "hours", "working", "items", "item", "of", "the", "minutes", "weeks", "times",
        "in", "to",
    ];
    let is_counted = words.iter().skip(1).any(|word| COUNTED.contains(&word.to_lowercase().as_str()));
    when(!is_counted && ((is_strong && is_capitalised) || is_announced), range)
}

/// Words that end a name written in small letters, or are none.
const NO_NAMES: [&str; 44] = [
    "and",
    "but",
    "i",
    "i'm",
    "my",
    "from",
    "with",
    "the",
    "order",
    "is",
    "was",
    "on",
    "in",
    "at",
    "not",
    "wrong",
    "spelled",
    "spelt",
    "misspelled",
    "for",
    "to",
    "please",
    "phone",
    "email",
    "can",
    "could",
    "here",
    "a",
    "an",
    "it",
    "this",
    "that",
    "missing",
    "printed",
    "showing",
    "incorrect",
    "still",
    "so",
    "because",
    "address",
    "number",
    "you",
    "we",
    "changed",
];

fn english_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut end = range.start;
    for word in text[range.clone()].split_inclusive(' ') {
        let plain = word.trim_end_matches([' ', '.', ',']).to_lowercase();
        if NO_NAMES.contains(&plain.as_str()) {
            break;
        }
        end += word.len();
    }
    let name = text[range.start..end].trim_end_matches([' ', '.', '-', '\'']);
    when(!name.is_empty(), range.start..range.start + name.len())
}

/// Capital letters are a weak sign: states, nationalities and products have them too.
fn capitalised_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const OTHERS: &str = "very so not really happy sorry sure still also just glad angry upset disappointed waiting \
        trying looking having getting using writing calling asking american canadian british english chinese \
        taiwanese german french dutch italian spanish indian australian japanese korean irish scottish european \
        asian premium plus gold silver vip member customer prime team support tide black friday christmas monday \
        tuesday wednesday thursday saturday sunday january february march april may june july august september \
        october november december order the my your our please thanks regards customer service unacceptable \
        ridiculous urgent in on at from back done ok okay aware unable interested afraid new old day";
    let is_other = |word: &str| {
        let word = word.to_lowercase();
        OTHERS.split_whitespace().any(|other| other == word)
            || (word.len() > 5 && (word.ends_with("ing") || word.ends_with("ed")))
    };
    when(!text[range.clone()].split([' ', '-']).any(is_other), range)
}

fn chinese_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let length = checks::chinese_name_length(&text[range.clone()])?;
    Some(range.start..range.start + length)
}

fn titled_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    // "买了女士包": goods for women, not a person.
    let after = text[range.end..].chars().nth(2);
    if after.is_some_and(|after| "包鞋表錶裝装款手内內衣T服专專香".contains(after)) {
        return None;
    }
    let found = &text[range.clone()];
    let starts: Vec<usize> = found.char_indices().map(|(at, _)| at).collect();
    let fits = |start: &&usize| {
        let name = &found[**start..];
        let length = name.chars().count();
        if length == 1 {
            checks::is_surname(name)
        } else {
            checks::chinese_name_length(name) == Some(name.len())
        }
    };
    let start = starts.iter().find(|start| found[**start..].chars().count() > 1 && fits(start));
    let start = start.or_else(|| starts.iter().rev().take(1).find(fits))?;
    Some(range.start + start..range.end)
}

fn random(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_random(&text[range.clone()]) && !is_of_a_thing(text, range.start), range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(compiled().len(), RULES.len());
    }
}
