//! Chinese names: a surname of the list, a given name of one or two characters, and what stands around.

use std::ops::Range;

use super::{
    chinese_words::{BRANDS, FOLLOWERS, INTRODUCTIONS, LINKS, ROLE_TITLES, ROLES, SETS, TITLES, VERBS},
    han_reader::Reader,
};
use crate::text::is_han;

/// The names in a text, rising and apart.
pub(in super::super) fn names(text: &str) -> Vec<Range<usize>> {
    if !text.bytes().any(|byte| byte >= 0xe3) {
        return Vec::new();
    }
    let reader = Reader::new(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.folded.len() {
        match reader.dotted(at).or_else(|| reader.name_at(at)).or_else(|| reader.foreign(at)) {
            Some(name) => {
                found.push(reader.offsets[name.start]..reader.offsets[name.end]);
                at = name.end;
            }
            None => at += 1,
        }
    }
    found
}

impl Reader {
    /// The name that begins at a character.
    fn name_at(&self, at: usize) -> Option<Range<usize>> {
        if !is_han(self.at(at)) {
            return None;
        }
        let surname = self.surname(at);
        let nickname = || self.enumerated(at).or_else(|| self.nickname(at));
        if surname == 0 {
            return nickname();
        }
        if self.has_any(at, &BRANDS) {
            return None;
        }
        let end = at + surname;
        self.titled(at, end)
            .or_else(|| self.only_surname(at, end))
            .or_else(|| self.introduced(at, end))
            .or_else(|| self.signed(at, end))
            .or_else(|| self.related(at, end))
            .or_else(|| self.free(at, end))
            .or_else(nickname)
    }

    /// 陈女士, 王经理, 李国华先生.
    fn titled(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_titled = |end: usize| self.has_any(end, TITLES) && !self.is_goods(end);
        let has_verb = self.preceded(at, &VERBS).is_some();
        let is_in_role = |end: usize| {
            self.has_any(end, &ROLE_TITLES)
                && (self.ends_title(end)
                    || (has_verb
                        && "生太".contains(self.at(end))
                        && !self.is_word(end - 1..end + 2)
                        && !self.is_word(end..end + 2)))
        };
        let starts = at == 0 || !self.is_han_at(at - 1) || has_verb;
        for given in [2, 1] {
            let name_end = end + given;
            let is_name =
                is_titled(name_end) || (is_in_role(name_end) && self.frequent(end..name_end) == given);
            let crosses = self.is_word(at..end + 1) && given == 1 && self.frequent(end..name_end) == 0;
            let inner_title = self.surname(name_end - 1) > 0 && given == 1 && self.is_joining(at);
            if is_name
                && self.can_be_given(end..name_end)
                && (self.is_free_of_words(at, end, name_end)
                    || (starts && given == 2 && self.frequent(end..name_end) == 2))
                && !crosses
                && !inner_title
            {
                return Some(at..name_end);
            }
        }
        let apart = self.begins(at);
        let is_alone = is_titled(end) && apart && !self.is_word(at..end + 1) && !self.has(end, "小姐姐");
        let is_alone_in_role = is_in_role(end)
            && !("向于和".contains(self.at(at)) || self.has(end, "客服"))
            && apart
            && !self.is_word(at..end + 1)
            && !self.is_word(at..end + 2);
        (is_alone || is_alone_in_role).then_some(at..end)
    }

    /// Prepositions that are surnames too.
    fn is_joining(&self, at: usize) -> bool {
        "于和向对从时有何任".contains(self.at(at))
    }

    /// Whether a role of one character ("总", "生") is a title here and not the beginning of a word.
    fn ends_title(&self, at: usize) -> bool {
        let two = ROLE_TITLES.iter().any(|title| title.chars().count() > 1 && self.has(at, title));
        let one = !self.is_word(at..at + 2) && !self.is_word(at - 1..at + 1) && !self.has(at, "小姐姐");
        two || (one && (!self.is_han_at(at + 1) || SETS.after.contains(self.at(at + 1))))
    }

    /// 我姓林, 免贵姓秦.
    fn only_surname(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_said = at.checked_sub(1).is_some_and(|before| self.at(before) == '姓')
            && (self
                .preceded(
                    at,
                    &[
                        "我姓",
                        "人姓",
                        "贵姓",
                        "免贵姓",
                        "敝姓",
                        "个姓",
                        "位姓",
                        "是姓",
                        "客服姓",
                        "他姓",
                        "她姓",
                    ],
                )
                .is_some());
        // 管理员姓巫, any surname before a mark.
        let is_marked = at > 0
            && self.at(at - 1) == '姓'
            && !self.is_han_at(end)
            && self.preceded(at, &["百姓", "同姓", "异姓"]).is_none();
        ((is_said || is_marked) && !self.has(at, "名")).then_some(at..end)
    }

    /// Where a name after an introduction ends.
    fn introduced(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_introduced = self.introduction(at)?;
        if is_introduced == Introduction::Strong && self.has_any(end, TITLES) {
            return Some(at..end);
        }
        // "姓名：彭于庭，": all that stands there is the name, whatever its characters.
        let alone = [2, 1]
            .map(|given| end + given)
            .into_iter()
            .find(|&name_end| (end..name_end).all(|at| self.is_han_at(at)) && !self.is_han_at(name_end));
        if is_introduced == Introduction::Strong
            && let Some(name_end) = alone
            && !self.is_word(at..name_end)
            && !self.has_any(end, TITLES)
        {
            return Some(at..name_end);
        }
        let name_end = self.given_end(at, end)?;
        // 我是, 本人 and the like introduce anything.
        let is_weak = is_introduced == Introduction::Weak;
        let is_double = name_end - end == 2 && self.at(end) == self.at(end + 1);
        let is_likely = self.frequent(end..name_end) > 0
            && !self.is_word(at..name_end)
            && (is_double || !self.is_word(at..end + 1));
        let is_free = !SETS.words.contains(self.at(at)) || self.frequent(end..name_end) == name_end - end;
        (!is_weak || (is_likely && is_free)).then_some(at..name_end)
    }

    /// What introduces the name at a character: skips blanks, colons, quotes and "is".
    pub(super) fn introduction(&self, at: usize) -> Option<Introduction> {
        let mut end = self.skip_back(at);
        for _ in 0..3 {
            let introduced = self.preceded(end, &INTRODUCTIONS);
            if let Some(start) = introduced {
                let is_weak =
                    ["我是", "我系", "本人", "这里是"].iter().any(|weak| self.has(start, weak)) && end == at;
                return Some(if is_weak { Introduction::Weak } else { Introduction::Strong });
            }
            let Some(linked) = self.preceded(end, &LINKS) else { break };
            end = self.skip_back(linked);
        }
        None
    }

    /// Where a name with this surname ends: after one or two characters of a given name.
    fn given_end(&self, at: usize, end: usize) -> Option<usize> {
        if !self.can_be_given(end..end + 1) {
            return None;
        }
        let one = end + 1;
        let two = end + 2;
        if !self.can_be_given(end..two) {
            return Some(one);
        }
        // 王芳|订单: the second character begins a word of its own.
        let next_is_word = self.is_word(one..one + 2) && !self.is_word(end..two);
        let is_rare = self.frequent(one..two) == 0;
        let one_is_name = self.frequent(end..one) == 1;
        if next_is_word
            && (is_rare || one_is_name)
            && self.is_han_at(two)
            && !SETS.after.contains(self.at(two))
            && !self.has_any(two, TITLES)
        {
            return Some(one);
        }
        let _ = at;
        Some(two)
    }

    /// A line of its own, or before 敬上: a signature.
    fn signed(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let is_line_start = at > 0 && {
            let mut before = at;
            while before > 0 && " \t-—–".contains(self.at(before - 1)) {
                before -= 1;
            }
            before > 0 && self.at(before - 1) == '\n'
        };
        if (!is_line_start && at > 0) || "祝安顺此敬".contains(self.at(at)) {
            return None;
        }
        [2, 1]
            .into_iter()
            .map(|given| end + given)
            .find(|&name_end| self.ends_signature(end, name_end, is_line_start))
            .filter(|&name_end| self.can_be_given(end..name_end) && !self.is_word(at..name_end))
            .filter(|&name_end| {
                self.frequent(end..name_end) == name_end - end || self.is_free_of_words(at, end, name_end)
            })
            .map(|name_end| at..name_end)
    }

    /// Whether a signature ends after a name: the line does, or 敬上 stands there.
    fn ends_signature(&self, end: usize, name_end: usize, is_line: bool) -> bool {
        if !(end..name_end).all(|at| self.is_han_at(at)) {
            return false;
        }
        let rest: String = self.folded.iter().skip(name_end).take(4).collect();
        let rest = rest.trim_start_matches([' ', '\t', '。']);
        let ends_line = rest.is_empty() || rest.starts_with('\n');
        (is_line && ends_line)
            || ["敬上", "谨上", "拜上", "敬启", "谨启", "手书", "上\n"]
                .iter()
                .any(|word| rest.starts_with(word))
            || (is_line && rest == "上")
    }

    /// After a role, a relation or a verb, or before what a person does.
    fn related(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let from = self.skip_back(at);
        let has_role = self.preceded(from, &ROLES).is_some();
        let has_verb = from == at && self.preceded(at, &VERBS).is_some();
        let starts = at == 0 || !self.is_han_at(at - 1) || has_verb || has_role;
        let common = !SETS.words.contains(self.at(at));
        // 尉迟刚的: after a double surname one frequent character is enough.
        if has_role
            && end - at == 2
            && self.frequent(end..end + 1) == 1
            && (!self.is_han_at(end + 1) || self.at(end + 1) == '的')
        {
            return Some(at..end + 1);
        }
        for given in [2, 1] {
            let name_end = end + given;
            let is_sure =
                has_role && given == 2 && self.frequent(end..name_end) == 2 && !self.is_word(at..name_end);
            if !self.can_be_given(end..name_end) || !(is_sure || self.is_free_of_words(at, end, name_end)) {
                continue;
            }
            let frequent = self.frequent(end..name_end);
            let is_followed = self.has_any(name_end, &FOLLOWERS) || (!self.is_han_at(name_end) && has_role);
            let ends = !self.is_han_at(name_end) || SETS.after.contains(self.at(name_end));
            let is_name = (has_role && ends && (frequent == given || (common && frequent > 0)))
                || (starts && is_followed && frequent == given)
                || (has_verb
                    && ends
                    && given == 2
                    && (frequent == given || (common && frequent > 0 && !self.is_han_at(name_end))))
                || (has_role && common && given == 2 && frequent == 2)
                || (has_verb
                    && ends
                    && given == 1
                    && frequent == 1
                    && common
                    && (self.is_name_word(at..name_end) || !self.is_han_at(name_end)))
                || (self.is_apart(at, name_end)
                    && self.at(at) != '祝'
                    && frequent == given
                    && (common || given == 2));
            if is_name {
                return Some(at..name_end);
            }
        }
        None
    }

    /// Whether no word of the dictionary lies across the parts of a name or within it.
    fn is_free_of_words(&self, at: usize, end: usize, name_end: usize) -> bool {
        let is_given_word =
            name_end - end == 2 && self.is_word(end..name_end) && self.frequent(end..name_end) < 2;
        !self.is_word(at..name_end) && !self.is_word(at..end + 1) && !is_given_word
    }

    /// A frequent surname and two frequent characters, which no word crosses.
    fn free(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let name_end = end + 2;
        if SETS.words.contains(self.at(at))
            || !self.can_be_given(end..name_end)
            || self.frequent(end..name_end) < 2
        {
            return None;
        }
        let crosses_start = at > 0 && self.is_han_at(at - 1) && self.is_word(at - 1..end);
        let crosses_end = self.is_han_at(name_end)
            && (self.is_word(name_end - 1..name_end + 1) || self.is_word(name_end - 1..name_end + 2))
            && !SETS.after.contains(self.at(name_end));
        let is_name = !crosses_start
            && !crosses_end
            && self.is_free_of_words(at, end, name_end)
            && !self.is_word(end..name_end)
            && !self.is_word(end..name_end + 1);
        is_name.then_some(at..name_end)
    }
}

/// How much an introduction says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Introduction {
    /// Anything after it is believed.
    Strong,
    /// It also introduces what is no name ("我是老客户").
    Weak,
}
