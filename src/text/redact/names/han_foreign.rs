//! Names of other languages in Chinese characters.

use std::{ops::Range, sync::LazyLock};

use super::{
    characters::Characters,
    chinese::Introduction,
    chinese_words::{FOLLOWERS, ROLES, TITLES, VERBS},
    han_reader::Reader,
};
use crate::text::is_han;

/// Characters with which names of other languages are written, Simplified.
static FOREIGN: LazyLock<Characters> = LazyLock::new(|| {
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

/// What [`FOREIGN_NAMES`] begin with.
static FIRST: LazyLock<Characters> =
    LazyLock::new(|| FOREIGN_NAMES.iter().filter_map(|name| name.chars().next()).collect());

impl Reader {
    /// 玛丽亚·科斯塔: a name of another language with a dot between its parts.
    pub(super) fn dotted(&self, at: usize) -> Option<Range<usize>> {
        /// The longest part of such a name.
        const MAX_PART: usize = 7;
        let is_sound = |at: usize| FOREIGN.contains(self.at(at));
        let begins =
            || at == 0 || !self.is_han_at(at - 1) || !is_sound(at - 1) || self.introduction(at).is_some();
        if is_sound(at) {
            let mut end = at;
            while end - at < MAX_PART && is_sound(end) {
                end += 1;
            }
            if "·・•‧".contains(self.at(end)) && self.is_han_at(end + 1) && begins() {
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
    pub(super) fn foreign(&self, at: usize) -> Option<Range<usize>> {
        let is_sound = |at: usize| FOREIGN.contains(self.at(at));
        if !FIRST.contains(self.at(at)) {
            return None;
        }
        let name = FOREIGN_NAMES.iter().filter(|name| self.has(at, name)).max_by_key(|name| name.len())?;
        let end = at + name.chars().count();
        let has_role = self.preceded(self.skip_back(at), &ROLES).is_some()
            || self.introduction(at) == Some(Introduction::Strong);
        let is_followed = self.has_any(end, &FOLLOWERS) || self.has_any(end, TITLES);
        let is_listed = at > 0 && self.at(at - 1) == '、';
        let starts = at == 0 || !self.is_han_at(at - 1) || self.preceded(at, &VERBS).is_some();
        (!is_sound(end) && (has_role || starts && is_followed || is_listed && is_followed)).then_some(at..end)
    }
}
