//! Bounds the number of attributes of a tag before HTML is parsed: the parser compares each with all
//! before it, which takes quadratic time.

use crate::knowledge::formats::Fault;

/// Most attributes of one tag; real tags have up to about 30.
const MAX_ATTRIBUTES: usize = 1000;

/// Looks for a tag with too many attributes.
///
/// # Errors
/// The line on which such a tag begins.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let bytes = text.as_bytes();
    let mut position = 0;
    while let Some(offset) = text[position..].find('<') {
        let start = position + offset;
        let name_start = start + 1 + usize::from(bytes.get(start + 1) == Some(&b'/'));
        if text[start..].starts_with("<!--") {
            position = after(text, start, "-->");
        } else if bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
            let (end, num_attributes) = tag(bytes, name_start);
            if num_attributes > MAX_ATTRIBUTES {
                let line = text[..start].matches('\n').count() + 1;
                let message = format!("a tag has more than {MAX_ATTRIBUTES} attributes; remove them");
                return Err(Fault { line, field: String::new(), message });
            }
            position = after_raw_text(text, start, end);
        } else {
            position = start + 1;
        }
    }
    Ok(())
}

/// The end of a tag, and how many attributes it has at most.
fn tag(bytes: &[u8], start: usize) -> (usize, usize) {
    let is_blank = |byte: u8| byte.is_ascii_whitespace() || byte == b'/';
    let mut position = start;
    let mut num_attributes = 0;
    let mut in_word = true;
    while let Some(&byte) = bytes.get(position) {
        position += 1;
        match byte {
            b'>' => break,
            b'=' if in_word => {
                let value = skip(bytes, position, |byte| byte.is_ascii_whitespace());
                position = match bytes.get(value) {
                    Some(&quote @ (b'"' | b'\'')) => skip(bytes, value + 1, |byte| byte != quote) + 1,
                    _ => skip(bytes, value, |byte| !byte.is_ascii_whitespace() && byte != b'>'),
                };
                in_word = false;
            }
            _ if is_blank(byte) => {
                // A name may be followed by blanks and then its value.
                let next = skip(bytes, position, is_blank);
                in_word = in_word && bytes.get(next) == Some(&b'=');
                position = next;
            }
            _ => {
                num_attributes += usize::from(!in_word);
                in_word = true;
            }
        }
    }
    (position.min(bytes.len()), num_attributes)
}

fn skip(bytes: &[u8], from: usize, passes: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|&byte| !passes(byte)).unwrap_or(rest.len())
}

/// The end of a tag, or of the script or style that it begins: what is in there is no tag.
fn after_raw_text(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    for (open, close) in [("<script", "</script"), ("<style", "</style")] {
        let begins = bytes[start..].get(..open.len());
        if begins.is_some_and(|begins| begins.eq_ignore_ascii_case(open.as_bytes())) {
            return after(text, end, close);
        }
    }
    end
}

/// The end of the next occurrence, or of the text.
fn after(text: &str, from: usize, what: &str) -> usize {
    let found = text.as_bytes()[from..]
        .windows(what.len())
        .position(|window| window.eq_ignore_ascii_case(what.as_bytes()));
    found.map_or(text.len(), |offset| from + offset + what.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_many_attributes_are_refused_and_others_are_not() {
        for good in [
            "<p class=a id = 'b'>x</p>",
            "a < b and c <1",
            "<img src=\"data:image/png;base64,AAAA BBBB\">",
            "<script>if (a <b) { x }</script><p>",
            "<",
            "</",
            "<a",
            "<a =",
            "<a b='",
            "<!-- <p a b c",
            "退货<退",
        ] {
            check(good).unwrap();
        }
        let many = format!("\n<p {}>", "a ".repeat(2000));
        assert_eq!(check(&many).unwrap_err().line, 2);
        assert!(check(&format!("<p {}>", "a='x y'".repeat(2000))).is_err());
        assert!(check(&format!("<p '{}>", " a".repeat(2000))).is_err());
        let value = format!("<p a=\"{}\">", "a ".repeat(2000));
        check(&value).unwrap();
        check(&format!("<script>a <b {}</script>", "a ".repeat(2000))).unwrap();
    }
}
