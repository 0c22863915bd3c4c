//! The articles of a generation: which segment holds each, and which of its versions counts.

use std::{ops::Range, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    filter::SearchFilter,
    segment::{Entry, Segment, Source},
};

/// Segments of one size that are joined into one.
const NUM_JOINED: usize = 8;
/// Articles of a segment of the smallest size.
const SMALLEST: usize = 32;
/// Share of articles that are gone or replaced from which a segment is written anew.
const MAX_DEAD_SHARE: f64 = 0.5;

/// Where an article is: a position among the segments, and one among the segment's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot {
    segment: u32,
    entry: u32,
}

/// A segment and which of its articles count.
struct Shelf {
    id: u64,
    segment: Arc<Segment>,
    alive: Vec<bool>,
    num_alive: usize,
}

/// Every article of one state of a knowledge base; never changes.
#[derive(Default)]
pub(crate) struct Catalogue {
    /// Oldest first.
    shelves: Vec<Shelf>,
    by_number: FxHashMap<i64, Slot>,
    /// By what translations have in common, so that they are neighbours.
    by_key: Vec<(u64, Slot)>,
    num_passages: usize,
}

/// Which articles a filter admits.
pub(crate) struct Admitted {
    /// By segment, then by entry.
    articles: Vec<Vec<bool>>,
    num_articles: usize,
    /// Whether that is every article there is.
    pub(crate) is_all: bool,
}

impl Catalogue {
    /// Puts segments together, oldest first: a later one replaces what an earlier one holds.
    pub(crate) fn new(segments: impl IntoIterator<Item = (u64, Arc<Segment>)>) -> Self {
        let mut catalogue = Self::default();
        for (id, segment) in segments {
            catalogue.add(id, segment);
        }
        let keyed = catalogue.slots().map(|slot| (catalogue.entry(slot).key, slot));
        let mut by_key: Vec<(u64, Slot)> = keyed.collect();
        by_key.sort_unstable();
        catalogue.num_passages =
            by_key.iter().map(|(_, slot)| catalogue.entry(*slot).num_passages as usize).sum();
        catalogue.by_key = by_key;
        catalogue
    }

    fn add(&mut self, id: u64, segment: Arc<Segment>) {
        for number in segment.removed() {
            if let Some(slot) = self.by_number.remove(number) {
                self.bury(slot);
            }
        }
        let number = position(self.shelves.len());
        let entries = segment.entries();
        self.by_number.reserve(entries.len());
        let mut replaced = Vec::new();
        for (entry, index) in entries.iter().zip(0..) {
            replaced.extend(self.by_number.insert(entry.number, Slot { segment: number, entry: index }));
        }
        let shelf = Shelf { id, alive: vec![true; entries.len()], num_alive: entries.len(), segment };
        self.shelves.push(shelf);
        replaced.into_iter().for_each(|slot| self.bury(slot));
    }

    fn bury(&mut self, slot: Slot) {
        let shelf = &mut self.shelves[slot.segment as usize];
        shelf.alive[slot.entry as usize] = false;
        shelf.num_alive -= 1;
    }

    /// The segments with their ids, oldest first.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (u64, Arc<Segment>)> {
        self.shelves.iter().map(|shelf| (shelf.id, Arc::clone(&shelf.segment)))
    }

    /// Ids of the segments, oldest first.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.shelves.iter().map(|shelf| shelf.id).collect()
    }

    /// Number of articles.
    pub(crate) fn num_articles(&self) -> usize {
        self.by_key.len()
    }

    /// Number of passages.
    pub(crate) fn num_passages(&self) -> usize {
        self.num_passages
    }

    /// Every article that counts, segment by segment.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> {
        self.shelves.iter().zip(0..).flat_map(|(shelf, segment)| {
            let alive = shelf.alive.iter().zip(0..).filter(|(alive, _)| **alive);
            alive.map(move |(_, entry)| Slot { segment, entry })
        })
    }

    /// The article of a number.
    pub(crate) fn find(&self, number: i64) -> Option<Slot> {
        self.by_number.get(&number).copied()
    }

    /// The article and its translations.
    pub(crate) fn translations(&self, slot: Slot) -> impl Iterator<Item = Slot> {
        let key = self.entry(slot).key;
        let first = self.by_key.partition_point(|(other, _)| *other < key);
        self.by_key[first..].iter().take_while(move |(other, _)| *other == key).map(|(_, slot)| *slot)
    }

    /// The segment of an article.
    pub(crate) fn segment(&self, slot: Slot) -> &Segment {
        &self.shelves[slot.segment as usize].segment
    }

    /// An article without its texts.
    pub(crate) fn entry(&self, slot: Slot) -> &Entry {
        &self.segment(slot).entries()[slot.entry as usize]
    }

    /// Which articles a filter admits.
    pub(crate) fn admitted(&self, filter: &SearchFilter) -> Admitted {
        let mut num_articles = 0;
        let of_shelf = |shelf: &Shelf| {
            let classes: Vec<bool> =
                shelf.segment.classes().iter().map(|class| filter.admits(class)).collect();
            let entries = shelf.segment.entries().iter().zip(&shelf.alive);
            entries.map(|(entry, alive)| *alive && classes[entry.class as usize]).collect()
        };
        let articles: Vec<Vec<bool>> = self.shelves.iter().map(of_shelf).collect();
        for flags in &articles {
            num_articles += flags.iter().filter(|admitted| **admitted).count();
        }
        Admitted { articles, num_articles, is_all: num_articles == self.num_articles() }
    }

    /// The segments that are to be joined, as positions: the latest ones when there are too many of their
    /// size, or one that is mostly dead.
    pub(crate) fn overdue(&self) -> Option<Range<usize>> {
        let num_segments = self.shelves.len();
        let mostly_dead = self.shelves.iter().position(|shelf| {
            let num_entries = shelf.alive.len();
            #[expect(clippy::cast_precision_loss, reason = "counts of articles are far under 2^52")]
            let dead_share = 1.0 - shelf.num_alive as f64 / num_entries.max(1) as f64;
            num_entries > 0 && dead_share > MAX_DEAD_SHARE
        });
        if let Some(index) = mostly_dead {
            return Some(index..index + 1);
        }
        let sizes: Vec<u32> = self.shelves.iter().map(|shelf| size(shelf.num_alive)).collect();
        let largest = sizes.iter().copied().max().unwrap_or_default();
        (0..=largest).find_map(|size| {
            let num_latest = sizes.iter().rev().take_while(|other| **other <= size).count();
            (num_latest >= NUM_JOINED).then_some(num_segments - num_latest..num_segments)
        })
    }

    /// What some segments joined hold: their articles, and the numbers that are still to be removed from
    /// earlier ones.
    pub(crate) fn joined(&self, run: &Range<usize>) -> (Vec<Source<'_>>, Vec<i64>) {
        let shelves = &self.shelves[run.clone()];
        let articles = shelves.iter().flat_map(|shelf| {
            let entries = shelf.segment.entries().iter().zip(&shelf.alive).filter(|(_, alive)| **alive);
            entries.map(|(entry, _)| Source::Kept(&shelf.segment, entry))
        });
        let mut removed: Vec<i64> = match run.start {
            0 => Vec::new(),
            _ => shelves.iter().flat_map(|shelf| shelf.segment.removed().iter().copied()).collect(),
        };
        removed.sort_unstable();
        removed.dedup();
        (articles.collect(), removed)
    }

    /// The segments with those of a run replaced by one.
    pub(crate) fn with_joined(&self, run: &Range<usize>, id: u64, segment: Arc<Segment>) -> Self {
        let kept = |range: &[Shelf]| -> Vec<(u64, Arc<Segment>)> {
            range.iter().map(|shelf| (shelf.id, Arc::clone(&shelf.segment))).collect()
        };
        let before = kept(&self.shelves[..run.start]);
        let after = kept(&self.shelves[run.end..]);
        Self::new(before.into_iter().chain([(id, segment)]).chain(after))
    }
}

impl Admitted {
    /// Whether an article may be found.
    pub(crate) fn contains(&self, slot: Slot) -> bool {
        self.articles[slot.segment as usize][slot.entry as usize]
    }

    /// Number of articles that may be found.
    pub(crate) fn num_articles(&self) -> usize {
        self.num_articles
    }

    /// Every article that may be found.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> {
        (0..self.articles.len()).flat_map(|segment| self.of_segment(segment))
    }

    /// Every article of a segment that may be found, as positions of entries.
    pub(crate) fn of_segment(&self, segment: usize) -> impl Iterator<Item = Slot> {
        let entries = self.articles[segment].iter().zip(0..).filter(|(admitted, _)| **admitted);
        entries.map(move |(_, entry)| Slot { segment: position(segment), entry })
    }
}

/// The size of a segment in steps of [`NUM_JOINED`].
fn size(num_articles: usize) -> u32 {
    (num_articles.max(SMALLEST) / SMALLEST).ilog(NUM_JOINED)
}

fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
