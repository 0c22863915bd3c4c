//! Where a text says that no person is wanted, or only talks about one.

use std::{ops::Range, sync::LazyLock};

use super::{NOUN, Reading, alternatives};
use crate::text::patterns::Alternatives;

/// Bytes before a refusal in which it is taken back ("why don't you", 为什么不用).
const BEFORE_BYTES: usize = 24;

/// Refusals, in English and Chinese; `<noun>` is a person.
const REFUSED: &[&str] = &[
    "(don'?t|do not|dont|no need to|needn'?t|never|not|without) (please |ever |you |just )*(transfer|connect|put|pass|forward|escalate|route|hand|send|switch|redirect|refer|transferring|connecting) (me |us |this |it |my case |the chat |through |over |on )*(to|through|with) (a |an |the |any |another |your |real |live |human )*<noun>",
    "(don'?t|do not|dont|no|not|rather not|without|never) (\\w+ )?(want|need|wish|like|care|having|have|necessary) (to )?(speak|talk|chat|phone|call|be transferred|be connected|be put through|wait|speaking|talking)( with| to| for)* (a |an |any |the |another |your |real |live |human |actual )*(<noun>|someone|somebody|anyone|anybody)",
    "(don'?t|do not|dont) (\\w+ )?(want|need) (a |an |any |the |another |real |live |human )*(human|person|agent|representative|rep|operator|call ?back|phone call)(?-u:\\b)|rather not (speak|talk|chat) (to|with) (a |an |any |the |another |your |real |live |human )*(<noun>|someone|somebody)|(no|without) (a |an |any |need for an?y? )*(human|agent|representative|operator|call ?back) (needed|required|necessary|please)|no need (for )?(a |an |any )?(human|person|agent|representative|operator|call ?back|phone call|to (call|phone|ring|speak|talk|transfer|connect)( me)?( back)?)",
    "(please |so |just |and |but )?(don'?t|do not|dont) (call|ring|phone|telephone) me( back)?",
    "(不用|不要|不需要|无需|唔使|唔需要|唔要|别|毋须|不必|无须|不想|先不|唔想|没必要|冇必要|唔好|勿|不劳)(再|帮我|给我|麻烦|劳烦|跟我|同我|跟|同|和|你们|要|我|去|先|找|搵|转接|转到|转给|转|接|驳|叫|用|联系|联络|到|打|安排|派|让|真的|一个|个)*(人工(客服|服务|$|[^智草费])|真人|专人|活人|客服(人员)?|职员|经理|专员|主管|打电话|来电|回电|电话|致电)",
];

/// Persons who are only talked about, and what only sounds like one.
const MENTIONED: &[&str] = &[
    "(your|the|that|this|an?) (\\w+ )?(<noun>|lady|guy|gentleman|team) (\\w+ ){0,4}(was|were|has been|have been|is|are) (\\w+ )?(very |so |really |extremely |super |incredibly |most |just )*(helpful|kind|friendly|great|lovely|nice|amazing|brilliant|polite|patient|professional|excellent|wonderful|fantastic|awesome|quick|rude|useless|unhelpful)",
    "(do|does|must|will|would|should) (i|we|one|customers) (really |actually |always )?(need|have|be required)? ?(to )?(speak|talk|chat|call|phone|ring)( with| to)* (a |an |any |the |your |real |live |human )*(<noun>|someone|somebody|customer service) (to|in order to|before|for)(?-u:\\b)|without (speaking|talking|calling|phoning)( with| to)* (a |an |any |the |your |real |live |human )*(<noun>|someone|somebody)",
    "(call|ring|phone|reach|contact|text) me (back )?(on|at|under|via|anytime|any time)?[^.!?]{0,32}(if (it'?s |it is )?(needed|necessary|required|you need|need be|there|any|you have)|in case|for (any )?questions|should you)|(if (it'?s |it is )?(needed|necessary|required)|if you (need|have) \\w+( \\w+)?|in case of \\w+),? (you can |you may |please |just |feel free to )*(call|ring|phone|reach|contact|text) me",
    "(手工|手作|手织|手缝|机器(做|缝|织|制|生产|加工|打磨)|机械|全自动|自动)[^,.!?]{0,4}(还是|抑或|定系|或者?)(是)?(人工|手工|真人)|人工[^,.!?]{0,4}(还是|抑或|定系|或者?)(是)?(手工|机器|机械|自动)|人工(费|草坪|草皮|智能|智慧|呼吸|授粉|泪液|关节|成本|钻石|合成|皮革|翻译)",
    "(你们|贵司|你哋|刚才|刚刚|昨天|今天|那位|这位|上次)(的|嘅|那个|那位|这位|店里的?)*(人工客服|客服|专员|经理|小姐|先生|同事|师傅|客服人员|小哥|小姐姐|店员)(的|嘅)?(态度|服务)?(都|也)?(很|真的?|非常|太|超|特别|挺|好|十分|蛮)(好|耐心|专业|热情|有耐心|nice|棒|赞|贴心|友善|客气|细心|负责|差|烂|敷衍|恶劣|有帮助|有礼貌)",
    "(取消|退|改|换|办理?|解约|注销|一定|必须)[^,.!?]{0,8}(需要|要|必须|得|系咪要|是不是要)(先)?(跟|同|和)?(找|联系|联络|转|打电话给|打给)?(你们)?(人工客服|人工|客服|真人|专人|职员)(讲|说|谈|办|处理|沟通)?(吗|么|嘛|呢|才能|才可以|先得|先至)|(要|需要|必须)(先)?(找|联系|联络)(人工客服|人工|客服|真人|专人|职员)才",
    "(有需要|需要的话|如有需要|如果需要|若有需要|有问题|如有问题|有疑问|如有疑问|必要时|有事)[^.!?]{0,10}(打|致电|来电|电联|联系|联络|拨打|打电话|call)(给|到|俾|畀)?我|(打|致电|来电|电联|联系|联络|拨打|打电话|call)(给|到|俾|畀)?我[^.!?]{0,28}(有需要|需要的话|如果需要|必要的话|必要时|如有问题|有问题的话)",
];

/// Short requests that stand against a refusal elsewhere in the text.
const STILL: &[&str] = &[
    "(want|need|get|give me|connect me to|transfer me to|put me through to|speak to|talk to|speak with|talk with) (a |an |the |your |real |live |actual |human )*(human|person|agent|manager|supervisor|representative|rep|operator|boss|someone|somebody)",
    "(我?要|叫|找|换|转|接|搵|让|想|见|请|喊)(个|一个|你们的?|你哋个?|真的?|你|位|一位)*(人工|真人|活人|专人|经理|主管|领导|老板|负责人|同事|职员)",
];

struct Patterns {
    refused: Alternatives,
    mentioned: Alternatives,
    still: Alternatives,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns { refused: compiled(REFUSED)?, mentioned: compiled(MENTIONED)?, still: compiled(STILL)? })
});

fn compiled(patterns: &[&str]) -> Option<Alternatives> {
    let spelled: Vec<String> = patterns.iter().map(|pattern| pattern.replace("<noun>", NOUN)).collect();
    alternatives(&spelled.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The places of a reading where no person is wanted or one is only talked about, rising by kind.
pub(super) fn find(reading: &Reading) -> Vec<Range<usize>> {
    let Some(patterns) = PATTERNS.as_ref() else { return Vec::new() };
    let refused = patterns
        .refused
        .find_iter(&reading.text)
        .filter(|span| !is_reproach(reading.before(span, BEFORE_BYTES)));
    let mentioned = patterns.mentioned.find_iter(&reading.text);
    refused.chain(mentioned).collect()
}

/// Whether a text asks for a person in other words than those of `declined`.
pub(super) fn still_asks(reading: &Reading, declined: &[Range<usize>]) -> bool {
    PATTERNS.as_ref().is_some_and(|patterns| {
        patterns.still.find_iter(&reading.text).any(|span| !overlaps(&span, declined))
    })
}

/// Whether a span shares a part with one of the others.
pub(super) fn overlaps(span: &Range<usize>, others: &[Range<usize>]) -> bool {
    others.iter().any(|other| span.start < other.end && other.start < span.end)
}

/// Whether the words before make a refusal a reproach: "why don't you", "they don't call me back".
fn is_reproach(before: &str) -> bool {
    let words = before.trim_end();
    ["why", "you", "they", "he", "she", "people", "agents", "always", "still"]
        .iter()
        .any(|word| words.ends_with(word))
        || ["为什么", "怎么", "干嘛", "凭什么", "点解", "为何", "能不能", "可以"]
            .iter()
            .any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in REFUSED.iter().chain(MENTIONED).chain(STILL) {
            assert!(compiled(&[pattern]).is_some(), "{pattern}");
        }
        assert!(PATTERNS.is_some());
    }

    /// Whether a person is asked for, and whether one is declined.
    fn read(text: &str) -> (bool, bool) {
        let person = super::super::read(&Reading::of(text, std::slice::from_ref(&(0..text.len()))));
        (person.asked.is_some(), person.is_declined)
    }

    #[test]
    fn refusals_and_mentions_decline_a_person() {
        for text in [
            "不用转人工，告诉我运费就行",
            "不需要人工",
            "唔使轉人工，話我知幾錢就得",
            "请不要打电话给我",
            "please don't transfer me to an agent",
            "I don't want to talk to a person, just tell me how to cancel",
            "no need to call me back",
            "Your agent was very helpful",
            "你们客服很有耐心",
            "你哋同事好專業",
            "Do I need to speak to a person to cancel?",
            "取消订单需要找人工吗",
            "手工制作还是人工?",
            "這件是機器縫的還是人工",
            "you can call me on 0912 345 678 if needed",
            "如有需要可以打给我 0912345678",
        ] {
            assert_eq!(read(text), (false, true), "{text}");
        }
    }

    #[test]
    fn requests_beside_a_refusal_stand() {
        for text in [
            "speak to your manager",
            "I want to speak to your manager",
            "叫经理来",
            "不要机器人，转人工",
            "I don't want to talk to a bot, get me a human",
            "I don't want to talk to another agent. Get me a manager",
            "why don't you call me back",
        ] {
            assert!(read(text).0 && !read(text).1, "{text}: {:?}", read(text));
        }
        for text in
            ["where is my parcel", "我的包裹呢", "為什麼不用人工客服", "人工", "不要客服，叫你们经理来"]
        {
            assert!(!read(text).1, "{text}");
        }
    }
}
