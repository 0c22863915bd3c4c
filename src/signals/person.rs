//! Where a customer asks, now, for a person, in any spelling.
//!
//! Three ways lead there: words for a person with a wish (patterns), a message that is nothing but such a word,
//! typos and letters apart included ("hmuan", "a g e n t"), and Chinese words that by themselves are the request
//! (转人工). Persons that are merely talked about ("your agent told me", 人工费) and refusals are not.

mod declined;

use std::{ops::Range, sync::LazyLock};

use super::{catalogue::alternatives, reading::Reading};
use crate::text::patterns::Alternatives;

/// Longest message, in letters, that is read as one misspelt word for a person.
const MAX_BARE_LETTERS: usize = 34;

/// Words that alone, typed in any way, ask for a person.
const BARE: [&str; 14] = [
    "human",
    "agent",
    "representative",
    "operator",
    "person",
    "advisor",
    "adviser",
    "supervisor",
    "manager",
    "hooman",
    "rengong",
    "zhenren",
    "livechat",
    "somebody",
];
/// Words around a bare one that change nothing.
const FILLERS: [&str; 46] = [
    "a", "an", "the", "pls", "please", "plz", "plss", "now", "real", "live", "actual", "to", "speak", "talk",
    "with", "me", "i", "want", "need", "get", "give", "gimme", "help", "support", "service", "customer",
    "hello", "hi", "ok", "no", "not", "bot", "chat", "someone", "asap", "thx", "thanks", "some", "us", "for",
    "being", "beings", "yes", "can", "connect", "transfer",
];

/// Requests in English; `<who>` is a person.
const ENGLISH: &[&str] = &[
    "(speak|talk|chat|spk|speek|tlk|speaking|talking|chatting|get through|spoken) (directly |live |now |properly |instead |please )*(to|with|2|too) <who>",
    "(transfer|connect|put|pass|hand|patch|switch|redirect|escalate|forward|route|refer) (me |us |this |it |my case |this chat |the chat |over |through |on |up |back |straight )*(to |over to |with |through to |2 )+<who>",
    "(put|get|give|gimme|send|bring|fetch|find|need|want|wanna|prefer|like|have|want to have|request|demand|require|insist on|call|summon|pls|please|plz|just|get me|give me|let me have) (me |us |in |on |to |for |onto |here |hold of |a word with )*<somebody>( on| in| here| now| please| pls| on the line| on the phone)?",
    "<somebody>[ ,]*(please|pls|plz|pleeease|plss|now|asap|immediately|instead|right now|right away|on the line|plox)",
    "(is|are|isn'?t|any|anyone|anybody) ?(there )?(a |an |any |some )?(real |live |actual )?(<noun>|people|somebody|someone|anyone|anybody)( real| human| alive)? (there|here|available|around|online|about|i (can|could) (talk|speak|chat)|who can (help|assist|talk|speak)|to (talk|speak|chat)|on (duty|shift))",
    "(can|could|may|would|will|pls|please|kindly|have|get|ask|let|like|want|need|request) (you |i |to )?(have |get |ask |let |like )?(some ?one|somebody|a <noun>|an <noun>|one of you|one of your (people|team|staff|colleagues|agents|guys)|your (manager|supervisor|team|boss|colleague|staff|head \\w+|\\w+ (manager|head|team))|the (manager|supervisor|owner|boss)|<noun>|relationship manager|account manager|a colleague)( who \\w+| from \\w+( team)?| at \\w+| in \\w+| on your \\w+| with \\w+)? (please |pls |kindly |to |can |could |personally |just |now )*(call|ring|phone|contact me|speak|talk|take over|step in|reach out|come on|join|give me a (call|ring|bell)|assist me live|help me live|get in touch|answer me|look at this|dm me)",
    "(call|ring|phone) me( back)?( please| pls| today| now| on| at| asap| tomorrow| urgently| this| immediately)|(give|gimme) me a (call|ring|bell|call ?back)|(request|want|need|arrange|like|book|schedule) (for )?(a |an )?(urgent )?(call ?back|phone call|telephone call)|call ?back( please| pls| requested| needed)|can i be (rung|called|phoned)",
    "(not|no|without|rather than|instead of|isn'?t|stop|sick of|tired of|enough of|than|never) (talking to |speaking to |with )?(a |an |the |this |your |more |any |another |these )*(bots?|robots?|machines?|chat ?bots?|ai|automated \\w+|auto ?repl(y|ies)|toaster)[^a-z]{1,4}(a |an )?(i want |give me |real |live )*(<noun>|person|human|people)",
    "(anyone|anybody|someone|somebody|some1|any1) (real|human|alive|with a (pulse|brain))",
    "(real|live|actual|living|breathing|genuine|proper|human) (person|persons?|human|humans|agent|people|being|rep|representative|operator|purson|support agent|advis[oe]r|hooman|assistant|someone|somebody|voice|staff|technician|officer|customer service|service|support|contact|chat|agents?)( please| pls| now| can help| only)?",
    "(agents?|humans?|representatives?|operators?|rep)[ !.,?]+(agents?|humans?|representatives?|operators?|now|please|pls|real person)",
    "(is|are) (this|there|that|you) (chat |account )?(even |actually |really )?(a )?(manned|(real |an? actual )(person|human)|monitored by (people|humans)|run by (people|humans))",
    "(can|could|may|might|want|wanna|like|need|let|wish|rather|sooner|prefer|would|please|pls|id|i'd|have to|must|lemme)( \\w+){0,4} (speak|talk|chat|spk|speek|a word|a quick word) (live |directly |now |properly )?(to|with|w|2|too) \\w+|is there (a|an|any|some) ?(real |live )?(human|person|man|woman|lady|somebody|someone|anyone|anybody|body|adult|one)( |$|\\?|\\.|,|!)|is there (somebody|someone|anyone|anybody)(\\?|$)|(can|could|would|will|please|pls|kindly) (you |someone |somebody |some1 |a \\w+ |your \\w+( \\w+)? |one of your \\w+ |my account manager |my \\w+ manager )*(please |kindly )?(call|ring|phone|telephone)( me)?( back)?( |,|\\.|!|$)|(call|ring|phone|telephone) me|(get|fetch|bring|put|give|find) (me |us )?(to |on |through |through to |on to )?(someone|somebody|a person|a human|the dispatcher|the manager|whoever|a technician|an engineer|a lady|a man|a woman|your manager|your supervisor|your boss|the boss|a manager)( |$|\\.|!|,)|(put|patch|hand|transfer|pass) (me |us )(on |over |through )?(to |on to )+(the |your |one of |a |an )?\\w+|(want|need|real|just|talk to|speak to) (a |an |the )?(real )?(h ?u ?m ?a ?n|a g e n t)|[.!?,] ?(a )?(human|person|agent|operator|representative|manager|supervisor)( being)?( please| pls| now)?[.!?]*$",
    "human (being|assistance|help|support|intervention|touch|contact)|non-?(robot|bot|human bot) (\\w+ )?(answer|reply|speak|talk|help)?",
    "(don'?t|dont|do not|not going|refuse|won'?t|hate|not|sick of|tired of|no more|fed up) (\\w+ )?(want |wanna |like |to )*(to )?(talk|speak|chat|deal|argue|type|talking|speaking|chatting|arguing) (to|with) (a |an |the |this |your )?(chat ?)?(bots?|robots?|machines?|ai|computers?|programs?|software)",
];

/// Who is asked for.
const WHO: &str = "(a |an |the |any |some |one of (you|your|the) |your |my |ur |another |different |an actual |real |live |actual |human |senior |proper |living |new |different |duty |shift |local |somebody |someone |real life |customer |support |sales |service |claims |account |billing |branch |technical |tech |retention |floor |store |relationship |complaints |english |that |this |same |other )*(<noun>|some ?one|somebody|some1|sb|smbody|any ?one|anybody|people|staff|guys?|team|department|purson|persn|hooman|voice|boss|lady|man|woman|engineer|technician|technical (people|team)|expert|dispatcher|accountant|pharmacist|nurse|doctor|officer|yard|office|human resources|human being)";
/// Who is asked for, as a word that means somebody to talk to and nothing else.
const SOMEBODY: &str = "((a |an |the |any |your |my |ur |some |another |to |with )*(real |live |actual |human |living |proper |genuine |flesh and blood |damn |bloody |fucking |f\\*+ing |senior |different )*(humans?|hooman|hoomans|person|purson|persn|human being|representative|representitive|reprisentative|operator|live agent|agent|customer service (agent|rep|representative|person)|support (agent|rep|person)|supervisor|manager|somebody real|someone real|real one|real people|people|rep|adviser|advisor))";
/// Nouns for those who serve customers.
const NOUN: &str = "(humans?|persons?|people|agents?|representatives?|representitive|reps?|operators?|advis[eo]rs?|supervisors?|managers?|team leads?|team leaders?|specialists?|consultants?|csr|attendants?|assistants?|associates?|officers?|clerks?|teller|technicians?|engineers?|colleagues?|employees?|staff( members?)?|team members?)";

/// Requests in Chinese.
const CHINESE: &[&str] = &[
    "(转|轉|接|找|要|叫|换|搵|驳|给我|俾我|畀我|求|帮我转|帮转|切|联系|联络|呼叫|申请|需要|想要|麻烦|有没有|有冇|能让|让|跟|和|同|与|喊)(一下|去|到|下|返|接|个|位|一个|一位|给|番|俾|畀|我|真正的?|在线的?|线上|你们的?|你哋|贵司|公司的?|现场|懂\\w{0,4}的?|有|专业的?|负责的?|能.{0,4}的)*(人工|真人|活人|专人|客服人员|人工客服|真人客服|专员|真客服|服务员|服务人员|在线人工|真小编|现场人员|大活人|职员|接线员|话务员|总机|值班经理)(的)?(客服|服务|窗口|座席|坐席|处理|接听|来|说话|说|回|帮|核查|操作|讲|倾|聊)?",
    "(转|轉|接|驳|换|找|叫|搵|让|请|给我|俾|畀|要|见|把|我要投诉|联系|来)(个|位|一位|一个|你们|你们的|你哋|你哋个|贵司|您们|个|他们|出|返|我|能|那|这|店里|上面|你|的|管事|个识)*(经理|主管|主任|领导|老板|老闆|负责人|负责的人|负责人员|管事的人?|上司|上级|店长|站长|组长|行长|班主任|客户经理|大堂经理|值班的?|店家本人|gm|同事|同仁|师傅|药师|顾问|业务员|营业员|行员|设计师|理赔专员|技术人员|技术(工程)?师|财务|客服|小编|老师|会计|法务|医生|护士|会喘气的|懂行的|懂技术的|拍板的)(本人|来|出来|出嚟|接电话|接听|听|跟我|同我|打给|打俾|打畀|打来|给我|回电|回复|说话|说|讲|倾|谈|处理|接|核查|同我倾|直接|联系我|上线|回|打|进来|过来|马上|今天|尽快)",
    "(我要|我想|想要|要|想|可以|可唔可以|能不能|能否|麻烦|直接|只想|需要|希望)(跟|和|同|与|搵|找|直接)+(一个|个|位|你们的?|你哋|贵司|直接|真正的|活的|懂\\w{0,3}的|真|本|负责|那位)*(人|真人|人工|职员|同事|经理|主管|客服|专员|客服人员|老板|店长|专人|老师|师傅|工程师|负责人|业务|药师|医生)(讲|说|倾|聊|谈|通话|对话|沟通|联络|联系|直接|话)",
    "(叫|找|派|换|来|搵|给|俾|畀|喊|让)(一)?(个|位)?(活的?|真的?|会喘气的|懂的|能(解决|做主|拍板|管事|听懂|理解)\\w{0,4}的?|会说人话的|讲人话的|负责的|识讲人话嘅|有温度的|有体温的|有灵魂的|大)(人|真人|同事|同仁|来)",
    "(叫|搵|找|换|给我叫|来|派|让|求)(一)?个?人(来|出来|出嚟|接|说|讲|处理|听|打|同我|跟我|回|上线|打来|打给|打电话|跟|过来|马上|吧|啊)",
    "(请|能|可以|可否|麻烦|希望|拜托|请尽快|尽快|务必|马上|立刻|即刻|唔该|让|可唔可以|劳烦|能不能|方便)(请|安排|派|叫|让|找|搵|立即|马上|即时|你们|贵司|你哋|个|人|专人|客服|工程师|业务|主管|师傅|同事|服务人员|一位|真人|今天|尽快|本人|直接|由|的|上午|下午|职员|值班|技术|负责)*(回电|致电|来电|打给我|打俾我|打畀我|打返|打电话给我|打电话俾我|回我电话|给我回电|给我打(个)?电话|回个电话|打电话来|打过来|电联|联系我|联络我|回拨|与我联络|与我联系|跟我联系|撥電話|拨电话)",
    "(真人|活人|人工|专人|职员)(呢|在吗|在不|在不在|喺度吗|有吗|有没有|客服在|客服呢|出来|在线吗|出嚟|接听)",
    "(不要|别|唔要|唔好|不想|懒得|拒绝|讨厌|受够|不是|莫)(再)?(跟|同|和|用|给我|畀我|俾我|对着|叫|让|派)*(机器人|机械人|机器|bot|ai|智能客服|自动回复|自动回覆|罐头|robot|智障)[^a-z]{0,12}(真人|人工|活人|专人|人说|人讲|职员|转|接|人来)",
    "(有|有冇|有没有|冇|是不是|系咪|係咪)(真人|活人|人工|真的人)(在|吗|嘛|可以|能|教|客服|接|帮|喺度|服务|工)",
    "(换|转|去|给|搵|找|接|叫|驳)(个|位|一个|一位)?(同事|真人|人工|专人|职员|客服|人)(来|吧|帮|接|俾我|畀我|处理|講|讲|说|呀|啦|吖|好吗|啊|跟进|继续|核|看|教|拦)",
    "(请|叫|让|可以|可唔可以|可不可以|能|能不能|麻烦|安排|由|有冇|想|要求|给我|再让|赶紧)[^,.!?]{0,16}(回电|回个电话|致电|来电|打给我|打畀我|打俾我|打返俾我|打电话(给|俾|畀|来|教)|打给(我|他|她)|打过来|打俾佢|覆我电话|通电话|通话|讲电话|倾电话|电话沟通|电联|接我?电话|听电话|call我|同我倾|回我电话|给他回个电话|跟我谈|跟我讲|跟我说|同我讲|当面跟我)",
    "(换|找|叫|给我|接|转|搵|插|要)(一)?(个|位)?(真)?人(!|,|\\.|\\?|$|来|啊|吧|说|讲|我|接|帮|行|呀|啦|教|认|给|告诉|马上|在这|嚟|同|取消)|(换|转|接)(个|一个|一位|位)?[^,.!?]{0,10}(的人|的来|的同仁|的同事|的师傅|的真人)|(找|要|给我|来|派|搵|畀|叫|换|俾|请|有没有|安排|求)(个|一个|一位|一名|你们|你哋|负责)?[^,.!?]{0,12}(管事|拍板|作主|做主|负责|懂行|明白|会计|财务|识嘢|喘气|会呼吸|讲人话|听人话|说人话|能理解|懂[^,.!?]{0,4}|负责人)(的|嘅)?(人|同事|同仁|师傅|技术人员|人员|真人|老师|职员|来|出来|跟|同|在)",
    "(有|有没有|有冇|来个|出来个|找个|叫个)(会|能)?(喘气|活|会动)的|真(ㄖㄣ|ren)|真 ?ren|zhen人|人供|人公客服|仁工|轉仁工|rg客服|(叫|搵|让|请|喊|要)(你哋|你们|贵司|您们|恁)?(个|的|嘅)?(阿头|话事人|话得事|大佬|上头|高层|头头|区经理|主管|经理|老板|店长|上司|行长|站长|负责人|法务|领导)[^,.!?]{0,10}(覆|复|回|打|出|来|讲|听|接|叫|谈|说)|把你们[^,.!?]{0,6}叫(来|出来)|(接|转|驳)(药师|柜台|柜枱|柜檯|护士|医生|客户服务员|客服专员|值班|导诊台|总台|前台|专员)",
    "(同|跟|和|与)(你们|你哋|贵司|个)?(真人|人工|活人|职员|经理|主管|负责人|专人)(讲|说|倾|聊|谈|沟通|对话|通话)",
    "(人工|真人|活人)(客服|服务)?(!|,|\\.|\\?|呀|啊|唔该|谢谢|please|pls|快|马上|立刻|急|在线|$)|^[\\s\"'!,.?]*(人工|真人|人工客服|真人客服|客服|活人|专人|人工服务|找人|搵人|找客服|接客服|叫人|要人)[\\s\"'!,.?]*$|搵人搵人|要人[!.]|叫人来|接人工|转人工|轉人工|转专人|转真人|转客服|驳真人|转接客服|接客服|联系人工|找真人|要真人|搵真人|真人出来|rengong|ren gong|zhuan ren ?gong|zhenren|zhen ren kefu|ren gong ke fu|人工台|召唤人工|召唤真人",
];

/// What makes a match no request of now.
const UNLESS: &[&str] = &[
    "(your|the|an?|one|another|that|his|last|previous) (\\w+ )?(agent|rep|representative|operator|person|manager|colleague|advisor|adviser|guy|lady|supervisor|assistant|human) (\\w+ )?(told|said|says|promised|was|helped|i (spoke|talked|chatted)|who (helped|told|said|sold|served|answered)|called me|from (yesterday|last)|assured|confirmed|mentioned|wrote|replied|gave|took|refused|hung up|shouted|ignored|did|made|came|knocked|on the phone said|insisted)",
    "(spoke|talked|chatted|spoken|talking|was on) (\\w+ )?(to|with) (\\w+ ){0,3}(yesterday|already|before|last|this morning|earlier|on \\w+day|twice|who|and (he|she|they))|(already|just|yesterday|earlier) (spoke|talked|spoken|chatted)|thanks? (to )?(for )?(\\w+ )?(your|the) (agent|rep)|(agent|rep|person|human|someone|somebody) (was|were|has been) (\\w+ )?(great|rude|helpful|kind|lovely|nice|amazing|useless|brilliant|friendly)",
    "(speak|talk|talked|chat) (to|with) (my|him|her|them|his|their) (?:\\w+)|let me talk about|talk to (you|u)( later| soon)?|will call|call me (a|crazy|old|names|mr|mrs|when (it|the|my|you \\w+ the))|(driver|courier|delivery|rider) (\\w+ ){0,4}(call|ring|phone)|(call|ring|phone) me (when|before|on arrival|if)|feel like a person|real people|are you (ai|a bot)",
    "human (hair|resources?|error|rights|sized?|anatomy|grade|skeleton|friendly|body|readable|race|history|centric)|(real|estate|letting|travel|cleaning|insurance|booking|user|free|forwarding|shipping|customs|secret|chemical) (estate )?agents?|agent (fees?|commission|portal|id|orange|47)|person(al)? (data|per|trampoline|tent|table|ticket|room|pays|to pay)|(one|two|2|3|4|5|6|three|four|five|six|per|each|single|first|second|extra|another|per) (person|people|adults?)|(task|password|file|package|window|property|store|device|account|project|download|time|event) managers?|(machine|tower|crane|telephone|tour|bus|network|forklift|sewing) operators?|operator (manual|licen[cs]e|seat|error)|person (who|that|which)|in person|personali[sz]",
    "(how (do|can|would) (i|we|one)|what happens if|is it possible|when|if|whether|what time|hours|can i pay) (\\w+ ){0,6}(become|apply|hire|upgrade|train|work as|delegate|sign up)",
    "(不许|不准|唔准|不得|禁止|不要|别|勿)(转|通知|找|转给|转接|转寄给)?(客服|人工)|通话(录音|记录|纪录|详单|费|时长)|人工(复核|审核|復核|核实)|上门|来(看|修|收|取|检|搬|送|拿|量|装)|(公司|贵司|业务)[^,.!?]{0,8}(合作|报价|供货|批发|代理)|派人来",
    "人工(费|草坪|草皮|智能|智慧|智障|呼吸|湖|授粉|泪液|关节|关節|成本|钻石|水晶|降雨|养殖|合成|皮革|林|流产|受孕|雪|培育|色素|香精|香料|甜味|费用|安装费|翻译|种植|审核(要|多|几|需|吗|时间|中)|几(多)?钱|多少钱|耳|晶|牙|增雨|皮|制品|打磨|手工|岛|蜂巢|奶|虎骨)|真人(版|秀|实拍|CS|发|头发|图|照|快打|娃娃|比例|大小|穿|上身|兼容)|(上次|之前|昨天|刚才|刚刚|早上|寻日|上周)…(客服|人工|真人|经理|专员|职员|同事|主管|业务)(跟我|说|讲|答应|告诉|同我讲|话)|(你们|你哋|贵司)(的|嘅|个)?(人工|客服|专员|职员|经理|业务|主管|小姐|同事)(客服)?(说|讲|告诉|答应|话|态度|骂|之前|上次|刚|跟我说|同我讲)",
    "(不用|不要|不需要|无需|唔使|唔需要|唔要|别|毋须|不必|无须|不想|先不|唔想)(再)?(帮我|给我|麻烦|劳烦)?(转|找|接|叫|用|联系|打电话|致电|回电|打来|来电|搵|驳)?(到)?(人工|真人|专人|客服|人|电话|给我|职员|经理)",
    "(怎么|如何|想|应征|招|诚聘|招聘|应聘)(当|做|成为|申请)(你们的?)?(客服|专员|主管|经理|业务|师傅)|工资|人工(到帐|入账|出粮|仲未出|未到)|(出|发|收|攞|拖欠|欠)(咗)?人工",
];

struct Patterns {
    wanted: Alternatives,
    unless: Alternatives,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let english: Vec<String> = ENGLISH
        .iter()
        .map(|pattern| pattern.replace("<who>", WHO).replace("<somebody>", SOMEBODY).replace("<noun>", NOUN))
        .collect();
    let all: Vec<&str> = english.iter().map(String::as_str).chain(CHINESE.iter().copied()).collect();
    Some(Patterns { wanted: alternatives(&all)?, unless: alternatives(UNLESS)? })
});

/// Whether a person is asked for.
pub(super) struct Person {
    /// Where the customer asks for one: a span of the reading.
    pub(super) asked: Option<Range<usize>>,
    /// Whether the text says that none is wanted, or only talks about one, and nothing else asks.
    pub(super) is_declined: bool,
}

/// Reads whether a person is asked for or declined.
pub(super) fn read(reading: &Reading) -> Person {
    let declined = declined::find(reading);
    let asked = find(reading, &declined);
    let is_declined = asked.is_none() && !declined.is_empty() && !declined::still_asks(reading, &declined);
    Person { asked, is_declined }
}

/// Where the customer asks for a person, apart from where one is declined.
fn find(reading: &Reading, declined: &[Range<usize>]) -> Option<Range<usize>> {
    let patterns = PATTERNS.as_ref()?;
    let stands = patterns.wanted.find_iter(&reading.text).find(|span| {
        let sentence = &reading.text[reading.sentence(span)];
        !declined::overlaps(span, declined) && !patterns.unless.is_match(sentence)
    });
    stands.or_else(|| bare(reading))
}

/// The whole of a short message that is a word for a person, misspelt or with its letters apart.
fn bare(reading: &Reading) -> Option<Range<usize>> {
    let letters =
        reading.text.chars().filter(|letter| letter.is_alphanumeric()).take(MAX_BARE_LETTERS * 3 + 1);
    let is_latin = letters.clone().all(|letter| letter.is_ascii_alphabetic());
    if !is_latin || !(4..=MAX_BARE_LETTERS * 3).contains(&letters.count()) {
        return None;
    }
    let mut is_asked = false;
    for part in reading.text.split(['.', '!', '?', ',', ';', '\n']) {
        let words =
            || part.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        let rest: Vec<&str> = words().filter(|word| !FILLERS.contains(word)).collect();
        let all_persons = rest.len() <= 3 && rest.iter().all(|word| is_person(word));
        let joined: String = words().collect();
        let is_spelt_out = words().all(|word| word.len() <= 3) || part.contains('-');
        let is_joined = words().count() > 2 && is_spelt_out && is_person(&joined);
        match (rest.is_empty(), all_persons || is_joined) {
            (true, _) if !is_joined => {}
            (_, true) => is_asked = true,
            _ => return None,
        }
    }
    let whole = reading.text.trim_matches(|letter: char| !letter.is_ascii_alphabetic());
    let start = reading.text.find(whole)?;
    is_asked.then_some(start..start + whole.len())
}

/// Whether a word is one for a person, letting pass a slip of the keys in words of five letters and more.
fn is_person(word: &str) -> bool {
    BARE.iter().any(|bare| {
        *bare != "somebody" && (word == *bare || word.strip_suffix('s') == Some(bare) || is_like(word, bare))
    })
}

/// Whether two words differ by one slip: a letter more, less, other, two swapped, or letters drawn out.
fn is_like(word: &str, bare: &str) -> bool {
    const NOT_SLIPS: [&str; 8] =
        ["persona", "parson", "prison", "regent", "manages", "humane", "humid", "aget"];
    let mut drawn: Vec<char> = word.chars().collect();
    drawn.dedup();
    let drawn: String = drawn.into_iter().collect();
    let near = |one: &str| {
        one.len() >= 5
            && one.len() + 1 >= bare.len()
            && one.len() <= bare.len() + 1
            && one.as_bytes().first() == bare.as_bytes().first()
            && strsim::osa_distance(one, bare) <= 1
    };
    !NOT_SLIPS.contains(&word) && (near(word) || drawn == bare || near(&drawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in ENGLISH.iter().chain(CHINESE).chain(UNLESS) {
            let spelled =
                pattern.replace("<who>", WHO).replace("<somebody>", SOMEBODY).replace("<noun>", NOUN);
            assert!(alternatives(&[&spelled]).is_some(), "{pattern}");
        }
        assert!(PATTERNS.is_some());
    }

    fn asks(text: &str) -> bool {
        read(&Reading::of(text, std::slice::from_ref(&(0..text.len())))).asked.is_some()
    }

    #[test]
    fn a_person_is_asked_for_in_any_spelling() {
        for text in [
            "agent",
            "AGENT!!!",
            "human pls",
            "real person",
            "representative!!!",
            "can i speak to someone",
            "operator",
            "h u m a n",
            "hmuan",
            "humann",
            "reprsentative",
            "manager please",
            "can i speek to a real purson plz not the bot",
            "gimme a hooman",
            "REPRESENTATIVE. re-pre-sen-ta-tive. R E P R E S E N T A T I V E!!!!",
            "please have somebody call me back",
            "let me talk to a supervisor",
            "转人工",
            "轉人工",
            "人工客服",
            "真人",
            "找專人",
            "rengong",
            "有活人吗",
            "我要搵真人",
            "駁去職員",
            "叫你们经理来",
            "可唔可以畀個真人我呀",
            "我想同真人講",
            "人工!!!",
        ] {
            assert!(asks(text), "{text}");
        }
    }

    #[test]
    fn persons_who_are_only_mentioned_are_not_asked_for() {
        for text in [
            "your agent told me to write here",
            "Is this wig human hair?",
            "I'm a real estate agent and need an invoice",
            "安装的人工费怎么算",
            "人工草坪能退吗",
            "你们的人工智能音箱多少钱",
            "I don't want to speak to a person, just tell me the price",
            "不用转人工，告诉我运费就行",
            "The lady in your Rotterdam shop told me I should ask online",
            "上次客服说三天到账",
            "where is my parcel",
            "not good enough. still waiting for someone to tell me why the fee was taken",
            "table for two people please",
            "我的包裹呢",
            "公司仲未出人工",
        ] {
            assert!(!asks(text), "{text}");
        }
    }
}
