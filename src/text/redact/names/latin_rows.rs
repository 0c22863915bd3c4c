//! Names in Latin letters by what stands around: repeated, in a row, after a verb or a Chinese role.

use std::{collections::HashSet, ops::Range};

use super::{latin_reader::Reader, latin_words::OFTEN};

impl Reader<'_> {
    /// A name that the message gave before: "Only Pádraig's is ready".
    pub(super) fn again(&self, at: usize, known: &HashSet<&str>) -> Option<usize> {
        let is_name = self.is_candidate(at)
            && self.lower(at).chars().count() >= 4
            && !self.is_stop(at)
            && !OFTEN.contains(self.lower(at))
            && known.contains(self.lower(at));
        is_name.then(|| self.extend(at))
    }

    /// "Hannah Lindqvist, Pádraig Mac Giolla and Deepika Rao": two words or more, after a name and a comma.
    pub(super) fn enumerated(&self, at: usize, found: &[Range<usize>]) -> Option<usize> {
        let word = self.words.get(at)?;
        let last = found.last()?;
        let link = self.text.get(last.end..word.range.start)?;
        let is_linked =
            matches!(link, ", " | " and " | " & " | ", and " | "; " | " / " | "、" | "和" | ") " | "\n");
        let was_full = self.text.get(last.clone()).is_some_and(|name| name.contains(' '));
        let end = self.extend(at);
        let next = self.gap(end);
        let ends = end >= self.words.len()
            || next.starts_with([',', '.', ';', '(', ')', '\n', '、'])
            || next.starts_with(" (")
            || next == " ";
        let is_name = is_linked
            && was_full
            && ends
            && (2..=4).contains(&(end - at))
            && self.is_candidate(at)
            && !self.is_titled
            && !self.words[at].is_shouted
            && !self.is_brand(at)
            && (at..end).all(|word| !self.is_stop(word))
            && (at..end).any(|word| self.is_known(word));
        is_name.then_some(end)
    }

    /// Park Seo-yeon, Seo-yeon Park: a Korean surname beside two syllables with a dash.
    pub(super) fn korean(&self, at: usize) -> Option<usize> {
        const SURNAMES: &[&str] = &[
            "kim", "lee", "park", "choi", "jung", "jeong", "kang", "cho", "yoon", "yun", "jang", "lim", "im",
            "han", "oh", "seo", "shin", "kwon", "hwang", "ahn", "an", "song", "ryu", "yoo", "hong", "bae",
            "baek", "nam", "noh", "moon", "ha", "kwak", "min",
        ];
        let is_pair = |first: usize| {
            self.is_capital(first)
                && self.gap(first + 1) == "-"
                && (2..=6).contains(&self.lower(first + 1).len())
                && (2..=6).contains(&self.lower(first).len())
                && !self.is_capital(first + 1)
        };
        let is_surname = |word: usize| self.is_capital(word) && SURNAMES.contains(&self.lower(word));
        if is_surname(at) && self.gap(at + 1) == " " && is_pair(at + 1) {
            return Some(at + 3);
        }
        (is_pair(at) && self.gap(at + 2) == " " && is_surname(at + 2)).then_some(at + 3)
    }

    /// "I, Lourdes Martínez Ibarra, authorise": a name between commas after "I".
    pub(super) fn declared(&self, at: usize) -> Option<usize> {
        let end = self.extend(at);
        let is_declared = at > 0
            && self.lower(at - 1) == "i"
            && self.gap(at) == ", "
            && self.is_candidate(at)
            && self.gap(end).starts_with([',', ' '])
            && end - at >= 2;
        is_declared.then_some(end)
    }

    /// "leave it with Skip": a verb that only goes with a person.
    pub(super) fn met(&self, at: usize) -> Option<usize> {
        const VERBS: &[&str] = &[
            "leave it with",
            "left it with",
            "leave with",
            "spoke with",
            "spoke to",
            "speak to",
            "speak with",
            "speaking with",
            "speaking to",
            "spoken to",
            "spoken with",
            "talked to",
            "talked with",
            "talking to",
            "chatted with",
            "dealt with",
            "dealing with",
            "told by",
            "promised by",
            "signed for by",
            "hand it to",
            "give it to",
            "given it to",
            "behalf of",
            "care of",
            "on behalf of",
            "helped by",
            "served by",
            "assisted by",
            "reporting to",
            "married to",
            "name to",
            "registered to",
            "belongs to",
            "addressed to",
        ];
        if self.is_titled
            || !self.is_candidate(at)
            || self.words[at].is_shouted
            || self.is_brand(at)
            || self.is_stop(at)
        {
            return None;
        }
        let end = self.extend(at);
        let is_cut = self.is_stop(end) && self.is_capital(end) && self.is_adjacent(end);
        let is_company = (at..=end)
            .any(|word| matches!(self.lower(word), "ltd" | "inc" | "llc" | "limited" | "gmbh" | "company"));
        (self.follows(at, VERBS, &[" "]) && !is_cut && !is_company).then_some(end)
    }

    /// 先生Tobias Krüger, 同埋Jasmine, 客服Kevin: a name after a Chinese role or "and".
    pub(super) fn beside_han(&self, at: usize) -> Option<usize> {
        const ROLES: &[&str] = &[
            "先生",
            "太太",
            "客服",
            "同事",
            "经理",
            "經理",
            "老师",
            "老師",
            "朋友",
            "老公",
            "老婆",
            "女儿",
            "女兒",
            "儿子",
            "兒子",
            "专员",
            "專員",
            "叫",
            "姓名",
            "室友",
            "同学",
            "同學",
            "助理",
            "司机",
            "司機",
            "老板",
            "老闆",
            "店员",
            "店員",
            "人员",
            "人員",
            "收件人",
            "联系人",
            "聯絡人",
            "名字是",
            "名字",
            "我是",
            "顾问",
            "顧問",
            "妻子",
            "丈夫",
            "教练",
            "教練",
            "导游",
            "導遊",
            "律师",
            "律師",
            "医生",
            "醫生",
            "医师",
            "醫師",
            "上司",
            "主管",
            "看护",
            "看護",
            "女士",
            "小姐",
        ];
        const LINKS: &[&str] = &[
            "跟", "和", "同", "同埋", "找", "與", "与", "由", "被", "给", "給", "问", "問", "俾", "搵", "及",
            "、",
        ];
        let start = self.words.get(at)?.range.start;
        let before = self.text.get(..start)?.trim_end_matches([' ', ':', '(']);
        if !self.is_candidate(at) || self.is_brand(at) || self.words[at].is_shouted || self.is_stop(at) {
            return None;
        }
        let end = self.extend(at);
        let has_surname = end - at >= 2 && (at + 1..end).any(|word| self.is_surname(word));
        let has_role = ROLES.iter().any(|role| before.ends_with(role));
        let is_linked = LINKS.iter().any(|link| before.ends_with(link));
        let is_known = self.is_given(at)
            && (has_surname || !OFTEN.contains(self.lower(at)) || self.lower(at).len() >= 6);
        (has_role && (end - at >= 2 || self.is_given(at)) || is_linked && is_known).then_some(end)
    }
}
