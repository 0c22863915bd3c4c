//! Pages of a list, by the last name seen.

use super::requests::Page;
use crate::{Error, Result};

/// Items of a page when the caller does not say.
const DEFAULT_PAGE_SIZE: i32 = 50;
/// Most items of a page.
const MAX_PAGE_SIZE: i32 = 1000;

/// Most bytes of a page's texts; an answer on the wire is limited to 4 MiB.
const MAX_PAGE_BYTES: usize = 3 * 1024 * 1024;

/// Where a page begins and how long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    /// The list, so that a token of one is not taken for another.
    list: String,
    /// The page begins after this id; empty for the first.
    pub(super) after: String,
    size: usize,
}

impl PageRequest {
    /// Reads a page size and token.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `page_size` when it is negative, for `page_token` when it is not one
    /// that this list gave.
    pub(super) fn new(list: &str, page_size: i32, page_token: &str) -> Result<Self> {
        let size = match page_size {
            0 => DEFAULT_PAGE_SIZE,
            1.. => page_size.min(MAX_PAGE_SIZE),
            _ => return Err(Error::invalid("page_size", "is negative; send 0 for the default")),
        };
        let after = match page_token {
            "" => String::new(),
            token => read_token(list, token).ok_or_else(|| {
                Error::invalid("page_token", "is not one that this list gave; begin with an empty one")
            })?,
        };
        Ok(Self { list: list.to_owned(), after, size: size.unsigned_abs() as usize })
    }

    /// Most items of the page.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Items to ask the store for: one more than the page holds, to know whether more follow.
    pub(super) fn limit(&self) -> i64 {
        i64::try_from(self.size + 1).unwrap_or(i64::MAX)
    }

    /// The page that `items` begin; it ends early where it would grow over [`MAX_PAGE_BYTES`].
    pub(super) fn page<T>(
        &self,
        mut items: Vec<T>,
        id: impl Fn(&T) -> &str,
        num_bytes: impl Fn(&T) -> usize,
    ) -> Page<T> {
        let mut total = 0;
        let fitting = items.iter().take_while(|item| {
            total += num_bytes(item);
            total <= MAX_PAGE_BYTES
        });
        let length = fitting.count().max(1).min(self.size);
        let more = items.len() > length;
        items.truncate(length);
        let next_page_token = match items.last() {
            Some(last) if more => write_token(&self.list, id(last)),
            _ => String::new(),
        };
        Page { items, next_page_token }
    }
}

fn write_token(list: &str, id: &str) -> String {
    crate::digest::hex(format!("{list}/{id}").as_bytes())
}

fn read_token(list: &str, token: &str) -> Option<String> {
    if !token.len().is_multiple_of(2) || !token.is_ascii() {
        return None;
    }
    let digits = |start: usize| u8::from_str_radix(&token[start..start + 2], 16).ok();
    let bytes: Option<Vec<u8>> = (0..token.len()).step_by(2).map(digits).collect();
    let text = String::from_utf8(bytes?).ok()?;
    Some(text.strip_prefix(list)?.strip_prefix('/')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_the_last_says_where_the_next_begins() {
        let first = PageRequest::new("shop", 2, "").unwrap();
        let page = first.page(vec!["a", "b", "c"], |id| id, |id| id.len());
        assert_eq!(page.items, ["a", "b"]);
        let second = PageRequest::new("shop", 2, &page.next_page_token).unwrap();
        assert_eq!(second.after, "b");
        assert_eq!(second.page(vec!["c"], |id| id, |id| id.len()).next_page_token, "");
    }

    #[test]
    fn wrong_sizes_and_tokens_are_refused() {
        assert!(PageRequest::new("shop", -1, "").is_err());
        let token = write_token("other", "b");
        for token in [token.as_str(), "zz", "abc", "é1"] {
            assert!(PageRequest::new("shop", 0, token).is_err(), "{token}");
        }
        assert_eq!(PageRequest::new("shop", 5000, "").unwrap().limit(), 1001);
        assert_eq!(PageRequest::new("shop", 0, "").unwrap().limit(), 51);
    }
}
