//! Names of persons, in Chinese and in Latin letters.
//!
//! Nobody can list all names; what is believed depends on what stands around:
//!
//! - An introduction ("my name is", 我叫, 收件人) is believed with nearly anything after it.
//! - A title or a role (Mr, 小姐, 经理, "agent", 客服) needs a surname or a capital letter.
//! - Alone, a Chinese name needs a frequent surname, a given name of two frequent characters and no word
//!   of the dictionary that crosses its border; a name in Latin letters needs a given name of the list that
//!   is no common word, or a Chinese surname with Chinese syllables.
//!
//! The lists hold the most frequent names and syllables, lower case, one blank apart; they were written
//! down for this project from general knowledge and are no copy of a register.

mod characters;
mod chinese;
mod chinese_words;
mod english;
mod han_foreign;
mod han_reader;
mod han_rows;
mod introductions;
mod latin_reader;
mod latin_rows;
mod latin_words;

pub(super) use chinese::names as chinese;
pub(super) use english::names as english;
