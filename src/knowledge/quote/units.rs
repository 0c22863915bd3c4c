//! Cuts a passage into units: the pieces that are quoted whole or not at all.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{limits, sentences::sentences};
use crate::knowledge::passage::num_words;

/// A block of at most so many words that limits what is before it belongs to it.
const MAX_LIMIT_WORDS: f64 = 60.0;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// A heading; quoted with what stands under it.
    Heading,
    /// A sentence of a paragraph.
    Sentence,
    /// One item of a numbered list, with its number.
    Step,
    /// One item of a list without numbers.
    Item,
    /// A table's header row and the line under it.
    TableHead,
    /// One row of a table.
    Row,
    /// Anything else: code, a quotation, a rule, HTML.
    Block,
}

/// A piece of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// Its bytes in the passage.
    pub range: Range<usize>,
    /// Number of its block: sentences of a paragraph, items of a list and rows of a table share one.
    pub block: usize,
    /// The unit that introduces it ("Fees are:"), or the heading above it.
    pub lead: Option<usize>,
    /// Whether it cannot be understood without the unit before it ("It …", "否则…").
    pub needs_previous: bool,
    /// Whether the unit before it would mislead without it ("unless …", "…除外").
    pub limits_previous: bool,
}

/// Cuts a passage into its units, in its order. They do not overlap, and all text but blanks is in one.
pub fn units(passage: &str) -> Vec<Unit> {
    let mut pieces = Cutter::default().cut(passage);
    fill_gaps(&mut pieces, passage);
    let mut units = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        let text = &passage[piece.range.clone()];
        let same_block = index > 0 && pieces[index - 1].block == piece.block;
        let in_prose = !matches!(piece.kind, UnitKind::TableHead | UnitKind::Row | UnitKind::Heading);
        units.push(Unit {
            kind: piece.kind,
            range: piece.range.clone(),
            block: piece.block,
            lead: None,
            needs_previous: in_prose && index > 0 && limits::needs_previous(text),
            limits_previous: in_prose
                && index > 0
                && (limits::limits_previous(text, same_block) || begins_limit(&pieces, index, passage)),
        });
    }
    set_leads(&mut units, passage);
    units
}

/// Whether a piece begins a short paragraph or quotation that limits the block before it under the same
/// heading: writers put exceptions into paragraphs of their own.
fn begins_limit(pieces: &[Piece], index: usize, passage: &str) -> bool {
    let Some(before) = index.checked_sub(1).map(|before| &pieces[before]) else { return false };
    let piece = &pieces[index];
    let is_text = matches!(piece.kind, UnitKind::Sentence | UnitKind::Block);
    if !is_text || before.kind == UnitKind::Heading || before.block == piece.block {
        return false;
    }
    let texts = || {
        let of_block = pieces[index..].iter().take_while(|other| other.block == piece.block);
        of_block.map(|other| &passage[other.range.clone()])
    };
    texts().map(num_words).sum::<f64>() <= MAX_LIMIT_WORDS
        && texts().any(|text| limits::limits_previous(text, true))
}

/// A unit before it is known what it depends on.
struct Piece {
    kind: UnitKind,
    range: Range<usize>,
    block: usize,
}

/// Reads Markdown events.
#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    block: usize,
    depth: usize,
    /// The outermost block that is open.
    outer: Option<(Range<usize>, UnitKind)>,
    /// Emphasis, links and code in it.
    spans: Vec<Range<usize>>,
}

impl Cutter {
    fn cut(mut self, passage: &str) -> Vec<Piece> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        for (event, range) in Parser::new_ext(passage, options).into_offset_iter() {
            match event {
                Event::Start(tag) => {
                    self.start(&tag, range, passage);
                    self.depth += 1;
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.end(passage);
                    }
                }
                Event::Rule if self.depth == 0 => {
                    self.block += 1;
                    self.push(UnitKind::Block, range, passage);
                }
                Event::Code(_) | Event::InlineHtml(_) if self.depth == 1 => self.spans.push(range),
                _ => {}
            }
        }
        self.pieces
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>, passage: &str) {
        if self.depth == 0 {
            self.block += 1;
            self.spans.clear();
            let kind = match tag {
                Tag::Heading { .. } => UnitKind::Heading,
                Tag::Paragraph => UnitKind::Sentence,
                Tag::List(Some(_)) => UnitKind::Step,
                Tag::List(None) => UnitKind::Item,
                Tag::Table(_) => UnitKind::Row,
                _ => UnitKind::Block,
            };
            self.outer = Some((range, kind));
        } else if self.depth == 1 {
            match (tag, self.outer.as_ref().map(|&(_, kind)| kind)) {
                (Tag::Item, Some(kind)) => self.push(kind, range, passage),
                (Tag::TableHead, _) => self.push(UnitKind::TableHead, range, passage),
                (Tag::TableRow, _) => self.push(UnitKind::Row, range, passage),
                (_, Some(UnitKind::Sentence)) => self.spans.push(range),
                _ => {}
            }
        }
    }

    fn end(&mut self, passage: &str) {
        match self.outer.take() {
            Some((range, UnitKind::Sentence)) => self.paragraph(range, passage),
            Some((range, kind @ (UnitKind::Heading | UnitKind::Block))) => self.push(kind, range, passage),
            _ => {}
        }
    }

    /// Cuts a paragraph into sentences, or into the items of a list that Markdown does not know
    /// (`1、…`, `（2）…`, `• …`), or into the rows of a table that has lost its head.
    fn paragraph(&mut self, range: Range<usize>, passage: &str) {
        let text = &passage[range.clone()];
        let kinds: Vec<Option<UnitKind>> = text.lines().map(line_kind).collect();
        let first_is_item = kinds.first().is_some_and(Option::is_some);
        if kinds.iter().flatten().count() < 2 && !first_is_item {
            for sentence in sentences(text, &relative(&self.spans, range.start)) {
                self.push(
                    UnitKind::Sentence,
                    range.start + sentence.start..range.start + sentence.end,
                    passage,
                );
            }
            return;
        }
        let follows = self.pieces.last().map(|last| (last.kind, last.block));
        if let (Some((kind, block)), Some(Some(first))) = (follows, kinds.first())
            && kind == *first
            && block + 1 == self.block
        {
            self.block = block;
        }
        let mut offset = range.start;
        let mut open: Option<(UnitKind, Range<usize>)> = None;
        for (line, kind) in text.split_inclusive('\n').zip(kinds) {
            let line_range = offset..offset + line.len();
            offset = line_range.end;
            open = match (open.take(), kind) {
                (Some((before, range)), None) => Some((before, range.start..line_range.end)),
                (before, kind) => {
                    if let Some((kind, range)) = before {
                        self.push(kind, range, passage);
                        if kind == UnitKind::Sentence {
                            self.block += 1;
                        }
                    }
                    Some((kind.unwrap_or(UnitKind::Sentence), line_range))
                }
            };
        }
        if let Some((kind, range)) = open {
            self.push(kind, range, passage);
        }
    }

    fn push(&mut self, kind: UnitKind, range: Range<usize>, passage: &str) {
        let text = &passage[range.clone()];
        let end = range.start + text.trim_end().len();
        let mut start = range.start + (text.len() - text.trim_start().len());
        // A list keeps the blanks before its first item: they tell nested items from flat ones.
        let line = passage[..start].rfind('\n').map_or(0, |newline| newline + 1);
        if kind != UnitKind::Sentence && passage[line..start].trim().is_empty() {
            start = line;
        }
        let start = start.max(self.pieces.last().map_or(0, |last| last.range.end));
        if start < end && !passage[start..end].trim().is_empty() {
            self.pieces.push(Piece { kind, range: start..end, block: self.block });
        }
    }
}

fn relative(spans: &[Range<usize>], start: usize) -> Vec<Range<usize>> {
    spans.iter().map(|span| span.start.saturating_sub(start)..span.end.saturating_sub(start)).collect()
}

/// The kind of a line that begins like an item though Markdown does not read it as one.
fn line_kind(line: &str) -> Option<UnitKind> {
    let line = line.trim_start();
    let first = line.chars().next()?;
    if first == '|' {
        return Some(UnitKind::Row);
    }
    if matches!(first, '•' | '·' | '・' | '●' | '▪') {
        return Some(UnitKind::Item);
    }
    let numbered = |rest: &str, closers: &[char]| {
        let digits = rest.trim_start_matches(|character: char| character.is_numeric());
        let num_digits = rest[..rest.len() - digits.len()].chars().count();
        let numerals = rest.trim_start_matches(|character| "一二三四五六七八九十".contains(character));
        let is_han = numerals.len() < rest.len() && numerals.starts_with(closers);
        is_han || ((1..=2).contains(&num_digits) && digits.starts_with(closers))
    };
    let is_step = match first {
        '①'..='⑳' => true,
        '（' | '(' => numbered(line.trim_start_matches(['（', '(']), &['）', ')']),
        '第' => line.chars().nth(2) == Some('步'),
        _ => numbered(line, &['、', '．', '）']),
    };
    is_step.then_some(UnitKind::Step)
}

/// Puts text that no event covers into units: the line under a table's head into the head, link
/// definitions and the like into blocks.
fn fill_gaps(pieces: &mut Vec<Piece>, passage: &str) {
    let mut filled: Vec<Piece> = Vec::with_capacity(pieces.len() + 1);
    let num_blocks = pieces.last().map_or(0, |last| last.block);
    let mut end = 0;
    let fill = |filled: &mut Vec<Piece>, gap: Range<usize>| {
        let text = &passage[gap.clone()];
        if text.trim().is_empty() {
            return;
        }
        let range = gap.start + (text.len() - text.trim_start().len())..gap.start + text.trim_end().len();
        match filled.last_mut() {
            Some(head) if head.kind == UnitKind::TableHead => head.range.end = range.end,
            // Blocks are counted on, so that a gap is never of a list's block.
            last => {
                let block = last.map_or(0, |last| last.block) + num_blocks + 1;
                filled.push(Piece { kind: UnitKind::Block, range, block });
            }
        }
    };
    for piece in pieces.drain(..) {
        fill(&mut filled, end..piece.range.start);
        end = piece.range.end;
        filled.push(piece);
    }
    fill(&mut filled, end..passage.len());
    *pieces = filled;
}

/// Finds for each unit the one that introduces it.
fn set_leads(units: &mut [Unit], passage: &str) {
    let mut heading = None;
    let mut block_lead: Option<(usize, usize)> = None;
    for index in 0..units.len() {
        if units[index].kind == UnitKind::Heading {
            heading = Some(index);
            continue;
        }
        let block = units[index].block;
        let before = index.checked_sub(1).filter(|&before| units[before].kind != UnitKind::Heading);
        if let Some(before) = before.filter(|&before| units[before].block != block) {
            let listed = !matches!(units[index].kind, UnitKind::Sentence);
            if introduces(&passage[units[before].range.clone()], units[before].kind, listed) {
                block_lead = Some((block, before));
            }
        }
        units[index].lead = match block_lead {
            Some((lead_block, lead)) if lead_block == block => Some(lead),
            _ => heading,
        };
        // What introduces stands under the heading too: the chain is followed when units are chosen.
    }
}

/// Whether a sentence announces what follows; before a list or table, a line without an end does too.
fn introduces(text: &str, kind: UnitKind, before_list: bool) -> bool {
    let text = text.trim_end_matches(['*', '_']);
    let announces = ["as follows.", "the following.", "如下。", "以下。", "below."];
    kind == UnitKind::Sentence
        && (text.ends_with([':', '：'])
            || (before_list
                && (announces.iter().any(|end| text.ends_with(end))
                    || !text.ends_with(['.', '!', '?', '。', '！', '？', ')', '）', '"', '”']))))
}
