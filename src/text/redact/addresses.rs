//! Streets with a house number: what of a match is the address.

use std::ops::Range;

use super::context::{before, slice, when};

/// Words after which a street begins, the longer ones first where one ends as another.
const LEADS: [&str; 40] = [
    "寄到", "寄去", "寄往", "寄至", "送到", "送去", "送往", "送至", "发到", "發到", "改到", "换到", "換到",
    "搬到", "改成", "改为", "改為", "换成", "換成", "住在", "位于", "位於", "地址", "公司", "是", "在", "到",
    "去", "往", "给", "給", "了", "我", "的", "址", "住", "係", "喺", "从", "從",
];
/// The last characters of districts, which are no part of a street.
const DIVISIONS: &str = "省市区區县縣镇鎮乡鄉盟旗";
/// The first characters of words for roads.
const ROADS: &str = "路街道巷胡里村段";

/// Leaves out the words of the sentence and the districts before a street.
pub(super) fn chinese_street(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let rest = slice(text, range.end..text.len());
    let found = slice(text, range.clone());
    // "2號出口", "2号线" are of the underground.
    let is_bare = found.ends_with(['号', '號']);
    if is_bare
        && ["出口", "线", "線", "店", "桌", "柜", "櫃", "门", "門"].iter().any(|next| rest.starts_with(next))
    {
        return None;
    }
    let number = found.find(is_counting).filter(|&at| at > 0).unwrap_or(found.len());
    let start = name_start(slice(found, 0..number));
    let name = slice(found, start..number);
    let is_named = name.chars().count() >= 2 && !["马路", "馬路", "一路", "路", "道"].contains(&name);
    when(is_named, range.start + start..range.end)
}

/// An estate with a building and a flat.
pub(super) fn chinese_estate(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let found = slice(text, range.clone());
    let number = found.find(|character: char| character.is_ascii_digit()).unwrap_or(found.len());
    let start = name_start(slice(found, 0..number));
    when(slice(found, start..number).chars().count() >= 2, range.start + start..range.end)
}

fn is_counting(character: char) -> bool {
    character.is_ascii_digit()
}

/// Where the name of a street or estate begins in what stands before its number.
fn name_start(before_number: &str) -> usize {
    /// The longest name in characters.
    const MAX_NAME: usize = 8;
    // The name of the road itself is never cut: only what stands before its last two characters.
    let road = before_number.char_indices().rev().find(|(_, character)| ROADS.contains(*character));
    let limit = road.map_or(before_number.len(), |(at, _)| at);
    let head: Vec<(usize, char)> = slice(before_number, 0..limit).char_indices().collect();
    // One character before the road's own word has to stay.
    let cut = head.len().saturating_sub(1);
    let end_of = |index: usize| head.get(index).map_or(limit, |&(at, _)| at);
    let leads = LEADS.iter().filter_map(|lead| {
        let at = slice(before_number, 0..end_of(cut)).rfind(lead)?;
        Some(at + lead.len())
    });
    let division_limit = end_of(head.len().saturating_sub(2));
    // In 板橋區縣民大道 and 台北市市民大道 the second one is of the street.
    let ends_division = |at: usize| {
        slice(before_number, 0..at).chars().next_back().is_some_and(|last| DIVISIONS.contains(last))
    };
    let division = slice(before_number, 0..division_limit)
        .char_indices()
        .rev()
        .find(|&(at, character)| DIVISIONS.contains(character) && !ends_division(at));
    let start = leads.chain(division.map(|(at, character)| at + character.len_utf8())).max().unwrap_or(0);
    let name: Vec<(usize, char)> = slice(before_number, start..limit).char_indices().collect();
    match name.len().checked_sub(MAX_NAME) {
        Some(over) if over > 0 => start + name.get(over).map_or(0, |&(at, _)| at),
        _ => start,
    }
}

/// A street by its last word; a weak one ("way", "court") only with capital letters or where an address is
/// announced.
pub(super) fn english_street(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const STRONG: &[&str] = &[
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "boulevard",
        "blvd",
        "lane",
        "terrace",
        "crescent",
        "close",
        "parkway",
        "gardens",
        "drive",
        "mews",
        "highway",
        "queensway",
    ];
    const ANNOUNCED: &[&str] = &[
        "address",
        "live at",
        "living at",
        "i live",
        "ship",
        "deliver",
        "send",
        "moved",
        "house",
        "i'm at",
        "flat is",
        "home",
        "office",
        "located",
        "from",
        "use",
        "to",
        "at",
    ];
    // "2 working days way", "5 stars st": words that no street is called.
    const COUNTED: &[&str] = &[
        "day", "days", "hour", "hours", "working", "items", "item", "of", "the", "minutes", "weeks", "times",
        "in", "to", "months", "star", "stars", "miles", "km", "people", "boxes", "left", "right", "year",
        "years", "years'", "and", "on", "for", "your", "my", "our", "a", "is",
    ];
    let found = slice(text, range.clone());
    let words: Vec<&str> = found.split([' ', ',', '\n']).filter(|word| !word.is_empty()).collect();
    let plain = |word: &str| word.to_lowercase().trim_end_matches('.').to_owned();
    let is_strong = words.iter().any(|word| STRONG.contains(&plain(word).as_str()));
    let context = before(text, range.start);
    let context = context.trim_end();
    let is_announced = ANNOUNCED
        .iter()
        .any(|word| if word.len() <= 4 { context.ends_with(word) } else { context.contains(word) });
    let is_named = |word: &&str| !word.starts_with(|first: char| first.is_lowercase());
    let is_capitalised = words.iter().skip(1).take(2).all(is_named);
    let is_counted =
        words.iter().skip(1).any(|word| *word != "The" && COUNTED.contains(&plain(word).as_str()));
    let is_priced = slice(text, 0..range.start).ends_with(['$', '€', '£', '.', ',', '#', '-']);
    let is_address =
        is_capitalised || (is_strong && is_announced) || (is_announced && context.contains("address"));
    // After the name of a house, the town is not of the address.
    let town = found.rfind(", ").filter(|&at| {
        let is_town = |part: &str| {
            !part.is_empty() && part.chars().all(|character| character.is_alphabetic() || character == ' ')
        };
        found.starts_with(|first: char| first.is_alphabetic())
            && slice(found, 0..at).bytes().any(|byte| byte.is_ascii_digit())
            && is_town(slice(found, at + 2..found.len()))
    });
    let range = range.start..range.start + town.unwrap_or(found.len());
    when(!is_counted && !is_priced && is_address, range)
}
