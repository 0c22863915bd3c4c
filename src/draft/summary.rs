//! The customer's own sentences that say what is wanted.
//!
//! Nothing is rewritten: sentences are chosen and at most cut. First stand those that the requests stand in,
//! the most pressing request first, then those that show signals or name things, then the others by their
//! place. Greetings, thanks and insults without content are left out.

use std::{cmp::Reverse, ops::Range, sync::LazyLock};

use crate::{
    policy::{Case, Sentence},
    text::{is_han, patterns::Alternatives},
};

/// Sentences at most.
const MAX_SENTENCES: usize = 4;

/// Length of a sentence at most; a Han character counts two, any other one.
const MAX_LENGTH: usize = 200;

/// A cut at a clause border keeps at least this part of [`MAX_LENGTH`]; without one the cut is at a word.
const MIN_KEPT: usize = MAX_LENGTH / 3;

/// Letters that may be left of a sentence of formulas: "hi Tom" says nothing either.
const MAX_REST: usize = 3;

/// What is said without saying anything: greetings, thanks, farewells, pleas, insults. Longer ones first.
const FORMULAS: &[&str] = &[
    // English
    r"\b(?:good (?:morning|afternoon|evening|day)|dear (?:sir(?:s)?(?: or madam)?|madam|team|all|support|customer service)|hello|hi|hey|greetings|to whom it may concern)\b",
    r"\b(?:there|everyone|team|guys|folks|sir|madam|again)\b",
    r"\b(?:i hope (?:you are|you're|this (?:email|message|mail) finds you)(?: \w+){0,3})\b",
    r"\b(?:many thanks|thank you|thanks|thx|cheers)(?: (?:so|very) much| a lot| in advance)?(?: for (?:your|the) (?:help|time|support|understanding|patience))?\b",
    r"\b(?:kind|best|warm|with) regards\b|\b(?:regards|sincerely|yours|truly|faithfully|best wishes|bye|goodbye|have a (?:nice|good|great) (?:day|one|weekend))\b",
    r"\b(?:please|pls|asap|urgent|urgently|ok|okay|well|so|oh|wow|omg|wtf|seriously|really|help|ugh)\b",
    r"\b(?:you|are|you're|your|all|a|an|bunch of|of|what|such|this is|the|this|company|service|is|just|absolute|absolutely|total|totally|complete|completely|fucking|bloody|damn|idiots?|morons?|stupid|useless|scammers?|liars?|thieves|clowns|jokes?|pathetic|garbage|trash|crap|bullshit|shit|disgusting|ridiculous|unbelievable|incompetent|fuck|hell)\b",
    // Chinese, both scripts
    "(?:您好|你好|大家好|各位|早上好|上午好|下午好|晚上好|早安|午安|晚安|哈囉|哈喽|嗨|在吗|在嗎|有人吗|有人嗎|请问|請問|亲|親)",
    "(?:非常|十分|先|多)?(?:感谢|感謝|谢谢|謝謝|多谢|多謝|辛苦了|麻烦了|麻煩了|拜托了|拜託了|再见|再見|拜拜|祝好|此致|敬礼|敬禮|敬上|不好意思|打扰了|打擾了)(?:您|你|你们|你們|大家)?(?:的)?(?:帮助|幫助|协助|協助|支持)?",
    "(?:急急急|急死|太急|救命|天哪|天啊|我的天|无语|無語|服了|真的|真是|简直|簡直|太|好|很|了|啊|吧|呢|呀|嗎|吗)",
    "(?:你们|你們|你|您|这|這|这个|這個|这家|這家|公司|客服|店家|商家|平台|全是|都是|就是|是|一群|一帮|一幫|什么|什麼|破|烂|爛|垃圾|废物|廢物|骗子|騙子|傻逼|白痴|白癡|智障|神经病|神經病|混蛋|王八蛋|滚|滾|妈的|媽的|他妈|他媽|离谱|離譜|恶心|噁心|不要脸|不要臉|可恶|可惡)",
];

static FORMULA: LazyLock<Option<Alternatives>> =
    LazyLock::new(|| Alternatives::of(FORMULAS.iter().map(|formula| format!("(?i)(?:{formula})")).collect()));

/// Chooses the sentences of a message; `requests` are positions in [`Case::requests`], most pressing first.
pub fn of(case: &Case, requests: &[usize]) -> Vec<String> {
    let mut chosen: Vec<(usize, &Sentence)> =
        case.sentences.iter().enumerate().filter(|(_, sentence)| says_something(case, sentence)).collect();
    if chosen.is_empty() {
        chosen = case.sentences.iter().enumerate().take(1).collect();
    }
    chosen.sort_by_cached_key(|(place, sentence)| rank(case, requests, sentence, *place));
    let mut summary: Vec<String> = vec![];
    for (_, sentence) in chosen {
        if summary.len() == MAX_SENTENCES {
            break;
        }
        let text = cut(&sentence.text);
        if !text.is_empty() && !summary.contains(&text) {
            summary.push(text);
        }
    }
    summary
}

/// Place of a sentence: that of its request, then the most shown, then the text's order.
fn rank(
    case: &Case,
    requests: &[usize],
    sentence: &Sentence,
    place: usize,
) -> (usize, Reverse<usize>, usize) {
    let stands_in =
        |&at: &usize| case.requests.get(at).is_some_and(|request| overlaps(&request.span, &sentence.span));
    let request = requests.iter().position(stands_in).unwrap_or(requests.len());
    (request, Reverse(shown(case, sentence)), place)
}

/// How much a sentence shows: kinds of signals count two, entities one.
fn shown(case: &Case, sentence: &Sentence) -> usize {
    let signals = case.facts.signals.iter().filter(|signal| overlaps(&signal.span, &sentence.span));
    let entities = case.facts.entities.iter().filter(|entity| overlaps(&entity.span, &sentence.span));
    let asks = sentence.text.trim_end().ends_with(['?', '？']);
    2 * signals.count() + entities.count() + usize::from(asks)
}

fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Whether more than formulas is said.
fn says_something(case: &Case, sentence: &Sentence) -> bool {
    let has_facts = case.facts.signals.iter().any(|signal| overlaps(&signal.span, &sentence.span))
        || case.facts.entities.iter().any(|entity| overlaps(&entity.span, &sentence.span));
    if has_facts {
        return true;
    }
    let Some(formula) = FORMULA.as_ref() else { return true };
    let text = sentence.text.as_str();
    let mut places = formula.find_iter(text);
    let (mut length, mut from) = (0, 0);
    // The first words mostly tell; what follows them is not searched then.
    while length <= MAX_REST && from < text.len() {
        let place = places.next().unwrap_or(text.len()..text.len());
        let between = text.get(from..place.start).unwrap_or_default();
        length += between.chars().filter(|letter| letter.is_alphanumeric()).map(length_of).sum::<usize>();
        from = place.end.max(place.start + 1);
    }
    length > MAX_REST
}

fn length_of(character: char) -> usize {
    if is_han(character) { 2 } else { 1 }
}

/// A sentence in one line, cut at a clause border when it is very long.
fn cut(sentence: &str) -> String {
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut length = 0;
    let (mut clause, mut word, mut placeholder) = (None, None, None);
    for (at, character) in line.char_indices() {
        // A placeholder of the redaction is kept whole.
        placeholder = match character {
            '[' => Some(at),
            ']' => None,
            _ => placeholder,
        };
        length += length_of(character);
        if length >= MAX_LENGTH {
            let end = clause.or(word).or(placeholder).unwrap_or(at);
            return format!("{}…", line[..end].trim_end());
        }
        if placeholder.is_some() {
            continue;
        }
        let after = at + character.len_utf8();
        match character {
            ',' | ';' | ':' | '，' | '；' | '：' | '、' | '。' | '—' if length >= MIN_KEPT => {
                clause = Some(at)
            }
            ' ' => word = Some(at),
            _ if is_han(character) => word = Some(after),
            _ => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_sentence_is_cut_at_a_clause() {
        let clause = "I ordered the blue kettle on the first of May and it was to come within three days, ";
        let text = format!("{}and then nothing happened at all", clause.repeat(3));
        let cut = cut(&text);
        assert!(cut.ends_with("within three days…"), "{cut}");
        assert!(cut.chars().count() <= MAX_LENGTH);
        let chinese = "我五月一日订了蓝色水壶，说好三天之内送到家里，".repeat(8);
        assert!(super::cut(&chinese).ends_with("蓝色水壶…"), "{}", super::cut(&chinese));
        let hant = "我五月一日訂了藍色水壺，說好三天之內送到家裡，".repeat(8);
        assert!(super::cut(&hant).ends_with("藍色水壺…"), "{}", super::cut(&hant));
    }

    #[test]
    fn a_placeholder_stays_whole() {
        let text = format!("{}[email address]", "x".repeat(MAX_LENGTH - 8));
        assert!(!cut(&text).contains('['), "{}", cut(&text));
    }

    proptest! {
        #[test]
        fn a_cut_never_panics_and_never_lengthens(text in "\\PC{0,400}") {
            let cut = cut(&text);
            prop_assert!(cut.chars().count() <= text.chars().count() + 1);
        }
    }
}
