//! Reading text: what a message says apart from quotes and signatures, in which language, in which
//! windows.

pub mod email;
pub mod fold;
pub mod language;
mod latin;
pub mod normalise;
pub mod own;
pub(crate) mod patterns;
pub mod redact;
pub mod script;
pub mod segment;
pub mod sentences;
pub mod windows;

/// Whether a character is a Han ideograph (unified blocks, compatibility ideographs, 々 and 〇).
pub fn is_han(character: char) -> bool {
    matches!(u32::from(character),
        0x3005 | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}
