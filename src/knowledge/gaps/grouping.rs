//! Which questions are the same gap.

use crate::{
    knowledge::{store::StoredGap, vectors::dot},
    message::Locale,
};

/// Cosine from which two questions are one gap.
///
/// Read off all pairs of the 806 messages of models/training/corpus/dev.jsonl: of the pairs from
/// 0.75 on, 72 of 77 share their intents, and read as the same request; between 0.70 and 0.75 it is
/// 101 of 114, but many of them only share the kind ("paid, still shown as open" of two shops);
/// between 0.65 and 0.70, 123 of 165. Questions to help centres (models/training/answers) look alike:
/// from 0.75 on a pair is one question in two wordings or two languages. Wrongly joined questions
/// hide a gap, wrongly parted ones only make a second line, so the bound is the high one.
const MIN_COSINE: f32 = 0.75;

/// Gaps of one knowledge base at most.
const MAX_GAPS: usize = 5_000;

/// Further wordings of a gap that are kept.
const MAX_EXAMPLES: usize = 5;

/// A question as it may be kept: personal data is replaced.
pub(super) struct Redacted {
    /// The question.
    pub(super) question: String,
    /// Its vector, of length 1.
    pub(super) vector: Vec<f32>,
    /// Language of the asker.
    pub(super) locale: Locale,
    /// Intent; empty when it was not labelled.
    pub(super) intent: String,
    /// When it was asked, in ms since 1970.
    pub(super) time_ms: i64,
}

/// A gap with what finding it takes.
pub(super) struct Group {
    /// As it is stored; its number is 0 until then.
    pub(super) gap: StoredGap,
    /// Vector of its first question.
    pub(super) vector: Vec<f32>,
    /// Whether the store does not have it like this.
    pub(super) is_changed: bool,
}

/// The gaps of one knowledge base.
#[derive(Default)]
pub(super) struct Groups {
    /// In no order.
    pub(super) groups: Vec<Group>,
    /// Numbers of stored gaps that made room for others.
    pub(super) evicted: Vec<i64>,
}

impl Groups {
    /// Adds a question to the gap that was asked in the very same words; gives it back when there is none.
    /// Takes no vector.
    pub(super) fn add_known(&mut self, asked: Redacted) -> Option<Redacted> {
        let is_it = |group: &&mut Group| {
            group.gap.question == asked.question || group.gap.examples.contains(&asked.question)
        };
        match self.groups.iter_mut().find(is_it) {
            Some(group) => {
                group.join(asked);
                None
            }
            None => Some(asked),
        }
    }

    /// Adds a question to the nearest gap, or makes it one of its own.
    pub(super) fn add(&mut self, asked: Redacted) {
        let cosine = |group: &Group| dot(&group.vector, &asked.vector);
        let nearest = self.groups.iter_mut().map(|group| (cosine(group), group));
        let nearest = nearest.max_by(|left, right| left.0.total_cmp(&right.0));
        match nearest {
            Some((cosine, group)) if cosine >= MIN_COSINE => group.join(asked),
            _ => self.begin(asked),
        }
    }

    /// Forgets a gap that is not in the store any more.
    pub(super) fn remove(&mut self, number: i64) {
        self.groups.retain(|group| group.gap.number != number);
    }

    fn begin(&mut self, asked: Redacted) {
        if self.groups.len() >= MAX_GAPS {
            self.evict();
        }
        let gap = StoredGap {
            number: 0,
            question: asked.question,
            examples: Vec::new(),
            locale: asked.locale,
            intent: asked.intent,
            count: 1,
            first_time_ms: asked.time_ms,
            last_time_ms: asked.time_ms,
        };
        self.groups.push(Group { gap, vector: asked.vector, is_changed: true });
    }

    /// Removes the gap that was asked least, among equals the one that was not asked for longest.
    fn evict(&mut self) {
        let least = self
            .groups
            .iter()
            .enumerate()
            .min_by_key(|(_, group)| (group.gap.count, group.gap.last_time_ms, group.gap.number));
        let Some((index, _)) = least else { return };
        let number = self.groups.swap_remove(index).gap.number;
        if number != 0 {
            self.evicted.push(number);
        }
    }
}

impl Group {
    fn join(&mut self, asked: Redacted) {
        let gap = &mut self.gap;
        gap.count += 1;
        gap.last_time_ms = gap.last_time_ms.max(asked.time_ms);
        let is_new = gap.question != asked.question && !gap.examples.contains(&asked.question);
        if is_new && gap.examples.len() < MAX_EXAMPLES {
            gap.examples.push(asked.question);
        }
        self.is_changed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(question: &str, vector: [f32; 2], time_ms: i64) -> Redacted {
        Redacted {
            question: question.into(),
            vector: vector.into(),
            locale: Locale::En,
            intent: String::new(),
            time_ms,
        }
    }

    #[test]
    fn like_questions_are_one_gap_with_their_wordings() {
        let mut groups = Groups::default();
        groups.add(asked("do you deliver to Jersey", [1.0, 0.0], 10));
        groups.add(asked("你们送泽西岛吗", [0.8, 0.6], 30));
        groups.add(asked("你们送泽西岛吗", [0.8, 0.6], 20));
        groups.add(asked("can I pay by cheque", [0.0, 1.0], 40));
        let [first, second] = groups.groups.as_slice() else { panic!("{}", groups.groups.len()) };
        assert_eq!((first.gap.count, first.gap.first_time_ms, first.gap.last_time_ms), (3, 10, 30));
        assert_eq!(first.gap.examples, ["你们送泽西岛吗"]);
        assert_eq!((second.gap.question.as_str(), second.gap.count), ("can I pay by cheque", 1));
    }

    #[test]
    fn the_same_words_are_the_same_gap_without_a_vector() {
        let mut groups = Groups::default();
        groups.add(asked("where is [order number]", [1.0, 0.0], 10));
        groups.add(asked("and [order number]?", [0.8, 0.6], 20));
        let known =
            |groups: &mut Groups, question| groups.add_known(asked(question, [0.0, 0.0], 30)).is_none();
        assert!(known(&mut groups, "where is [order number]"));
        assert!(known(&mut groups, "and [order number]?"));
        assert!(!known(&mut groups, "and [name]?"));
        let [only] = groups.groups.as_slice() else { panic!("{}", groups.groups.len()) };
        assert_eq!((only.gap.count, only.gap.last_time_ms, only.gap.examples.len()), (4, 30, 1));
    }

    #[test]
    fn a_question_joins_the_nearest_gap() {
        let mut groups = Groups::default();
        groups.add(asked("a", [1.0, 0.0], 1));
        groups.add(asked("b", [0.6, 0.8], 2));
        groups.add(asked("c", [0.8, 0.6], 3));
        assert_eq!(groups.groups.iter().map(|group| group.gap.count).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn the_least_asked_makes_room_and_examples_are_few() {
        let mut groups = Groups::default();
        let limit = i64::try_from(MAX_GAPS).unwrap();
        for number in 1..=limit {
            groups.begin(asked(&format!("question {number}"), [0.0, 0.0], number));
            groups.groups.last_mut().unwrap().gap.number = number;
        }
        for wording in 0..9 {
            groups.groups[0].join(asked(&format!("wording {wording}"), [0.0, 0.0], 5));
        }
        groups.add(asked("a new one", [1.0, 0.0], limit + 1));
        assert_eq!(groups.groups.len(), MAX_GAPS);
        assert_eq!(groups.evicted, [2]);
        assert_eq!(groups.groups[0].gap.examples.len(), MAX_EXAMPLES);
        assert!(groups.groups.iter().any(|group| group.gap.question == "a new one"));
    }
}
