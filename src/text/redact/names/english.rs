//! Names in Latin letters: capital letters, lists, and what stands around.

use std::{collections::HashSet, ops::Range};

use super::{
    latin_reader::Reader,
    latin_words::{BRANDS_AFTER_TITLE, LINKS, OFTEN, ROLES, SYLLABLES},
};

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "mx",
    "sir",
    "madam",
    "mister",
    "mrs.",
    "herr",
    "frau",
    "madame",
    "monsieur",
    "mme",
    "mlle",
    "mademoiselle",
    "señor",
    "señora",
    "señorita",
    "senor",
    "senora",
    "don",
    "doña",
    "signor",
    "signora",
    "signorina",
    "rev",
    "reverend",
    "mevrouw",
    "meneer",
    "officer",
    "inspector",
    "sgt",
];
const GREETINGS: &[&str] = &["dear", "hi", "hello", "hey", "hiya", "morning", "afternoon", "evening"];

/// The names in a text, rising and apart.
pub(in super::super) fn names(text: &str) -> Vec<Range<usize>> {
    let reader = Reader::new(text);
    let mut found = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    let mut at = 0;
    while at < reader.words.len() {
        match reader
            .name_at(at)
            .or_else(|| reader.again(at, &known))
            .or_else(|| reader.enumerated(at, &found))
        {
            Some(end) if end > at => {
                found.push(reader.words[at].range.start..reader.name_end(end - 1));
                known.insert(reader.lower(at));
                at = end;
                // "Mei-Ling and Tao": what is joined to a name is one.
                let is_joined = matches!(reader.lower(end), "and" | "or")
                    && reader.gap(end) == " "
                    && reader.gap(end + 1) == " ";
                let next = end + 1;
                if is_joined && reader.is_candidate(next) && reader.is_known(next) && !reader.is_brand(next) {
                    let last = reader.extend(next);
                    found.push(reader.words[next].range.start..reader.name_end(last - 1));
                    at = last;
                }
            }
            _ => at += 1,
        }
    }
    found
}

impl Reader<'_> {
    /// Where the name that begins at a word ends; `None` for none.
    fn name_at(&self, at: usize) -> Option<usize> {
        self.after_title(at)
            .or_else(|| self.introduced(at))
            .or_else(|| self.greeted(at))
            .or_else(|| self.signed(at))
            .or_else(|| self.after_role(at))
            .or_else(|| self.korean(at))
            .or_else(|| self.declared(at))
            .or_else(|| self.met(at))
            .or_else(|| self.chinese(at))
            .or_else(|| self.beside_han(at))
            .or_else(|| self.listed(at))
    }

    /// A name that the message gave before: "Only Pádraig's is ready".
    fn again(&self, at: usize, known: &HashSet<&str>) -> Option<usize> {
        let is_name = self.is_candidate(at)
            && self.lower(at).chars().count() >= 4
            && !self.is_stop(at)
            && !OFTEN.contains(self.lower(at))
            && known.contains(self.lower(at));
        is_name.then(|| self.extend(at))
    }

    /// "Hannah Lindqvist, Pádraig Mac Giolla and Deepika Rao": two words or more, after a name and a comma.
    fn enumerated(&self, at: usize, found: &[Range<usize>]) -> Option<usize> {
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
    fn korean(&self, at: usize) -> Option<usize> {
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
    fn declared(&self, at: usize) -> Option<usize> {
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
    fn met(&self, at: usize) -> Option<usize> {
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

    /// Mr Smith, Mrs. van Dijk, Dr Alan Whitcombe.
    fn after_title(&self, at: usize) -> Option<usize> {
        const BETWEEN: &[&str] = &[" ", ". ", ".", "  "];
        if !self.follows(at, TITLES, BETWEEN) {
            return None;
        }
        let title = &self.words[at - 1];
        let is_brand = BRANDS_AFTER_TITLE.contains(&self.lower(at));
        if self.is_capital(at)
            && title.is_capital
            && !is_brand
            && (!self.is_stop(at) || self.is_surname(at))
            && self.lower(at) != "or"
        {
            return Some(self.extend(at));
        }
        let is_small =
            self.is_surname(at) && !self.is_stop(at) && title.lower != "miss" && title.lower != "sir";
        (is_small && !is_brand).then_some(at + 1)
    }

    /// Dear Sandeep, / Hi Emily!
    fn greeted(&self, at: usize) -> Option<usize> {
        if !self.follows(at, GREETINGS, &[" ", ", "]) || !self.is_candidate(at) {
            return None;
        }
        let end = self.extend(at);
        let gap = self.gap(end);
        let is_closed = gap.starts_with([',', '!', ':', '\n', '，', '.', ';'])
            || gap.trim().is_empty() && end >= self.words.len()
            || gap.starts_with(" -");
        let is_known = self.is_given(at) && !OFTEN.contains(self.lower(at));
        ((is_closed || is_known) && !self.is_brand(at)).then_some(end)
    }

    /// "your agent Melissa", "my wife Sofia Marchetti", "spoke to Rachel Kim".
    fn after_role(&self, at: usize) -> Option<usize> {
        if self.is_titled || !self.is_candidate(at) || self.words[at].is_shouted && !self.is_known(at) {
            return None;
        }
        let end = self.extend(at);
        let is_role = self.follows(at, &ROLES, &[" ", ", ", ": "]) && !self.is_brand(at);
        let is_linked = self.follows(at, &LINKS, &[" "]);
        let is_often = OFTEN.contains(self.lower(at));
        let has_surname = (at + 1..end).any(|word| self.is_surname(word));
        let is_cut = self.is_stop(end) && self.is_capital(end) && self.is_adjacent(end);
        // "my surname from Hartley to Okonkwo".
        let is_renamed = self.follows(at, &["from", "to", "as"], &[" "])
            && (at.saturating_sub(6)..at - 1)
                .any(|word| matches!(self.lower(word), "name" | "surname" | "maiden"));
        let is_said = (is_role || is_renamed && !is_often) && !is_cut
            || is_linked
                && !is_cut
                && !self.is_brand(at)
                && (has_surname && (self.is_given(at) || end - at >= 2) || self.is_given(at) && !is_often);
        is_said.then_some(end)
    }

    /// Chan Tai Man, Wei Zhang, Mei-Ling Chen: a Chinese surname beside Chinese syllables.
    fn chinese(&self, at: usize) -> Option<usize> {
        /// Syllables that are English words.
        const ENGLISH: &[&str] = &[
            "he", "to", "so", "do", "an", "a", "me", "can", "man", "you", "sun", "long", "sing", "song",
            "pan", "fan", "die", "hang", "run", "pen", "hen", "den", "ban", "bin", "go", "ma", "pa", "la",
            "she", "men", "sin", "kit", "in", "tin", "kind", "sue", "dun", "hay", "hat", "fat", "on", "sit",
            "sum", "king", "wing", "sang", "rang", "tang", "tong", "sheng", "sung", "lung", "bang", "gang",
            "gun", "gong",
        ];
        if !self.is_candidate(at) || self.is_brand(at) {
            return None;
        }
        let mut end = at + 1;
        while end < self.words.len() && end - at < 4 && self.is_adjacent(end) && self.is_candidate(end) {
            end += 1;
        }
        (at + 2..=end).rev().find(|&end| {
            let is_surname = |word: usize| self.is_surname(word) && SYLLABLES.contains(self.lower(word));
            let is_sound = |word: usize| is_of_syllables(self.lower(word)) && !self.words[word].is_shouted;
            let inner_first = is_surname(at) && (at + 1..end).all(is_sound);
            let inner_last = is_surname(end - 1) && (at..end - 1).all(is_sound);
            let num_english = (at..end).filter(|&word| ENGLISH.contains(&self.lower(word))).count();
            (inner_first || inner_last)
                && num_english * 2 < end - at
                && !self.is_brand(end - 1)
                && !(at..end).all(|word| self.is_stop(word))
        })
    }

    /// 先生Tobias Krüger, 同埋Jasmine, 客服Kevin: a name after a Chinese role or "and".
    fn beside_han(&self, at: usize) -> Option<usize> {
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

    /// A given name of the list, with or without a surname.
    fn listed(&self, at: usize) -> Option<usize> {
        if !self.is_candidate(at) || self.is_brand(at) || self.words[at].is_shouted {
            return None;
        }
        let is_initial = self.words[at].text.chars().count() == 1
            && self.gap(at + 1).starts_with('.')
            && self.is_surname(at + 1)
            && self.is_capital(at + 1);
        if !self.is_given(at) {
            return (is_initial && self.is_adjacent(at + 1)).then(|| self.extend(at));
        }
        let end = self.extend(at);
        let has_surname = end - at >= 2
            && (at + 1..end).any(|word| self.is_surname(word) || SYLLABLES.contains(self.lower(word)));
        let is_often = OFTEN.contains(self.lower(at)) || self.is_titled;
        if is_often {
            return (has_surname && !self.is_titled && self.is_capital(at + 1)).then_some(end);
        }
        // "the Emma mattress", "Grace Street", "St. James": goods and places.
        let is_article = at > 0
            && matches!(
                self.lower(at - 1),
                "the"
                    | "a"
                    | "an"
                    | "your"
                    | "our"
                    | "these"
                    | "st"
                    | "saint"
                    | "san"
                    | "santa"
                    | "lake"
                    | "port"
                    | "fort"
                    | "mount"
                    | "queen"
                    | "king"
                    | "prince"
                    | "princess"
                    | "new"
            )
            && self.gap(at).trim_matches('.') == " ";
        let is_goods =
            end < self.words.len() && self.is_adjacent(end) && self.is_capital(end) && self.is_stop(end);
        let after_capital = at > 0
            && self.is_adjacent(at)
            && self.is_capital(at - 1)
            && !self.is_stop(at - 1)
            && !TITLES.contains(&self.lower(at - 1))
            && self.gap(at) == " "
            && at > 1
            && !self.gap(at - 1).contains(['.', '!', '?', '\n']);
        // "Co. Clare" is a county.
        let is_county = at > 0 && matches!(self.lower(at - 1), "co" | "county");
        (!is_article && !is_goods && !after_capital && !is_county).then_some(end)
    }
}

/// Whether a word, lower case, is one to three Chinese syllables.
fn is_of_syllables(word: &str) -> bool {
    fn rest(word: &str, left: usize) -> bool {
        if word.is_empty() {
            return true;
        }
        left > 0
            && (1..=word.len().min(6)).any(|end| {
                word.get(..end).is_some_and(|part| SYLLABLES.contains(part)) && rest(&word[end..], left - 1)
            })
    }
    word.is_ascii() && rest(word, 3)
}
