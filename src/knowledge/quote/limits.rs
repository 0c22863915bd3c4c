//! Words that tie a sentence to the one before it.
//!
//! A condition or an exception that is left out misleads the customer, so the lists are generous: a tie
//! too many costs a sentence, one too few an answer that is wrong.

use crate::text::fold::fold;

/// Begin a sentence that says nothing without the one before it; an English one ends at a word's end.
/// Chinese ones stand here in Simplified, text is folded before it is compared.
const POINTS_BACK: &str = "it|its|it's|they|their|this|that|these|those|he|she|his|her|here|there|such|both|\
    either|neither|so|therefore|thus|then|also|and|or|as a result|after that|afterwards|after this|before that|\
    in this case|in that case|in these cases|in either case|in both cases|for this|for these|for that|\
    the same|the latter|the former|instead|if so|if it|if they|if this|if that|once it|once they|\
    此|该|这|那|其|它|他|如此|因此|所以|然后|之后|接着|随后|届时|到时|上述|前者|后者|两者|同样|也|则|并|且|而|因为|\
    这时|同时|如果是|若是|都";
/// Begin a sentence that takes back part of the one before it.
const TAKES_BACK: &str = "however|but|otherwise|unless|except|exception|exceptions|only|not|no|note|notes|\
    please note|nor|yet|still|although|though|even so|even then|if not|if you do not|if you don't|conversely|\
    by contrast|on the other hand|excluding|excluded|apart from|other than|provided|must|\
    但|不过|然而|可是|否则|不然|除非|除外|除了|除|例外|唯|只是|反之|如未|若未|如不|若不|如果不|如果没|如果未|若没|如没|\
    超过|逾期|过期|过了|注意|请注意|注|以下情况|下列情况|仅|只|不|必须|须|前提";
/// Stand anywhere in a sentence that limits the one before it in its paragraph or list.
const LIMITS: &str = "except|unless|excluding|exception|exceptions|not apply|doesn't apply|don't apply|cannot|can't|\
    can not|not eligible|non-refundable|nonrefundable|not refundable|not refunded|only if|only when|only for|\
    only to|only once|provided|as long as|not included|not include|not cover|no longer|not possible|must|\
    subject to|at the latest|not allowed|limited to|may not|does not|do not|is not|are not|won't|\
    除外|例外|除非|除了|不适用|不包括|不包含|不含|不参与|仅限|只限|限于|仅适用|只适用|不能|不可|无法|不支持|不予|不得|不接受|\
    前提|必须|须|恕|概不|不退|不享|不再|不算|才能|才可|为准|以内|逾期";

/// Whether a sentence cannot be understood without the one before it.
pub(super) fn needs_previous(text: &str) -> bool {
    let text = plain(text);
    starts_with_one(&text, POINTS_BACK) || starts_with_one(&text, TAKES_BACK)
}

/// Whether a sentence limits the one before it. Its beginning always counts, the rest only where `is_near`:
/// in the same block, or in a short one right after it.
pub(super) fn limits_previous(text: &str, is_near: bool) -> bool {
    let text = plain(text);
    starts_with_one(&text, TAKES_BACK) || (is_near && LIMITS.split('|').any(|mark| holds(&text, mark)))
}

/// Whether a line that introduces a list makes the list one condition ("if all of these are true").
pub(super) fn is_condition(text: &str) -> bool {
    const CONDITIONS: &str = "if|when|unless|before|must|need|needs|provided|all of|each of|only|as long as|except|\
        not|cannot|条件|满足|符合|需要|需|必须|须|前|不|除|同时|如果|若|仅|只|以下情况|下列情况";
    let text = plain(text);
    CONDITIONS.split('|').any(|mark| holds(&text, mark))
}

/// Lower case, folded to Simplified, without Markdown signs and numbers of items at its beginning.
fn plain(text: &str) -> String {
    let text = text.trim_start_matches(|character: char| {
        character.is_whitespace() || "*_>#-+~`\"'“‘「『（([•·".contains(character)
    });
    fold(&text.to_lowercase().replace('’', "'")).into_owned()
}

fn starts_with_one(text: &str, marks: &str) -> bool {
    marks.split('|').any(|mark| text.strip_prefix(mark).is_some_and(|rest| ends_word(mark, rest)))
}

fn holds(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(start, _)| {
        let starts_word = !is_latin(mark)
            || text[..start].chars().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
        starts_word && ends_word(mark, &text[start + mark.len()..])
    })
}

fn is_latin(mark: &str) -> bool {
    mark.is_ascii()
}

fn ends_word(mark: &str, rest: &str) -> bool {
    !is_latin(mark) || rest.chars().next().is_none_or(|next| !next.is_ascii_alphanumeric() && next != '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_points_back_or_takes_back_is_told_in_both_languages() {
        for text in [
            "It takes 3 days.",
            "**However**, sale items stay.",
            "Otherwise the fee applies.",
            "This is free.",
            "否则不退运费。",
            "此时请联系我们。",
            "不過，特價品除外。",
            "該費用不退。",
        ] {
            assert!(needs_previous(text), "{text}");
        }
        for text in
            ["Items are free.", "Iteration counts.", "Button A opens it.", "退货免费。", "退貨期為30天。"]
        {
            assert!(!needs_previous(text), "{text}");
        }
    }

    #[test]
    fn limits_are_told_anywhere_when_near_and_at_the_start_when_far() {
        for text in ["Sale items cannot be returned.", "特價商品除外。", "已拆封的不支持退货。"]
        {
            assert!(limits_previous(text, true), "{text}");
            assert!(!limits_previous(text, false), "{text}");
        }
        for text in
            ["但生鲜除外。", "Provided it is unopened.", "Only in Europe.", "Must be unused.", "須保留包裝。"]
        {
            assert!(limits_previous(text, false), "{text}");
        }
        assert!(!limits_previous("Refunds take 3 days.", true));
    }

    #[test]
    fn conditions_are_told_from_headings_of_lists() {
        assert!(is_condition("You can return it if:"));
        assert!(is_condition("注銷前要滿足："));
        assert!(!is_condition("Fees are:"));
        assert!(!is_condition("各地運費："));
    }
}
