//! Chinese names: a surname of the list, a given name of one or two characters, and what stands around.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use super::{
    chinese_words::{BRANDS, FOLLOWERS, INTRODUCTIONS, LINKS, ROLE_TITLES, ROLES, SETS, TITLES, VERBS},
    han_reader::Reader,
};
use crate::text::is_han;

/// Characters with which names of other languages are written, Simplified.
static FOREIGN: LazyLock<HashSet<char>> = LazyLock::new(|| {
    "阿埃艾爱安奥巴贝本比宾波伯博布查楚达大戴丹德登迪丁杜顿多恩厄尔法菲费芬夫弗福盖冈戈格葛古哈海汉赫黑亨霍基吉加贾简杰金卡凯坎康考\
    科克肯库奎拉莱兰朗劳勒雷里理利莉丽莲廉林琳刘隆卢鲁路伦罗洛吕马玛迈麦曼梅蒙米密莫默姆穆娜纳奈南内尼妮宁纽努诺欧帕派潘佩彭皮匹蒲普\
    齐奇乔切茹瑞若萨塞赛桑森沙莎山圣史斯丝思苏索塔泰汤唐特滕提汀图托陀瓦万旺威维韦魏温沃乌武西希锡夏香谢辛欣休许雅亚扬耶叶伊依因尤约泽扎詹\
    珍芝朱兹祖佐买热力江孜提别次仁央宗旦增卓措珠白玉洁小明妲娅哲翰逊瓊琼克萝菈蕾黛蒂娣蕊梵崔".chars().filter(|&character| is_han(character)).collect()
});
/// Given names of other languages in Chinese characters, and such of peoples of China, Simplified.
const FOREIGN_NAMES: &[&str] = &[
    "苏菲",
    "艾米",
    "杰克",
    "汤姆",
    "玛丽",
    "大卫",
    "约翰",
    "彼得",
    "安娜",
    "凯文",
    "迈克",
    "麦克",
    "露西",
    "艾玛",
    "索菲亚",
    "詹姆斯",
    "罗伯特",
    "威廉",
    "亨利",
    "乔治",
    "查理",
    "丹尼尔",
    "保罗",
    "史蒂夫",
    "史密斯",
    "约翰逊",
    "迈克尔",
    "托马斯",
    "丽莎",
    "珍妮",
    "凯特",
    "爱丽丝",
    "安妮",
    "海伦",
    "莎拉",
    "玛丽亚",
    "卓玛",
    "扎西",
    "次仁",
    "央金",
    "古丽",
    "阿依",
    "买买提",
    "艾力",
    "巴特尔",
    "其其格",
    "达瓦",
    "格桑",
    "旺堆",
    "洛桑",
    "丹增",
    "平措",
    "拉姆",
    "梅朵",
    "阿卜杜",
    "热娜",
    "迪丽",
    "帕提",
    "娜塔莎",
    "伊万",
    "安德烈",
    "卡洛斯",
    "何塞",
    "费尔南多",
    "穆罕默德",
    "艾哈迈德",
    "法蒂玛",
];

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

/// What joins the names of an enumeration.
const JOINTS: &str = "、和跟与及同";
/// 區 is a surname in enumerations only: elsewhere it is a district.
const ENUMERATED: char = '区';

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
        two || (one && (!self.is_han_at(at + 1) || SETS.after.contains(&self.at(at + 1))))
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
            && !self.preceded(at, &["百姓", "同姓", "异姓"]).is_some();
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
        let is_free = !SETS.words.contains(&self.at(at)) || self.frequent(end..name_end) == name_end - end;
        (!is_weak || (is_likely && is_free)).then_some(at..name_end)
    }

    /// What introduces the name at a character: skips blanks, colons, quotes and "is".
    fn introduction(&self, at: usize) -> Option<Introduction> {
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
            && !SETS.after.contains(&self.at(two))
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
        let common = !SETS.words.contains(&self.at(at));
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
            let ends = !self.is_han_at(name_end) || SETS.after.contains(&self.at(name_end));
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
        if SETS.words.contains(&self.at(at))
            || !self.can_be_given(end..name_end)
            || self.frequent(end..name_end) < 2
        {
            return None;
        }
        let crosses_start = at > 0 && self.is_han_at(at - 1) && self.is_word(at - 1..end);
        let crosses_end = self.is_han_at(name_end)
            && (self.is_word(name_end - 1..name_end + 1) || self.is_word(name_end - 1..name_end + 2))
            && !SETS.after.contains(&self.at(name_end));
        let is_name = !crosses_start
            && !crosses_end
            && self.is_free_of_words(at, end, name_end)
            && !self.is_word(end..name_end)
            && !self.is_word(end..name_end + 1);
        is_name.then_some(at..name_end)
    }

    /// 许朵、贺兰和邢瑞雪: of an enumeration, all parts of which can be names.
    fn enumerated(&self, at: usize) -> Option<Range<usize>> {
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

    /// 玛丽亚·科斯塔: a name of another language with a dot between its parts.
    fn dotted(&self, at: usize) -> Option<Range<usize>> {
        /// The longest part of such a name.
        const MAX_PART: usize = 7;
        let is_sound = |at: usize| FOREIGN.contains(&self.at(at));
        let begins =
            at == 0 || !self.is_han_at(at - 1) || !is_sound(at - 1) || self.introduction(at).is_some();
        if begins && is_sound(at) {
            let mut end = at;
            while end - at < MAX_PART && is_sound(end) {
                end += 1;
            }
            if "·・•‧".contains(self.at(end)) && self.is_han_at(end + 1) {
                let mut last = end + 1;
                while last - at < 3 * MAX_PART
                    && (is_sound(last) || "·・•‧".contains(self.at(last)) && is_sound(last + 1))
                {
                    last += 1;
                }
                return (last > end + 1).then_some(at..last);
            }
        }
        None
    }

    /// 苏菲, 卓玛: a given name of another language after a role, in a row, or before what a person does.
    fn foreign(&self, at: usize) -> Option<Range<usize>> {
        let is_sound = |at: usize| FOREIGN.contains(&self.at(at));
        let name = FOREIGN_NAMES.iter().filter(|name| self.has(at, name)).max_by_key(|name| name.len())?;
        let end = at + name.chars().count();
        let has_role = self.preceded(self.skip_back(at), &ROLES).is_some()
            || self.introduction(at) == Some(Introduction::Strong);
        let is_followed = self.has_any(end, &FOLLOWERS) || self.has_any(end, TITLES);
        let is_listed = at > 0 && self.at(at - 1) == '、';
        let starts = at == 0 || !self.is_han_at(at - 1) || self.preceded(at, &VERBS).is_some();
        (!is_sound(end) && (has_role || starts && is_followed || is_listed && is_followed)).then_some(at..end)
    }

    /// 客服小雨, 店员小陈, 门市人员阿凯: a role and a name for friends.
    fn nickname(&self, at: usize) -> Option<Range<usize>> {
        const NO_NICKNAMES: &str = "屋姐妹时区票心程件包的号型伙孩朋友学哥弟米家额费吃卖店数白二明组";
        let next = *self.folded.get(at + 1)?;
        let fits = match self.at(at) {
            '小' => is_han(next) && !NO_NICKNAMES.contains(next),
            '老' => SETS.surnames.contains(&next),
            '阿' => is_han(next) && !"姨里爸妈".contains(next),
            _ => false,
        };
        let is_role = self.preceded(at, &ROLES).is_some();
        let has_role = is_role
            || self.preceded(at, &["跟", "找", "叫", "同"]).is_some()
            || self.introduction(at) == Some(Introduction::Strong);
        let end = at + 2;
        let ends = !self.is_han_at(end) || SETS.after.contains(&self.at(end));
        let is_surname =
            SETS.surnames.contains(&next) && !self.is_word(at..end) && !self.is_word(at + 1..at + 3);
        let is_greeted =
            self.has_any(end, &["你好", "您好", "说", "话", "让", "帮我", "姐", "哥", "都话", "都说"]);
        let starts = at == 0
            || !self.is_han_at(at - 1)
            || self
                .preceded(at, &["的", "和", "与", "给", "请", "让", "被", "俾", "搵", "但", "是"])
                .is_some();
        // 思思 after a role.
        let is_doubled = is_role
            && self.at(at) == next
            && SETS.given.contains(&next)
            && !"常刚好天明白慢仅渐往每人个偏恰处时年月日星多少大小妹宝姐哥弟爸妈奶爷叔舅姑婆公娃囡仔猫狗兔"
                .contains(next);
        let is_known = match self.at(at) {
            '老' => {
                starts
                    && is_surname
                    && !"板师总公婆人家实是字外有早大多年样".contains(next)
                    && !self.is_word(at..end)
                    && (!SETS.words.contains(&next) || is_greeted || ends)
            }
            '小' => {
                starts
                    && !self.has_any(at, &["小孙女", "小孙子"])
                    && (is_surname && (!SETS.words.contains(&next) || is_greeted) && !self.is_word(at..end)
                        || is_greeted && SETS.given.contains(&next) && !self.is_word(at..end))
            }
            '阿' => {
                !self.has_any(at, &NO_NICKNAMES_OF_A)
                    && (SETS.given.contains(&next) || SETS.surnames.contains(&next))
                    && (starts || is_role)
                    && !self.is_word(at..end + 1)
                    && !self.is_word(at..end)
            }
            _ => false,
        };
        if fits && is_known || is_doubled {
            return Some(at..end);
        }
        if self.has_any(at, &["肥仔", "肥妹", "靓仔", "细佬"]) && SETS.given.contains(&self.at(end)) {
            return Some(at..end + 1);
        }
        (fits && has_role && (ends || is_surname)).then_some(at..at + 2)
    }
}

/// What begins as a nickname with 阿 and is none.
const NO_NICKNAMES_OF_A: [&str; 40] = [
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

/// How much an introduction says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Introduction {
    /// Anything after it is believed.
    Strong,
    /// It also introduces what is no name ("我是老客户").
    Weak,
}
