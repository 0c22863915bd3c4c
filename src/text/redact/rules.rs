//! The rules, one row each: what is found, by which pattern, and what else must hold.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Kind,
    conditions::{
        any, bare_password, capitalised_name, cards, chinese_address, chinese_name, code, english_address,
        english_name, has_digit, hong_kong_id, iban, international, mainland_id, password, phone, random,
        social_security, taiwan_id, titled_name,
    },
};

/// One rule. In the pattern, `<` stands for a border of an ASCII word (Han characters are none), so that
/// numbers are found between Chinese characters; group 1, where there is one, is what is taken out.
pub(super) struct Rule {
    kind: Kind,
    pattern: &'static str,
    check: Check,
}

/// What of a match is taken out.
enum Check {
    /// A part of it, or nothing.
    One(fn(&str, Range<usize>) -> Option<Range<usize>>),
    /// Some parts, rising and apart.
    Each(fn(&str, Range<usize>) -> Vec<Range<usize>>),
}

const fn rule(
    kind: Kind,
    pattern: &'static str,
    check: fn(&str, Range<usize>) -> Option<Range<usize>>,
) -> Rule {
    Rule { kind, pattern, check: Check::One(check) }
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
        r#"(?i)(?:password|passwd|<pwd<|passcode|密码|密碼|口令)(?:\s{0,3}(?:[:=]|is|was|是|为|為)){1,2}\s{0,3}["'“「]?([!-~]{4,64})"#,
        password,
    ),
    rule(
        Kind::Secret,
        r#"(?i)(?:(?:password|passwd|<pwd|passcode)\s{1,3}|(?:密码|密碼|口令)\s{0,3})["'“「]?([!-~]{4,64})"#,
        bare_password,
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
    Rule { kind: Kind::Card, pattern: r"<\d(?:[ -]?\d){12,}", check: Check::Each(cards) },
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
        // A digit of another script is no digit of these numbers.
        let pattern = rule.pattern.replace('<', r"(?-u:\b)").replace(r"\d", "[0-9]");
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
        match self.rule.check {
            Check::One(check) => groups.filter_map(|range| check(text, range)).collect(),
            Check::Each(check) => groups.flat_map(|range| check(text, range)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(compiled().len(), RULES.len());
    }
}
