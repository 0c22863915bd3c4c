//! Chinese names in a row, and names for friends.

use std::ops::Range;

use super::{
    chinese::Introduction,
    chinese_words::{BRANDS, ROLES, SETS},
    han_reader::Reader,
};
use crate::text::is_han;

/// What joins the names of an enumeration.
const JOINTS: &str = "、和跟与及同";
/// 區 is a surname in enumerations only: elsewhere it is a district.
const ENUMERATED: char = '区';

/// What begins as a nickname with 阿 and is none.
const NO_NICKNAMES_OF_A: [&str; 42] = [
    "阿女",
    "阿仔",
    "阿姨",
    "阿拉",
    "阿里",
    "阿富",
    "阿根",
    "阿胶",
    "阿迪",
    "阿尔",
    "阿斯",
    "阿莫",
    "阿司",
    "阿玛",
    "阿联",
    "阿婆",
    "阿公",
    "阿伯",
    "阿妈",
    "阿爸",
    "阿哥",
    "阿姐",
    "阿妹",
    "阿弟",
    "阿嬷",
    "阿爷",
    "阿叔",
    "阿嫂",
    "阿华田",
    "阿萨姆",
    "阿甘",
    "阿凡",
    "阿瓦",
    "阿克",
    "阿勒",
    "阿坝",
    "阿飘",
    "阿法",
    "阿卡",
    "阿童",
    "阿波",
    "阿呆",
];

impl Reader {
    /// 许朵、贺兰和邢瑞雪: of an enumeration, all parts of which can be names.
    pub(super) fn enumerated(&self, at: usize) -> Option<Range<usize>> {
        let end = self.item(at)?;
        let is_start = |at: usize| {
            at == 0
                || !self.is_han_at(at - 1)
                || JOINTS.contains(self.at(at - 1))
                || self.at(at - 1) == '埋'
                || self.at(at - 1) == ':'
        };
        if !is_start(at) {
            return None;
        }
        // Its neighbours: an item after a mark, or one that ends at the mark before.
        let is_mark = |at: usize| "、()/,".contains(self.at(at));
        let next = |end: usize| {
            let rest = end..(end + 16).min(self.folded.len());
            rest.into_iter()
                .take_while(|&at| !"。!?\n".contains(self.at(at)))
                .find(|&at| JOINTS.contains(self.at(at)))
        };
        let is_joined = JOINTS.contains(self.at(end))
            || is_mark(end)
            || self.has(end, "四个")
            || self.has(end, "三个")
            || self.has(end, "同埋")
            || self.has(end, "一行")
            || self.has(end, "两");
        let has_next = JOINTS.contains(self.at(end)) && self.item(end + 1).is_some()
            || self.at(end) == '(' && next(end).is_some_and(|joint| self.item(joint + 1).is_some());
        let has_previous = at > 2 && (JOINTS.contains(self.at(at - 1))) && {
            (2..=4).any(|length| {
                (at - 1).checked_sub(length).is_some_and(|start| self.item(start) == Some(at - 1))
                    || self.at(at - 2) == ')'
            })
        };
        let starts_row = at > 0 && self.at(at - 1) == '和' && has_next;
        (is_joined && (has_next || has_previous) || starts_row).then_some(at..end)
    }

    /// Where an item of an enumeration ends that can be a name of two or three characters.
    fn item(&self, at: usize) -> Option<usize> {
        let surname = match self.surname(at) {
            0 if self.at(at) == ENUMERATED => 1,
            surname => surname,
        };
        if surname == 0 || self.has_any(at, &BRANDS) {
            return None;
        }
        let is_end = |end: usize| {
            !self.is_han_at(end)
                || JOINTS.contains(self.at(end))
                || self.has_any(end, &["四个", "三个", "两个", "同埋", "一行", "都", "的", "等", "各"])
        };
        [2, 1].into_iter().map(|given| at + surname + given).find(|&end| {
            let given = at + surname..end;
            let num_given = given.len();
            is_end(end)
                && self.can_be_given(given.clone())
                && !self.is_word(at..end)
                && (num_given == 2 && self.frequent(given.clone()) > 0 && !self.is_word(given.clone())
                    || num_given == 2 && self.frequent(given.clone()) == 2
                    || num_given == 1 && self.frequent(given) == 1)
        })
    }

    /// 客服小雨, 店员小陈, 门市人员阿凯: a role and a name for friends.
    pub(super) fn nickname(&self, at: usize) -> Option<Range<usize>> {
        const NO_NICKNAMES: &str = "屋姐妹时区票心程件包的号型伙孩朋友学哥弟米家额费吃卖店数白二明组";
        let next = *self.folded.get(at + 1)?;
        let fits = match self.at(at) {
            '小' => is_han(next) && !NO_NICKNAMES.contains(next),
            '老' => SETS.surnames.contains(next),
            '阿' => is_han(next) && !"姨里爸妈".contains(next),
            _ => false,
        };
        let is_doubled = self.at(at) == next && SETS.given.contains(next);
        if !fits && !is_doubled && !"肥靓细".contains(self.at(at)) {
            return None;
        }
        let is_role = self.preceded(at, &ROLES).is_some();
        let has_role = || {
            is_role
                || self.preceded(at, &["跟", "找", "叫", "同"]).is_some()
                || self.introduction(at) == Some(Introduction::Strong)
        };
        let end = at + 2;
        let ends = !self.is_han_at(end) || SETS.after.contains(self.at(end));
        let is_surname =
            SETS.surnames.contains(next) && !self.is_word(at..end) && !self.is_word(at + 1..at + 3);
        let is_greeted =
            self.has_any(end, &["你好", "您好", "说", "话", "让", "帮我", "姐", "哥", "都话", "都说"]);
        let starts = at == 0
            || !self.is_han_at(at - 1)
            || self
                .preceded(at, &["的", "和", "与", "给", "请", "让", "被", "俾", "搵", "但", "是"])
                .is_some();
        // 思思 after a role.
        let is_doubled = is_role
            && is_doubled
            && !"常刚好天明白慢仅渐往每人个偏恰处时年月日星多少大小妹宝姐哥弟爸妈奶爷叔舅姑婆公娃囡仔猫狗兔"
                .contains(next);
        let is_known = match self.at(at) {
            '老' => {
                starts
                    && is_surname
                    && !"板师总公婆人家实是字外有早大多年样".contains(next)
                    && !self.is_word(at..end)
                    && (!SETS.words.contains(next) || is_greeted || ends)
            }
            '小' => {
                starts
                    && !self.has_any(at, &["小孙女", "小孙子"])
                    && (is_surname && (!SETS.words.contains(next) || is_greeted) && !self.is_word(at..end)
                        || is_greeted && SETS.given.contains(next) && !self.is_word(at..end))
            }
            '阿' => {
                !self.has_any(at, &NO_NICKNAMES_OF_A)
                    && (SETS.given.contains(next) || SETS.surnames.contains(next))
                    && (starts || is_role)
                    && !self.is_word(at..end + 1)
                    && !self.is_word(at..end)
            }
            _ => false,
        };
        if fits && is_known || is_doubled {
            return Some(at..end);
        }
        if self.has_any(at, &["肥仔", "肥妹", "靓仔", "细佬"]) && SETS.given.contains(self.at(end)) {
            return Some(at..end + 1);
        }
        (fits && (ends || is_surname) && has_role()).then_some(at..at + 2)
    }
}
