//! Phone numbers: groups of digits, told by their number of digits, their first ones and their grouping.

use std::ops::Range;

use super::{
    checks::is_day,
    context::{after, around, before, is_of_a_thing, is_of_anything, slice, stands_alone},
};

/// How sure a shape makes of a phone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// Nothing else is written so.
    Sure,
    /// A phone where words near it speak of one.
    Likely,
    /// A phone where such a word stands directly before it.
    Possible,
}

/// A run of digits without anything between them.
struct Group {
    range: Range<usize>,
    /// What stands between the group before and this one.
    gap: Range<usize>,
}

/// The most groups of a number; numbers of single digits are read as one.
const MAX_GROUPS: usize = 7;

/// The phones in a run of digits, blanks, brackets and dashes.
pub(super) fn phones(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let groups = groups(text, &run);
    let is_spelled = groups.len() >= 8 && groups.iter().all(|group| group.range.len() == 1);
    if is_spelled {
        let whole = groups[0].range.start..run.end;
        return phone(text, &groups, 0..groups.len()).into_iter().filter(|_| whole.len() < 40).collect();
    }
    let mut found = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        let longest = (first + MAX_GROUPS).min(groups.len());
        let taken =
            (first + 1..=longest).rev().find_map(|end| Some((phone(text, &groups, first..end)?, end)));
        match taken {
            Some((place, end)) => {
                found.push(place);
                first = end;
            }
            None => first += 1,
        }
    }
    found
}

fn groups(text: &str, run: &Range<usize>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (offset, byte) in slice(text, run.clone()).bytes().enumerate() {
        let at = run.start + offset;
        if !byte.is_ascii_digit() {
            continue;
        }
        match groups.last_mut() {
            Some(last) if last.range.end == at => last.range.end = at + 1,
            last => {
                let gap = last.map_or(run.start, |last| last.range.end)..at;
                groups.push(Group { range: at..at + 1, gap });
            }
        }
    }
    groups
}

/// The place of some groups, where they are a phone.
fn phone(text: &str, groups: &[Group], window: Range<usize>) -> Option<Range<usize>> {
    let (first, last) = (groups.get(window.start)?, groups.get(window.end.checked_sub(1)?)?);
    let inner = groups.get(window.start + 1..window.end)?;
    let is_apart = |group: &Group| {
        let gap = slice(text, group.gap.clone());
        !gap.contains('+') && !matches!(gap, "--" | "..")
    };
    if !inner.iter().all(is_apart) || !is_cut_well(text, groups, &window) {
        return None;
    }
    let parts = &groups[window.clone()];
    let digits: Vec<u8> = parts
        .iter()
        .flat_map(|group| slice(text, group.range.clone()).bytes().map(|byte| byte - b'0'))
        .collect();
    let lengths: Vec<usize> = parts.iter().map(|group| group.range.len()).collect();
    let start = start(text, first, last.range.end);
    let has_plus = slice(text, start..first.range.start).contains('+');
    let range = start..last.range.end;
    // "192.168.10.254": an address of a computer, or a version.
    let is_dotted = inner.iter().all(|group| slice(text, group.gap.clone()) == ".") && lengths.len() >= 3;
    if is_dotted && lengths.iter().all(|&length| length <= 3) && lengths[0] != 2 {
        return None;
    }
    let certainty = shape(&digits, &lengths, has_plus)?;
    (stands_alone(text, &range) && is_phone_here(text, &range, certainty)).then_some(range)
}

/// Whether what stands beside some groups in their run is not of the same number.
fn is_cut_well(text: &str, groups: &[Group], window: &Range<usize>) -> bool {
    let is_border = |group: Option<&Group>| {
        group.is_none_or(|group| {
            slice(text, group.gap.clone()).contains([' ', '+'])
                && !slice(text, group.gap.clone()).contains(['-', '.'])
        })
    };
    let before = if window.start == 0 { None } else { groups.get(window.start) };
    is_border(before) && is_border(groups.get(window.end))
}

/// With the sign and the bracket before the first digit.
fn start(text: &str, first: &Group, end: usize) -> usize {
    let gap = slice(text, first.gap.clone());
    let is_closed = slice(text, first.range.start..end).contains(')');
    let start = match gap {
        _ if gap.ends_with("(+") && is_closed => 2,
        _ if gap.ends_with("+(") && is_closed => 2,
        _ if gap.ends_with('+') => 1,
        _ if gap.ends_with('(') && is_closed => 1,
        _ => 0,
    };
    first.range.start - start
}

/// Whether the words around a number let it be a phone.
fn is_phone_here(text: &str, range: &Range<usize>, certainty: Certainty) -> bool {
    const NEAR: &[&str] = &[
        "phone",
        "mobile",
        "cell",
        "tel",
        "call",
        "text",
        "sms",
        "whatsapp",
        "contact",
        "reach me",
        "ring me",
        "ring back",
        "dial",
        "my number",
        "number is",
        "number:",
        "fax",
        "signal",
        "line me",
        "telegram",
        "viber",
        "landline",
        "手机",
        "电话",
        "联系",
        "联络",
        "致电",
        "号码",
        "门号",
        "打给",
        "打去",
        "打来",
        "搵",
        "回电",
        "来电",
        "拨",
        "座机",
        "市话",
        "传真",
        "短信",
        "简讯",
        "短讯",
        "微信",
        "先生",
        "小姐",
        "女士",
        "太太",
        "打",
        "分机",
        "whats app",
        "wtsapp",
    ];
    const DIRECT: &[&str] = &[
        "phone",
        "mobile",
        "cell",
        "tel",
        "call",
        "text me",
        "whatsapp",
        "contact",
        "reach me",
        "手机",
        "电话",
        "联系",
        "联络",
        "致电",
        "号码是",
        "门号",
        "打给",
        "回电",
        "拨",
        "座机",
        "市话",
        "搵",
        "fax",
        "传真",
    ];
    match certainty {
        Certainty::Sure => !is_of_a_thing(text, range.start),
        Certainty::Likely => {
            let (back, ahead) = around(text, range, 30);
            !is_of_anything(text, range.start)
                && NEAR.iter().any(|word| back.contains(word) || ahead.contains(word))
        }
        Certainty::Possible => {
            let context = before(text, range.start);
            let is_direct = DIRECT.iter().any(|word| {
                let rest = context.rfind(word).map(|at| &context[at + word.len()..]);
                rest.is_some_and(|rest| {
                    rest.chars().count() <= 16
                        && !rest.contains(|next: char| next.is_ascii_digit() || next == '.')
                })
            });
            is_direct && !is_of_anything(text, range.start) && !is_counted(text, range.end)
        }
    }
}

/// Whether a number counts something ("called 1000000 times").
fn is_counted(text: &str, end: usize) -> bool {
    let rest = after(text, end);
    ["次", "分", "times", "元", "points"].iter().any(|unit| rest.trim_start().starts_with(unit))
}

/// How sure digits and their grouping make of a phone; `None` for none.
fn shape(digits: &[u8], lengths: &[usize], has_plus: bool) -> Option<Certainty> {
    use Certainty::{Likely, Possible, Sure};
    let wide: Vec<u32> = digits.iter().map(|&digit| u32::from(digit)).collect();
    if !(7..=17).contains(&digits.len()) || is_toll_free(digits, has_plus) || is_day(&wide) {
        return None;
    }
    if has_plus {
        return is_international(digits).then_some(Sure);
    }
    let is_grouped = lengths.len() > 1 && lengths.len() < digits.len();
    let if_grouped = if is_grouped { Sure } else { Likely };
    match *digits {
        [0, 0, 1..=9, ..] if is_international(&digits[2..]) => Some(Sure),
        [8, 6, 1, 3..=9, ..] if digits.len() == 13 => Some(Sure),
        [8, 8, 6, 9, ..] if digits.len() == 12 => Some(if_grouped),
        [8, 5, 2 | 3, 2..=9, ..] if digits.len() == 11 && lengths[0] == 3 => Some(Sure),
        [4, 4, 7, ..] if digits.len() == 12 => Some(if_grouped),
        [1, 3..=9, ..] if digits.len() == 11 => Some(Sure),
        [1, 2..=9, ..] if lengths == [1, 3, 3, 4] => Some(Sure),
        [0, 0, ..] => None,
        [0, ..] => domestic(digits, lengths),
        [2..=9, _, _, 2..=9, ..] if digits.len() == 10 => {
            Some(if lengths == [3, 3, 4] { Sure } else { Likely })
        }
        [2 | 3 | 5..=9, ..] if digits.len() == 8 => {
            let is_years = lengths == [4, 4] && digits.starts_with(&[2, 0]);
            (!is_years && matches!(lengths, [8] | [4, 4] | [3, 5] | [2, 2, 2, 2])).then_some(Likely)
        }
        _ => (digits.len() <= 15).then_some(Possible),
    }
}

/// Numbers with a trunk zero: Taiwan, the mainland's landlines, the UK, Japan, Korea, France, Germany.
fn domestic(digits: &[u8], lengths: &[usize]) -> Option<Certainty> {
    use Certainty::{Likely, Possible, Sure};
    let is_grouped = lengths.len() > 1 && lengths.len() < digits.len();
    let first = lengths[0];
    // An extension of a landline is a last short group of its own.
    let extension = lengths.len() > 2 && (1..=4).contains(lengths.last()?);
    match (digits.len(), digits[1]) {
        (10, 9) => Some(Sure),
        (11, 7) => Some(Sure),
        (10, _) if lengths == [2, 2, 2, 2, 2] => Some(Sure),
        (9 | 10, 2..=8) if is_grouped && matches!(first, 2 | 3) && lengths.len() <= 3 => Some(Sure),
        (10, 4) if is_grouped => Some(Sure),
        (10 | 11, 1) if is_grouped && first >= 3 => Some(Sure),
        (11 | 12, 1..=9) if is_grouped && matches!(first, 3 | 4) => Some(Sure),
        (13..=15, 1..=9) if extension && matches!(first, 3 | 4) => Some(Sure),
        (11, 7..=9) if digits[2] == 0 => Some(if is_grouped { Sure } else { Likely }),
        (9..=12, _) => Some(Likely),
        _ => Some(Possible),
    }
}

/// As many digits as numbers of the country have after its code.
fn is_international(digits: &[u8]) -> bool {
    let length = digits.len();
    match *digits {
        [1, ..] => length == 11,
        [8, 6, ..] => (11..=13).contains(&length),
        [8, 5, 2 | 3, ..] => length == 11,
        [8, 8, 6, ..] => (11..=13).contains(&length),
        [6, 5, ..] => length == 10,
        [4, 4, ..] => (11..=13).contains(&length),
        [3, 3, ..] => (11..=12).contains(&length),
        [1..=9, ..] => (8..=15).contains(&length),
        _ => false,
    }
}

/// Numbers of companies: the caller pays nothing, or the same from everywhere.
fn is_toll_free(digits: &[u8], has_plus: bool) -> bool {
    let is_free = |digits: &[u8]| {
        matches!(
            *digits,
            [8, 0, 0, ..]
                | [8, 3, 3, ..]
                | [8, 4, 4, ..]
                | [8, 5, 5, ..]
                | [8, 6, 6, ..]
                | [8, 7, 7, ..]
                | [8, 8, 8, ..]
        ) && digits.len() == 10
    };
    match *digits {
        [4 | 8, 0, 0, ..] if digits.len() == 10 && !has_plus => true,
        [0, 8, 0, ..] | [0, 3, 0 | 3 | 4 | 7, 0 | 3 | 5, ..] if !has_plus && digits.len() <= 11 => true,
        [0, 8, 4 | 7, 1..=5, ..] if digits.len() == 11 => true,
        [1, 8, 0, 0, ..] if digits.len() <= 10 => true,
        [1, ref rest @ ..] => {
            is_free(rest)
                && (has_plus || rest.starts_with(&[8]))
                && digits.len() == 11
                && !is_mobile_block(digits)
        }
        [8, 0, 0, ..] => true,
        _ => is_free(digits) && !has_plus,
    }
}

/// Mainland mobiles of 1 80, 1 83, 1 84, 1 85, 1 86, 1 87, 1 88 begin as North America's free numbers do;
/// only those of 1 800, 1 833, 1 844, 1 855, 1 866, 1 877 and 1 888 are taken for free, and only in groups.
fn is_mobile_block(digits: &[u8]) -> bool {
    !digits.starts_with(&[1, 8])
}
