//! Names that a message gives as such: "my name is", "Recipient:", "I'm", and signatures.

use super::{
    latin_reader::Reader,
    latin_words::{INTRODUCTIONS, OFTEN, SYLLABLES},
};

const SELF_INTRODUCTIONS: &[&str] =
    &["i am", "i'm", "im", "this is", "it's", "its", "it is", "here is", "here's", "me"];

impl Reader<'_> {
    /// "my name is", "Recipient:", "I'm": small letters too.
    pub(super) fn introduced(&self, at: usize) -> Option<usize> {
        const IS: &[&str] = &[" ", ": ", ":", ":  ", " : ", "\n", ":\n", " is ", " - "];
        const COLON: &[&str] = &[": ", ":", ":  ", " : ", ":\n", " - "];
        const WITH_IS: &[&str] = &[
            "my name is",
            "my name's",
            "full name is",
            "name is",
            "names is",
            "i am called",
            "i'm called",
            "name's",
            "signed for by",
            "under the name",
            "in the name of",
            "signed by",
        ];
        const WITH_SPACE: &[&str] = &[
            "called",
            "named",
            "recipient",
            "attn",
            "attention of",
            "cardholder",
            "holder",
            "c o",
            "name of",
            "client",
            "addressed to",
            "for by",
        ];
        let is_sure = self.follows(at, WITH_IS, IS) || self.follows(at, &INTRODUCTIONS, COLON);
        // "the name on the bell is Weber".
        let is_named =
            self.follows(at, &["is", "was", "says", "reads", "be", "spelled", "spelt", "as"], &[" ", ": "])
                && self.is_candidate(at)
                && (at.saturating_sub(6)..at - 1)
                    .any(|word| matches!(self.lower(word), "name" | "names" | "surname" | "surnames"));
        if is_named && !self.is_titled {
            return Some(self.extend(at));
        }
        if is_sure {
            return self.any_case(at);
        }
        // "Customer: Beatrix Holloway": some label, then names of the lists.
        let end = self.extend(at);
        let is_listed = self.is_given(at) || (end - at >= 2 && (at..end).any(|word| self.is_given(word)));
        let is_labelled = at > 0
            && COLON.contains(&self.gap(at))
            && self.is_candidate(at)
            && is_listed
            && !self.is_brand(at);
        let is_header = self.follows(
            at,
            &[
                "to", "from", "customer", "client", "buyer", "guest", "patient", "tenant", "owner", "driver",
                "agent", "cc",
            ],
            COLON,
        );
        if is_labelled && (end - at >= 2 || !OFTEN.contains(self.lower(at)))
            || is_header && self.is_candidate(at) && end - at >= 2
        {
            return Some(end);
        }
        if self.follows(at, WITH_SPACE, &[" ", ": "]) && self.is_candidate(at) && !self.is_titled {
            return Some(self.extend(at));
        }
        if !self.follows(at, SELF_INTRODUCTIONS, &[" "]) {
            return None;
        }
        self.self_introduced(at)
    }

    /// The name after "I'm": known, or followed by what follows a name.
    fn self_introduced(&self, at: usize) -> Option<usize> {
        let is_last = |end: usize| {
            let gap = self.gap(end);
            let next = self.lower(end);
            (end >= self.words.len() && !gap.contains(char::is_alphanumeric))
                || gap.starts_with(',') && gap.trim_start_matches(',').trim().is_empty()
                || (gap == " "
                    && ["from", "and", "here", "again", "writing", "calling", "at", "with", "about"]
                        .contains(&next))
        };
        let seems_verb =
            self.lower(at).len() > 5 && (self.lower(at).ends_with("ing") || self.lower(at).ends_with("ed"));
        if self.is_candidate(at) && !self.is_titled && !seems_verb && !self.words[at].is_shouted {
            let end = self.extend(at);
            let ends_listed = (at..end).any(|word| {
                self.is_given(word) || self.is_surname(word) || SYLLABLES.contains(self.lower(word))
            });
            let is_brand = self.is_brand(at);
            let fits = (self.is_given(at) && !OFTEN.contains(self.lower(at)))
                || (ends_listed && end - at >= 2)
                || is_last(end);
            return (fits && !is_brand).then_some(end);
        }
        let is_small = !self.is_capital(at)
            && (self.is_given(at) && !OFTEN.contains(self.lower(at))
                || self.is_given(at) && self.is_surname(at + 1))
            && !self.is_stop(at);
        if !is_small {
            return None;
        }
        let has_surname = at + 1 < self.words.len()
            && self.is_adjacent(at + 1)
            && self.is_surname(at + 1)
            && !self.is_stop(at + 1);
        let end = at + 1 + usize::from(has_surname);
        (has_surname || is_last(end) || self.is_given(at)).then_some(end)
    }

    /// A name in any case up to a word that is none.
    fn any_case(&self, at: usize) -> Option<usize> {
        if self.is_stop(at) && !(self.is_given(at) || self.is_surname(at)) || self.touches_number(at) {
            return None;
        }
        if self.is_capital(at) && !self.words[at].is_shouted {
            return Some(self.extend(at));
        }
        const NOT_A_NAME: &[&str] = &[
            "wrong",
            "misspelled",
            "misspelt",
            "spelled",
            "spelt",
            "printed",
            "showing",
            "incorrect",
            "different",
            "changed",
            "correct",
            "tag",
            "field",
            "plate",
        ];
        let mut end = at;
        while end < self.words.len()
            && end - at < 3
            && (end == at || self.is_adjacent(end))
            && !self.is_stop(end)
            && !NOT_A_NAME.contains(&self.lower(end))
        {
            let is_known = self.is_known(end) || self.lower(end).contains('\'');
            if end > at && !is_known && !self.words[end].is_shouted {
                break;
            }
            end += 1;
        }
        (end > at).then_some(end)
    }

    /// A line of its own after "regards", or of known names; "Thanks, Nikhil" at the end.
    pub(super) fn signed(&self, at: usize) -> Option<usize> {
        let can_sign = self.is_candidate(at) || (self.is_given(at) && !self.is_stop(at));
        if !can_sign {
            return None;
        }
        let gap = self.gap(at);
        let is_line = gap.contains('\n')
            && gap[gap.rfind('\n').unwrap_or(0)..]
                .trim_matches([' ', '\n', '-', '—', '–', '\t', '~', '/'])
                .is_empty();
        let end = if self.is_capital(at) { self.extend(at) } else { at + 1 };
        let after = self.gap(end);
        let ends_line = after.trim_start_matches([' ', '\t', '.', ',']).starts_with('\n')
            || (end >= self.words.len() && after.trim().trim_matches('.').is_empty());
        let closes = |word: usize| {
            matches!(
                self.lower(word),
                "regards"
                    | "sincerely"
                    | "cheers"
                    | "thanks"
                    | "thank"
                    | "you"
                    | "truly"
                    | "wishes"
                    | "best"
                    | "faithfully"
                    | "yours"
                    | "advance"
                    | "thx"
                    | "ta"
                    | "respectfully"
                    | "love"
                    | "much"
            )
        };
        let is_closed = at > 0 && closes(at - 1);
        let is_listed = (at..end).any(|word| self.is_given(word) || self.is_surname(word));
        let is_on_line = is_line && ends_line && (is_closed || is_listed && !self.is_brand(at));
        let is_inline = is_closed
            && matches!(gap, ", " | " " | " - " | ". " | " – " | " — " | "! ")
            && ends_line
            && end >= self.words.len()
            && (self.is_given(at) || (self.is_capital(at) && gap != " " && end - at <= 2));
        let is_dashed = matches!(
            gap.trim_start_matches(['.', '!', '?', ')']),
            " - " | " – " | " — " | " —" | " -" | " ~"
        ) && end >= self.words.len()
            && ends_line
            && is_listed;
        (is_on_line || is_inline || is_dashed).then_some(end)
    }
}
