//! Ways to write the same message that must not change what it is taken for.

/// A way to disguise a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disguise {
    /// One slip of a finger: two neighbouring letters or characters of a word swapped.
    Typo,
    /// U+200B between every third pair of characters.
    ZeroWidth,
    /// Every ASCII letter, digit and mark in its full-width form.
    FullWidth,
    /// Capitals only.
    Capitals,
}

/// A word has this many letters, or a run this many Chinese characters, before a slip happens in it.
const SHORTEST_WORD: usize = 4;

impl Disguise {
    /// Every disguise, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Typo, Self::ZeroWidth, Self::FullWidth, Self::Capitals];

    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Typo => "one typo",
            Self::ZeroWidth => "zero-width characters",
            Self::FullWidth => "full-width letters",
            Self::Capitals => "capitals",
        }
    }

    /// The disguised text; `None` where the text leaves no room for it. The same text always gives the
    /// same disguise.
    pub fn applied(self, text: &str) -> Option<String> {
        match self {
            Self::Typo => typo(text),
            Self::ZeroWidth => Some(zero_width(text)),
            Self::FullWidth => Some(text.chars().map(full_width).collect()),
            Self::Capitals => Some(text.to_uppercase()),
        }
    }
}

/// Swaps two letters inside the longest word (the first of several).
fn typo(text: &str) -> Option<String> {
    let mut characters: Vec<char> = text.chars().collect();
    let mut longest = 0..0;
    let mut start = 0;
    for end in 0..=characters.len() {
        if characters.get(end).is_some_and(|c| c.is_alphabetic()) {
            continue;
        }
        if end - start > longest.len() {
            longest = start..end;
        }
        start = end + 1;
    }
    if longest.len() < SHORTEST_WORD {
        return None;
    }
    let middle = longest.start + longest.len() / 2;
    // Two equal neighbours would swap to the same word.
    let place = (middle..longest.end - 1)
        .chain(longest.start + 1..middle)
        .find(|&place| characters[place] != characters[place + 1])?;
    characters.swap(place, place + 1);
    Some(characters.into_iter().collect())
}

fn zero_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (place, character) in text.chars().enumerate() {
        if place % 3 == 2 {
            out.push('\u{200b}');
        }
        out.push(character);
    }
    out
}

fn full_width(character: char) -> char {
    match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xfee0).unwrap_or(character),
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_disguise_changes_the_text_in_its_way() {
        let applied = |disguise: Disguise| disguise.applied("My order 12 is late").unwrap();
        assert_eq!(applied(Disguise::Typo), "My oredr 12 is late");
        assert_eq!(applied(Disguise::ZeroWidth).replace('\u{200b}', ""), "My order 12 is late");
        assert_eq!(applied(Disguise::FullWidth), "Ｍｙ ｏｒｄｅｒ １２ ｉｓ ｌａｔｅ");
        assert_eq!(applied(Disguise::Capitals), "MY ORDER 12 IS LATE");
        assert_eq!(Disguise::Typo.applied("我的订单还没发货").unwrap(), "我的订单没还发货");
    }

    #[test]
    fn short_words_have_no_room_for_a_slip() {
        assert_eq!(Disguise::Typo.applied("ok no 退款"), None);
        assert_eq!(Disguise::Typo.applied("aaaa"), None);
    }
}
