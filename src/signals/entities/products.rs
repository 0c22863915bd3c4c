//! The product that a message is about: the concrete thing named.
//!
//! A noun of the lists `goods_en.txt` and `goods_zh.txt` is the head; English words before it that neither
//! belong to grammar nor say what happened to it are kept, at most three ("bamboo cutting board"), in Chinese words
//! of material, make and size. Of several, the first that stands after a word of owning or buying ("my", "ordered a",
//! 买的), else the first. Chinese things on no list are known by the character that ends their name (升降椅);
//! English ones are not found.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use regex::Regex;

use crate::{
    signals::reading::Reading,
    text::{fold::fold, is_han},
};

/// Words that name goods, one a line.
static GOODS: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("goods_en.txt").lines().collect());

/// Nouns of goods that are so only as part of a phrase: "card" in "gift card", "game" in "board game".
const ONLY_IN_PHRASES: [&str; 37] = [
    "card", "cards", "game", "light", "print", "case", "cover", "stand", "frame", "screen", "drive", "stick",
    "board", "lead", "book", "books", "safe", "iron", "glass", "bottle", "watch", "tap", "sink", "oil",
    "hub", "lock", "tickets", "ticket", "table", "bench", "bin", "cart", "tracker", "plant", "vinyl", "plan",
    "shade",
];
/// English words before a head that are no part of its name.
const NO_PART: &str = " a an the my your our his her their its this that these those some any another other second third \
first new old broken faulty damaged wrong missing same whole one two three four five six seven eight nine ten eleven twelve dozen of for in on at to with from \
and or but is was are were be been am i you we they he she it not no do does did has have had can could would will want wanted \
need needed order ordered bought buy buying got get getting received return returned returning send sending cancel exchange refund \
replace deliver delivered delivery sell selling sold make made use used using via by as so if when where what which who how why \
than then there here about after before since until under over through into out off up down just only also still again already ever \
never very really too please pls thanks hi hello hey dear cracked dead lovely nice beautiful expensive cheap big small large great good \
bad best extra more most few many much all both every each either neither last next killer lost stolen leaking smoking burning single \
matching entire actual whatever like love see take took put left came come arrived went order's doesn't don't didn't won't can't isn't \
me him them us cant dont wont didnt doesnt isnt broke cost costs had gave give lamp's spare free thing things pair set pack box number no is ";

static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mut heads: Vec<&str> = include_str!("goods_zh.txt").lines().collect();
    heads.sort_by_key(|head| usize::MAX - head.len());
    let makes = concat!(
        "亚麻|羊毛|羊绒|纯棉|棉|蓝牙|无线|智能|电动|玻璃|木质|实木|木|儿童|双人|单人|陶瓷|不锈钢|折叠|迷你|竹|真丝|丝绒|天鹅绒|皮|真皮|铜|铁|",
        "黄铜|白色|黑色|灰色|蓝色|红色|绿色|米色|粉色|米白色?|双层|圆形?|方形?|北欧|户外|便携|手提|桌面|落地|充电|防水|保暖|加厚|记忆棉|乳胶|橡木|",
        "胡桃木|铸铁|珐琅|硅胶|亚克力|人造|法兰绒|灯芯绒|牛仔|运动|男士|女士|婴儿|宝宝|宠物|游戏|机械|电子|家用|商用|变频|有机|手工|刺绣|编织"
    );
    let heads: Vec<String> = heads.into_iter().map(|head| regex::escape(&fold(head))).collect();
    Regex::new(&format!("(?:(?:{})(?:的)?){{0,3}}(?:{})", fold(makes), heads.join("|"))).ok()
});

/// One-character heads that stand only after a word of counting or owning: 灯 in 那个灯, not in 灯光.
const SHORT_HEADS: &str = "灯床锅刀鞋书药碗";

/// Characters that end the name of a thing, and those that cannot be within one.
const SUFFIXES: &str = "椅灯锅壶炉罐垫柜机券卡床枕毯帘刀笔镜鞋裤裙桩";
const NOT_WITHIN: &str = "的了我你他她它们个把在是张条台件部间买订要想有没和跟用被从到给这那因为所以问就都也还改换退修架只家款请能可可以会不冇唔嘅咗啲支辆双对套去来用收发开关说讲让叫等再又很太刚已昨今明天月日号年上下前后里外本次第一二三四五六七八九十几两多少啊呀吗呢吧或与及但而于以按插刷丢办挂停充绑";
const NO_THINGS: [&str; 44] = [
    "司机",
    "飞机",
    "时机",
    "关机",
    "开机",
    "死机",
    "当机",
    "宕机",
    "待机",
    "登机",
    "主机",
    "手机",
    "座机",
    "危机",
    "动机",
    "转机",
    "接机",
    "候机",
    "有机",
    "随机",
    "信用卡",
    "银行卡",
    "金融卡",
    "提款卡",
    "储蓄卡",
    "签帐卡",
    "刷卡",
    "打卡",
    "销卡",
    "黑卡",
    "副卡",
    "眼镜",
    "起床",
    "临床",
    "网银机",
    "机械机",
    "打笔",
    "排灯",
    "红灯",
    "绿灯",
    "电信机",
    "单机",
    "乘机",
    "值机",
];

/// Names by the character that ends them, for things on no list (升降椅): between a word of grammar and it.
fn by_suffix(text: &str) -> Vec<(Range<usize>, bool)> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    for (index, &(offset, character)) in characters.iter().enumerate() {
        if !SUFFIXES.contains(character) {
            continue;
        }
        let next = characters.get(index + 1).map(|&(_, next)| next);
        let goes_on = next.is_some_and(|next| {
            is_han(next)
                && ("票场器会房位主号码里上壳子头油费片友霜".contains(next) || SUFFIXES.contains(next))
        });
        let is_within = |&&(_, letter): &&(usize, char)| is_han(letter) && !NOT_WITHIN.contains(letter);
        let count = characters[..index].iter().rev().take(4).take_while(is_within).count();
        let first = characters[index - count].0;
        let name = &text[first..offset + character.len_utf8()];
        let ends_there = characters[..index - count]
            .last()
            .is_none_or(|&(_, before)| !is_han(before) || NOT_WITHIN.contains(before));
        if count > 1
            && count < 4
            && ends_there
            && !goes_on
            && !NO_THINGS.iter().any(|other| name.ends_with(other))
        {
            found.push((first..offset + character.len_utf8(), false));
        }
    }
    found
}

/// Finds the product of a message.
pub(super) fn find(reading: &Reading) -> Option<Range<usize>> {
    let mut named = chinese(&reading.text);
    named.extend(english(&reading.text));
    named.sort_by_key(|(span, _)| span.start);
    best(named).or_else(|| best(by_suffix(&reading.text)))
}

/// The first candidate that is owned or bought, else the first.
fn best(mut candidates: Vec<(Range<usize>, bool)>) -> Option<Range<usize>> {
    let at = candidates.iter().position(|(_, is_owned)| *is_owned).unwrap_or(0);
    (at < candidates.len()).then(|| candidates.swap_remove(at).0)
}

/// The words of a text with their places: runs of letters, figures, hyphens and apostrophes.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '\'');
    let mut words = Vec::new();
    let mut start = None;
    for (offset, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_part(letter), start) {
            (true, None) => start = Some(offset),
            (false, Some(from)) => {
                words.push((from, &text[from..offset]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn english(text: &str) -> Vec<(Range<usize>, bool)> {
    const OWNED: [&str; 24] = [
        "my",
        "our",
        "this",
        "the",
        "that",
        "these",
        "ordered",
        "bought",
        "purchased",
        "received",
        "a",
        "an",
        "return",
        "returned",
        "replace",
        "exchange",
        "two",
        "three",
        "second",
        "new",
        "broken",
        "of",
        "cancel",
        "faulty",
    ];
    let words = words(text);
    let mut found = Vec::new();
    for (index, &(start, word)) in words.iter().enumerate() {
        let end = start + word.len();
        let next = words.get(index + 1).filter(|(next, _)| text[end..*next] == *" ");
        // "lamp shade": the head is the last noun of goods in a row.
        let goes_on = next.is_some_and(|(_, next)| GOODS.contains(next));
        let is_tier = ["plus", "premium", "prime"].contains(&word)
            && index > 0
            && next.is_none_or(|(_, next)| *next != "of");
        if !(GOODS.contains(word) || is_tier) || goes_on {
            continue;
        }
        let mut first = index;
        while first > 0 && index - first < 3 {
            let (before, candidate) = words[first - 1];
            let is_next = text[before + candidate.len()..words[first].0] == *" ";
            let is_part = is_next
                && !is_grammar(candidate)
                && !candidate.starts_with(|letter: char| letter.is_ascii_digit());
            if !is_part {
                break;
            }
            first -= 1;
        }
        let is_phrase = first < index;
        if !is_phrase && (is_tier || ONLY_IN_PHRASES.contains(&word)) {
            continue;
        }
        let before = first.checked_sub(1).map_or("", |before| words[before].1);
        found.push((words[first].0..end, OWNED.contains(&before)));
    }
    found
}

fn is_grammar(word: &str) -> bool {
    static NO_PARTS: LazyLock<HashSet<&str>> = LazyLock::new(|| NO_PART.split_whitespace().collect());
    NO_PARTS.contains(word)
        || word.ends_with("ed") && word.len() > 5
        || word.ends_with("'s")
        || word.ends_with("ly")
}

fn chinese(text: &str) -> Vec<(Range<usize>, bool)> {
    let Some(pattern) = CHINESE.as_ref() else { return Vec::new() };
    pattern
        .find_iter(text)
        .filter_map(|place| {
            let before = &text[..place.start()];
            let is_owned = before.ends_with(|last: char| {
                "个台件双张把盏条瓶套款部架只块本箱包盒对副幅买订换退修这那嘅支".contains(last)
            });
            let after = text[place.end()..].chars().next();
            let is_short = place.as_str().chars().count() == 1;
            let is_word = !is_short
                || is_owned
                    && SHORT_HEADS.contains(place.as_str())
                    && after.is_none_or(|next| !"光具位店号架垫底盖店包名单费柜架物面".contains(next));
            // 手机号, 冰箱贴: part of another word.
            let is_other = after.is_some_and(|next| "号店费厅费城".contains(next));
            (is_word && !is_other).then(|| (place.range(), is_owned))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(text: &str) -> Option<String> {
        let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
        find(&reading).map(|span| text[reading.source(&span)].to_owned())
    }

    #[test]
    fn the_thing_named_is_found_with_its_make() {
        for (text, expected) in [
            ("if i just change my mind about a lamp", "lamp"),
            ("My sister fell in love with the linen throw at my place.", "linen throw"),
            ("Does the bamboo cutting board contain glue?", "bamboo cutting board"),
            ("pls cancel the second blender, clicked twice", "blender"),
            ("My desk fan (bought in spring) only spins", "desk fan"),
            ("Of the eight wine glasses three came in pieces", "wine glasses"),
            ("someone just bought 3 gift cards on my account", "gift cards"),
            ("我买的蓝牙耳机左边没声音", "蓝牙耳机"),
            ("訂的羊毛地毯還沒到", "羊毛地毯"),
            ("這台氣炸鍋可以退嗎", "氣炸鍋"),
            ("那个灯一直闪", "灯"),
            ("部洗衣機壞咗", "洗衣機"),
        ] {
            assert_eq!(product(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn where_nothing_is_named_nothing_is_found() {
        for text in [
            "where is my order",
            "cancel it",
            "手机号改一下",
            "我要退款",
            "how do I pay by card",
            "灯光秀几点",
        ] {
            assert_eq!(product(text), None, "{text}");
        }
    }
}
