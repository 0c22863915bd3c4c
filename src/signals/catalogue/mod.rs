//! The wordings by which each kind of signal is known, and the look-alikes that are not.
//!
//! The tables are written in a small language over regular expressions (no backtracking, bounded repeats, so
//! that reading stays linear in the text). They match folded words ([`Reading`]): small letters, narrow forms,
//! Simplified characters; a Traditional pattern is folded as it is compiled.
//!
//! | sign | stands for |
//! |---|---|
//! | blank | one or more blanks or line ends |
//! | `~` | up to four English words |
//! | `…` | up to eight characters of a Chinese clause |
//! | `<name>` | one of the words of that name in [`NAMED`] |
//!
//! English patterns begin and end at word boundaries. A match counts unless a pattern of `unless` stands in its
//! sentence, its family's `negated` stands directly before it, or the sentence only asks in general (where the
//! family is `asked`) or says that it is over (where the family can be `solved`). What weak words mean is told
//! by their company: a family's `weak` patterns count only where `company` stands in the sentence or the next.

mod harm;
mod money;
mod service;
mod standing;

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{SignalKind, reading::Reading};
use crate::text::{
    fold::fold,
    patterns::{Alternatives, Sieve},
};

/// Signals of one kind beyond this number say nothing new.
const MAX_OF_A_KIND: usize = 6;
/// Bytes before a match in which a negation takes it back.
const NEGATION_BYTES: usize = 28;

/// Words that several patterns share, by name.
const NAMED: &[(&str, &str)] = &[
    (
        "<cannot>",
        "(can'?t|cannot|can not|can no longer|could ?n'?t|unable to|not able to|cnt|won'?t let (me|us)|couldn'?t)",
    ),
    (
        "<system>",
        "(web ?sites?|sites?|servers?|services?|systems?|platform|portal|network|internet|wi-?fi|broadband|line|lines|api|dashboard|\
         terminals?|checkout|pos|tills?|phones|phone lines?|payments?|everything|cloud|database|power|electricity|signal|\
         app|software|screens?|store ?front|backend|gateway|vpn|crm|erp|switchboard|it|intranet|hub|registers?|booking engine|cluster)",
    ),
    (
        "<data>",
        "(data|files?|photos?|pics|pictures|videos?|documents?|docs|records?|work|projects?|folders?|notes?|history|messages|\
         saves?|saved games?|progress|backups?|contacts|spreadsheets?|database|emails|recordings?|drafts?|report|thesis|\
         designs?|playlists?|boards?|entries|essay|manuscript|chats?|characters?|inventory|library|catalogue|listings?)",
    ),
    (
        "<系统>",
        "(系统|服务器|伺服器|网站|平台|后台|官网|网络|网路|小程序|接口|机房|收银|pos机?|刷卡机|门禁|云端|云盘|主机|线路|服务器|充电桩|桩|桩子|监控|平台|自助机|数据库|\
         app|软件|软体|网页|闸机|交换机|站点|电话线路|热线|终端|server|网银)",
    ),
    (
        "<数据>",
        "(数据|资料|文件|档案|照片|相片|影片|视频|存档|纪录|记录|文档|作业|论文|项目|专案|进度|备份|备份档|相册|相簿|笔记|图纸|稿子?|草稿|账套|聊天|行事历|日记|通讯录|歌单|报表|帐目|账目|相|file|files|角色|装备)",
    ),
    // Consumer and market hotlines of the mainland and Taiwan.
    ("<hotline>", "(12315|12345|12378|12305|12328|12300|1950)"),
    (
        "<亲属>",
        "(孩子|小孩|小朋友|宝宝|宝贝|婴儿|儿子|女儿|孙子|孙女|老人家?|爸妈|爸爸?|妈妈?|阿爷|阿嫲|阿公|老婆|太太|个女|个仔|母亲|父亲|奶奶|爷爷|外婆|外公|姥姥|姥爷|阿公|阿嬷|阿妈|阿爸|阿婆|阿伯|婆婆|公公|bb|囡囡|仔仔|个仔|个女|长辈|家母|家父|小囡|细路|娃|弟弟|妹妹)",
    ),
    (
        "<kin>",
        "(son|daughter|kid|kids|child|children|baby|infant|newborn|toddler|grandson|granddaughter|grandchild|mum|mom|mother|dad|\
         father|nan|nana|gran|granny|grandma|grandmother|grandad|grandpa|grandfather|parents?|wife|tenant)",
    ),
];

/// The wordings of one kind of signal.
struct Family {
    kind: SignalKind,
    /// English wordings.
    english: &'static [&'static str],
    /// Chinese wordings.
    chinese: &'static [&'static str],
    /// Wordings, of both languages, that count only in `company`.
    weak: &'static [&'static str],
    /// What must stand in the sentence of a weak wording or in the next.
    company: &'static [&'static str],
    /// What in its sentence makes a match something else.
    unless: &'static [&'static str],
    /// Whether a negation directly before takes it back.
    negated: bool,
    /// Whether asking in general ("what if …", 如果……怎么办) is no signal.
    asked: bool,
    /// Whether it is no signal once it is over ("fixed now", 已经好了).
    solved: bool,
}

/// A family ready for matching.
struct Compiled {
    family: &'static Family,
    /// Place of its first wording among those of the sieve; the weak ones stand after the others.
    first: usize,
    strong: Alternatives,
    weak: Option<Alternatives>,
    company: Option<Alternatives>,
    unless: Option<Alternatives>,
}

/// All families, and what their wordings need in a text.
struct Catalogue {
    families: Vec<Compiled>,
    sieve: Sieve,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let all =
        service::FAMILIES.iter().chain(&harm::FAMILIES).chain(&money::FAMILIES).chain(&standing::FAMILIES);
    let mut first = 0;
    let families: Vec<Compiled> = all
        .filter_map(|family| {
            let strong: Vec<&str> = family.english.iter().chain(family.chinese).copied().collect();
            let compiled = Compiled {
                family,
                first,
                strong: alternatives(&strong)?,
                weak: alternatives(family.weak),
                company: alternatives(family.company),
                unless: alternatives(family.unless),
            };
            first += compiled.wordings().count();
            Some(compiled)
        })
        .collect();
    let sieve = Sieve::of(families.iter().flat_map(Compiled::wordings));
    Catalogue { families, sieve }
});

impl Compiled {
    /// What it is known by, the weak wordings last.
    fn wordings(&self) -> impl Iterator<Item = &str> {
        self.strong.sources().chain(self.weak.iter().flat_map(Alternatives::sources))
    }
}

/// A general question or a supposition rather than something that happened.
static ASKED: LazyLock<Option<Alternatives>> = LazyLock::new(|| {
    alternatives(&[
        "what (happens|would happen|if)",
        "how (do|can|would|should|could) (i|we|you|one) (prevent|avoid|protect|know|tell|stop|report|change|recover|keep)",
        "(do|does|can|could|would|will|is|are) (you|your|there|it|the|this|these) ~(offer|support|cover|protect|handle|prevent|provide|include|happen|safe|guarantee)",
        "in case (i|we|of|the|it|my|there)",
        "if (i|we|my|our|the|it|someone|somebody|there|a|an) ~(ever|lose|lost|gets?|got|were|was|break|breaks|goes|is|happens|forget|should)",
        "(can|could|may|might|does|will|would) (it|they|this|that|the|these) ~(get|catch|cause|happen|be|melt|burn|explode|overheat|leak)",
        "any (risk|danger|chance) of",
        "(如果|万一|假如|要是|倘若|假設|若是|若果|如遇|一旦)[^,.!?;]{1,24}",
        "会不会|會不會|会唔会|是否会|有没有可能|怎么防|如何防|怎样防|怎么避免|如何避免|点样防|请问…(会|能|是否)…吗",
        "假设|防(火|盗|诈|骗)",
    ])
});

/// Says of the whole sentence that it is a supposition.
static SUPPOSED: LazyLock<Option<Alternatives>> = LazyLock::new(|| {
    alternatives(&[
        "hypothetical(ly)?|theoretically|just curious|out of interest|just wondering",
        "假设|纯粹好奇|好奇问",
    ])
});

/// Says that it is over.
static SOLVED: LazyLock<Option<Alternatives>> = LazyLock::new(|| {
    alternatives(&[
        "(fixed|solved|resolved|sorted|works|working|back|fine|ok|okay|good|up|over) (it )?(now|again|since|today|already|out|up|online|and running|this morning)",
        "(now|all|already|since been|got|been|is|it's|was|finally) (all )?(fixed|solved|resolved|sorted)",
        "that fixed it|got (back )?in (now|again|eventually)|no longer (a problem|an issue)|(works|working) (fine )?(now|again)",
        "(已经|现在|都|刚刚?|后来|又|总算|终于|今天|已)…(好了|解决了|恢复了|恢复正常|可以了|能用了|修好了|搞定|登上了|进去了|正常了|好返|得返|搞掂|ok了)",
    ])
});

/// Directly before a match: it is not so.
static NEGATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let english = r"(?:\bnot|\bnever|\bno|\bisn'?t|\bwasn'?t|\baren'?t|\bwithout|\bdidn'?t|\bdon'?t|\bdoesn'?t|\bhaven'?t|\bhasn'?t|\bwon'?t|\bnobody|\bno one|\bnothing|\bnone)(?:[ \n]+(?:a|an|any|been|be|to|get|got|was|is|the|my|even|really|actually|being|it)){0,2}[ \n]*$";
    let chinese = "(?:没有?|(?:^|[^是])不是|并非|并没有?|不会|未|冇|(?:^|[^系])唔系|不要|无需|别|不用|不想|未曾|不|无)(?:再|被|要|想|去|有|什么|任何)?$";
    Regex::new(&format!("{english}|{chinese}")).ok()
});

/// Patterns of this module's small language as alternatives; `None` for none at all.
pub(super) fn alternatives(patterns: &[&str]) -> Option<Alternatives> {
    Alternatives::of(patterns.iter().map(|pattern| spelled_out(pattern)).collect())
}

/// A pattern as a regular expression.
fn spelled_out(pattern: &str) -> String {
    let is_english = pattern.is_ascii();
    let named = NAMED.iter().fold(fold(pattern).into_owned(), |spelled, (name, words)| {
        spelled.replace(&*fold(name), &fold(words))
    });
    let spelled =
        named.replace('~', r"(?:[a-z0-9'$#%,/&-]+[ \n]+){0,4}").replace('…', r"[^\s,.!?;:\x01]{0,8}");
    let spelled = narrowed(&spelled);
    if is_english { format!(r"(?-u:\b)(?:{spelled})(?-u:\b)") } else { format!("(?:{spelled})") }
}

/// Makes every blank outside a class stand for any run of blanks, and `\w` and `\d` for ASCII, which keeps the
/// automata small.
fn narrowed(pattern: &str) -> String {
    let mut in_class = false;
    let mut spelled = String::with_capacity(pattern.len() * 2);
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('d') => spelled.push_str(if in_class { "0-9" } else { "[0-9]" }),
                Some('w') => spelled.push_str(if in_class { "a-z0-9" } else { "[a-z0-9'-]" }),
                Some(other) => spelled.extend(['\\', other]),
                None => spelled.push('\\'),
            },
            ' ' if !in_class && characters.next_if_eq(&'?').is_some() => spelled.push_str(r"[ \n]*"),
            ' ' if !in_class => spelled.push_str(r"[ \n]+"),
            _ => {
                in_class = character == '[' || in_class && character != ']';
                spelled.push(character);
            }
        }
    }
    spelled
}

/// Finds the signals of a message, as spans of its reading.
pub(super) fn find(reading: &Reading) -> Vec<(SignalKind, Range<usize>)> {
    let mut found = Vec::new();
    let passing = CATALOGUE.sieve.passing(&reading.text);
    for compiled in &CATALOGUE.families {
        let mut spans: Vec<Range<usize>> = Vec::new();
        let strong =
            compiled.strong.find_among(&reading.text, &passing, compiled.first).map(|span| (span, false));
        let first_weak = compiled.first + compiled.strong.sources().count();
        let weak = compiled.weak.iter();
        let weak = weak.flat_map(|weak| weak.find_among(&reading.text, &passing, first_weak));
        for (span, is_weak) in strong.chain(weak.map(|span| (span, true))) {
            let overlaps = spans.iter().any(|other| span.start < other.end && other.start < span.end);
            if spans.len() < MAX_OF_A_KIND && !overlaps && counts(compiled, reading, &span, is_weak) {
                spans.push(span);
            }
        }
        found.extend(spans.into_iter().map(|span| (compiled.family.kind, span)));
    }
    found
}

/// Whether a match is the signal that its words look like.
fn counts(compiled: &Compiled, reading: &Reading, span: &Range<usize>, is_weak: bool) -> bool {
    let family = compiled.family;
    if cuts_number(&reading.text, span) || family.kind == SignalKind::Legal && is_figure(&reading.text, span)
    {
        return false;
    }
    let sentence = &reading.text[reading.sentence(span)];
    let stands =
        |pattern: Option<&Alternatives>, text: &str| pattern.is_some_and(|pattern| pattern.is_match(text));
    let both = &reading.text[reading.with_next_sentence(span)];
    if is_weak && !stands(compiled.company.as_ref(), both) {
        return false;
    }
    let taken_back = stands(compiled.unless.as_ref(), sentence)
        || family.asked
            && (stands(ASKED.as_ref(), reading.clause(span)) || stands(SUPPOSED.as_ref(), sentence))
        || family.solved && stands(SOLVED.as_ref(), both)
        || family.negated
            && NEGATED.as_ref().is_some_and(|negated| negated.is_match(reading.before(span, NEGATION_BYTES)));
    !taken_back
}

/// Whether a span begins or ends within a longer number.
fn cuts_number(text: &str, span: &Range<usize>) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let before = span.start.checked_sub(1).and_then(|at| bytes.get(at));
    is_digit(before) && is_digit(bytes.get(span.start))
        || is_digit(bytes.get(span.end)) && is_digit(span.end.checked_sub(1).and_then(|at| bytes.get(at)))
}

/// Whether a hotline's figures at either end of a span belong to an amount, an order or a code instead
/// (1950元, 订单12345).
fn is_figure(text: &str, span: &Range<usize>) -> bool {
    const ORDERS: [&str; 8] = ["单", "号", "编号", "尾号", "order", "number", "no.", "为"];
    let (before, after) = (text[..span.start].trim_end_matches(' '), &text[span.end..]);
    let is_digit = |letter: char| letter.is_ascii_digit();
    let begins = text[span.clone()].starts_with(is_digit);
    let ends = text[span.clone()].ends_with(is_digit);
    let follows_code = before
        .ends_with(|last: char| last.is_ascii_alphanumeric() || "-#$€£¥*".contains(last))
        || ORDERS.iter().any(|order| before.ends_with(order));
    let precedes_unit = after.starts_with(|next: char| next.is_ascii_alphabetic() || "-_%".contains(next))
        || after
            .trim_start_matches(' ')
            .starts_with(|next: char| "元块蚊圆円年件台个条笔张房室米分".contains(next))
        || after.starts_with('号') && !after.starts_with("号码")
        || after.starts_with(['.', ',']) && after[1..].starts_with(is_digit);
    begins && follows_code || ends && precedes_unit
}

#[cfg(test)]
mod tests;
