//! The few best of many, found in one pass.

use std::cmp::Ordering;

/// The items with the highest scores above 0; of equal scores those with the smallest keys. What is kept
/// does not depend on the order in which items are offered.
pub(crate) struct Best<K> {
    limit: usize,
    least: f64,
    found: Vec<(f64, K)>,
}

impl<K: Copy + Ord> Best<K> {
    /// Keeps `limit` items, at least one.
    pub(crate) fn new(limit: usize) -> Self {
        let limit = limit.max(1);
        Self { limit, least: 0.0, found: Vec::with_capacity(2 * limit) }
    }

    /// No item with a lower score can be among the best any more.
    pub(crate) fn least(&self) -> f64 {
        self.least
    }

    /// Notes an item that may be one of the best.
    pub(crate) fn offer(&mut self, score: f64, key: K) {
        if score > 0.0 && score >= self.least {
            self.found.push((score, key));
            if self.found.len() >= 2 * self.limit {
                self.shorten();
            }
        }
    }

    fn shorten(&mut self) {
        if self.found.len() > self.limit {
            let (_, last, _) = self.found.select_nth_unstable_by(self.limit - 1, better_first);
            self.least = last.0;
            self.found.truncate(self.limit);
        }
    }

    /// The best, in no order.
    pub(crate) fn into_found(mut self) -> Vec<(f64, K)> {
        self.shorten();
        self.found
    }
}

/// A total order, so that equal questions get equal answers.
fn better_first<K: Ord>(left: &(f64, K), right: &(f64, K)) -> Ordering {
    right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_that_sorting_puts_first(
            scores in proptest::collection::vec(-1_i8..6, 0..200),
            limit in 1_usize..20,
            is_backwards: bool,
        ) {
            let mut items: Vec<(f64, usize)> =
                scores.iter().map(|score| f64::from(*score)).zip(0..).collect();
            if is_backwards {
                items.reverse();
            }
            let mut best = Best::new(limit);
            items.iter().for_each(|(score, key)| best.offer(*score, *key));
            let mut found = best.into_found();
            found.sort_by(better_first);
            items.retain(|(score, _)| *score > 0.0);
            items.sort_by(better_first);
            items.truncate(limit);
            prop_assert_eq!(found, items);
        }
    }
}
