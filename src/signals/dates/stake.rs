//! Whether the words around a date make it a limit or an event at stake.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use jiff::civil::{Date, Time};

use super::{Reading, Today, When};
use crate::{signals::catalogue::alternatives, text::patterns::Alternatives};

/// Bytes before and after a date in which a limit is named.
const NEAR_BYTES: usize = 36;

/// Directly before a date: by then it must be done.
static LIMIT_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:\b(?:by|before|until|till|no later than|not later than|latest|deadline(?: is| was|:)?|due(?: on| by| at)?|expires?(?: on| at| in)?|ends?(?: on| at| in)?|closes?(?: on| at| in)?|runs out(?: on| in)?|within|at the latest|prior to|ahead of|in time for|time for)",
        r"(?: the| this| next| coming| end of| end of the| close of| close| my| our|:)*|最迟|最晚|截止(?:时间|日期|到|于|是|为)?|赶在|限(?:贵司|你们|你|于|期|在)?|务必(?:在|于)?|必须(?:在|于)?|期限(?:是|为|到)?|只到|只剩|到期日?(?:是)?|不晚于|不迟于|至迟|最多等到|要在|得在|deadline(?:是|:)?)[ \n:,]*$"
    ))
    .ok()
});

/// Directly after a date: by then it must be done.
static LIMIT_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^[ \n,]*(?:at the latest|latest|deadline|is the (?:deadline|last day|cut-?off)|or (?:else|i|we)\b|otherwise|",
        r"(?:的)?(?:\d{1,2}[:点]?)?(?:之前|以前|前|之内|以内|内|为止|截止|截标|到期|过期|就要|要用|急用|就得|必须|得|要到|前要|要交|要出|要赶|就开|就截|就到|就没|截|还(?:没|不|未|退|收|唔)|再(?:不|没|唔)|都(?:未|没)|结单|清空|清零|要送|要寄|就要用|一定要|要搬|要去|要走|要开|要用到|前唔|之前唔|需要|要上|要飞|就飞|飞|就走|走|出发|到|就结束|结束|就过|等着用|要参加))"
    ))
    .ok()
});

/// Events and needs that a date in the same breath is the time of.
static EVENT: LazyLock<Option<Alternatives>> = LazyLock::new(|| {
    alternatives(&[
        "(flights?|fly|flying|plane|train|ferry|cruise|board(ing)?|depart(s|ing|ure)?|take ?off|check-?in|wedding|married|funeral|memorial|burial|cremation|birthday|party|anniversary|christening|baby shower|graduation|exams?|test|interview|presentation|pitch|audit|inspection|hearing|court|launch|go(es|ing)? live|opening|event|conference|exhibition|fair|concert|show|match|race|marathon|game|tournament|ceremony|prom|gala|surgery|operation|appointment|scan|chemo|treatment|infusion|procedure|guests|in-?laws|dinner|christmas|holiday starts|semester|term starts|school starts|starts? (at|on|school|work|my)|begins?|shift|payroll|payday|pay day|rent (is|due)|closing|completion|moving|move in|move out|moving day|leave for|leav(e|ing)|travel(s|l?ing)?|trip|drive to|going away|expires?|due|deadline|submission|submit|filing|tax return|renewal|visa|board meeting|meeting|demo|delivery slot|handover|last day|runs out|run out|dose|trial (ends|runs)|(ends|ending|expire|expires|closes|renews|bills me|charges me)|need(s|ed)? (it|them|this|that|the|to|my|one|a)|needed|have to have|must (be|have|arrive|get)|has to (be|go|arrive)|have to (be|go|leave|send|submit|pay)|want(s)? (it|paying|paid)|we (leave|fly|open|move|travel|play)|i (leave|fly|move|travel|start)|(it'?s|is) for (a|my|our|the)|gift for|present for)",
        "(飞机|航班|机票|班机|登机|起飞|飞去|飞往|飞返|出发|启程|离境|出境|出国|回国|返乡|高铁|火车|动车|船票|开船|婚礼|婚宴|结婚|订婚|迎亲|喜宴|摆酒|葬礼|告别式|出殡|追思|家祭|公祭|头七|丧礼|生日|寿宴|满月|周岁|纪念日|周年庆|派对|聚会|聚餐|宴|考试|中考|高考|会考|期末|期中|mock|dse|面试|答辩|复试|报到|开学|毕业|演出|表演|演唱会|开场|开演|比赛|赛事|决赛|展览|参展|展会|发布会|记者会|开幕|开业|开张|开店|剪彩|会议|开会|股东会|董事会|汇报|简报|提案|验收|验机|审计|稽核|检查|投标|截标|开标|竞标|开庭|出庭|听证|报税|申报|缴费截止|交稿|截稿|交货|交房|交屋|交接|搬家|搬屋|入伙|入住|退房|退租|装修|手术|开刀|住院|出院|化疗|洗肾|透析|看诊|复诊|体检|打针|停药|断药|用药|吃完|用完|断货|出差|旅行|旅游|露营|度假|蜜月|出粮|发薪|发工资|拜拜|祭祖|开工|上班|值班|到期|过期|失效|作废|截止|期限|死线|deadline|要用|急用|急着用|等着用|赶|来不及|之前收到|要到货|要收到|登出|停机|断网前|扣款日|自动扣|自动续|续费|开播|直播|上线|首映|上映|送人|送给|生效|关闭|封账|结账日|年会|尾牙|春酒|婚|拍婚纱|返工|上工|公会战|团战|结单|截单|约的|陪产|去医院|就剩|只剩|剩一|最后一颗|最后一粒|清空|产检|孕检|接机|转机|船|校庆|运动会|家长会|毕业典礼)",
    ])
});

/// General questions and arrangements: their dates are no limits.
static NO_STAKE: LazyLock<Option<Alternatives>> = LazyLock::new(|| {
    alternatives(&[
        "(are|is|will) (you|your \\w+|the \\w+|it) (\\w+ )?(open|closed|available|busy)|opening (hours|times)|what time (do|does|is)|open (on|until|till)|how long (is|does|do|will)|can i (return|exchange|send back) (\\w+ ){0,4}within|do you (offer|deliver|ship|have|open|run|accept)|last day of (this|the) (\\w+ )*(deal|sale|promo\\w*|offer)|(book|reserve|table|appointment|slot|reschedule|move) (\\w+ ){0,6}(from|to|for) (\\w+ )?(mon|tues|wednes|thurs|fri|satur|sun)day|(promised|said|told) (\\w+ ){0,4}(by|within|on|in)|was (supposed|meant|due) to|should have (been|arrived|come)|were supposed",
        "(营业|开门|开店|营业时间|几点(开|关)|开到几点|上班时间|放假吗|有开吗|有没有开|开不开|可以退吗|能退吗|无理由|说好|承诺|答应|说是|本来|原本|原定|应该.{0,4}到)",
    ])
});

/// Names of the halves of the day, and figures of the clock that need none.
static HALF: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"am(?-u:\b)|pm|a\.m|p\.m|morning|noon|night|even|[0-9]:[0-9]|[早上午下凌晨晚夜昼朝中]").ok()
});

/// Before a length: it is given to us.
static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(?:give|giving)[ \n]+(?:you|u|them)(?:[ \n]+(?:only|just|another|exactly|until))*[ \n]*$",
    )
    .ok()
});

/// Before a length: somebody has it left.
static HELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?-u:\b)(?:have|has|got)|'ve)(?:[ \n]+(?:only|just|about|got|less than|another))*[ \n]*$")
        .ok()
});

/// The words around a date.
pub(super) struct Words<'a> {
    before: &'a str,
    after: &'a str,
    sentence: &'a str,
    own: &'a str,
}

impl<'a> Words<'a> {
    /// The words around a span of the reading.
    pub(super) fn around(reading: &'a Reading, span: &Range<usize>) -> Self {
        Self {
            before: reading.before(span, NEAR_BYTES),
            after: reading.after(span, NEAR_BYTES),
            sentence: &reading.text[reading.sentence(span)],
            own: &reading.text[span.clone()],
        }
    }

    /// Whether "before" stands before the date, which excludes it.
    pub(super) fn is_before_in_english(&self) -> bool {
        self.own.starts_with("before ")
            || self.before.trim_end().ends_with("before")
            || self.before.trim_end().ends_with("before the")
    }

    /// Whether 前 stands directly after the date.
    pub(super) fn is_before_in_chinese(&self) -> bool {
        ["前", "之前", "以前"].iter().any(|word| self.after.starts_with(word))
    }

    /// A limit's hour that is past today in the other half of the day, when the words name none and that is
    /// still to come: 今天5点前, said at eight, is five in the afternoon.
    pub(super) fn in_likely_half(&self, day: Date, time: Time, today: &Today) -> Time {
        let is_past = day == today.date && time < today.now.time();
        let later = Time::new(time.hour() + 12 * i8::from(time.hour() < 12), time.minute(), 0, 0);
        match later {
            Ok(later)
                if is_past
                    && (1..12).contains(&time.hour())
                    && later > today.now.time()
                    && self.is_limit()
                    && !HALF.as_ref().is_some_and(|half| half.is_match(self.own)) =>
            {
                later
            }
            _ => time,
        }
    }

    /// Whether the words look ahead: a limit, or something still to come.
    pub(super) fn look_ahead(&self) -> bool {
        self.is_limit()
            || [" will", "'ll", " need", " going to", "要", "将", "会"]
                .iter()
                .any(|word| self.sentence.contains(word))
    }

    /// Whether the date is named as a limit.
    fn is_limit(&self) -> bool {
        let matches = |pattern: &LazyLock<Option<Regex>>, text: &str| {
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
        };
        ["by ", "before ", "until ", "till ", "within ", "end of", "eod", "cob"]
            .iter()
            .any(|limit| self.own.starts_with(limit))
            || ["内", "前", "截止"].iter().any(|limit| self.own.ends_with(limit))
            || matches(&LIMIT_BEFORE, self.before)
            || matches(&LIMIT_AFTER, self.after)
            || self.is_time_left()
    }

    /// Whether it is the time that somebody has to do something ("I have 24 hours to", "I give you 2 days").
    fn is_time_left(&self) -> bool {
        let matches = |pattern: &LazyLock<Option<Regex>>, text: &str| {
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
        };
        matches(&GIVEN, self.before)
            || matches(&HELD, self.before) && self.after.trim_start().starts_with("to ")
    }

    /// Whether a date still ahead is a deadline.
    pub(super) fn make_a_deadline(&self, when: &When) -> bool {
        let matches = |pattern: &LazyLock<Option<Alternatives>>| {
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(self.sentence))
        };
        let is_since = ["从", "自", "由", "since", "since the", "from"]
            .iter()
            .any(|since| self.before.trim_end().ends_with(since));
        let is_since = is_since || self.after.starts_with('起');
        if is_since || matches(&NO_STAKE) {
            return false;
        }
        self.is_limit() || !matches!(when, When::Month(_)) && matches(&EVENT)
    }
}
