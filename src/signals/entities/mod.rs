//! The things that a message names: orders, parcels, amounts, dates, addresses and a product.
//!
//! | kind | found by |
//! |---|---|
//! | email, phone | [`crate::text::redact`]; only the placeholder is kept |
//! | tracking number | carriers' shapes, and figures after a word such as "tracking" or 运单 |
//! | order number | a code after a word such as "order" or 订单号, after `#`, or one to four letters before eight figures and more |
//! | amount | figures with a currency before or behind |
//! | date | [`super::dates`] |
//! | product | the first noun phrase around a word of goods (`goods_en.txt`, `goods_zh.txt`), with the words of material and make before it; names that are on no list are not found |
//!
//! The earlier kinds keep their place against the later ones, so that an amount is never an order number too.

mod amounts;
mod numbers;
mod products;

use std::ops::Range;

use super::{Entity, EntityKind, Own, dates, reading::Reading};
use crate::{
    message::Locale,
    text::redact::{self, Kind},
};

/// Entities of a message beyond this number are left out.
const MAX_ENTITIES: usize = 60;

/// Finds the entities of a message, rising and apart.
pub(super) fn find(
    message: &Own<'_>,
    reading: &Reading,
    dates: &[dates::Found],
    locale: Option<Locale>,
) -> Vec<Entity> {
    let Own { text: message, own, personal } = *message;
    let mut found = Apart::default();
    for (span, kind) in personal.iter().cloned() {
        let entity = match kind {
            Kind::Email => Some(EntityKind::Email),
            Kind::Phone => Some(EntityKind::Phone),
            _ => None,
        };
        let is_own = own.iter().any(|range| range.start <= span.start && span.end <= range.end);
        let entity = entity.filter(|_| is_own).map(|entity_kind| placeholder(entity_kind, kind, &span));
        found.take(span, entity);
    }
    let others = numbers::find(reading)
        .into_iter()
        .map(|(kind, span)| (kind, span, String::new()))
        .chain(
            amounts::find(reading, locale).into_iter().map(|(span, value)| (EntityKind::Amount, span, value)),
        )
        .chain(dates.iter().map(|date| (EntityKind::Date, date.span.clone(), date.value.clone())))
        .chain(products::find(reading).map(|span| (EntityKind::Product, span, String::new())));
    for (kind, span, value) in others {
        let span = reading.source(&span);
        let text = message.get(span.clone()).unwrap_or_default().to_owned();
        found.take(span.clone(), (!text.is_empty()).then_some(Entity { kind, span, text, value }));
    }
    found.entities()
}

/// An entity that is personal data: its place and placeholder.
fn placeholder(kind: EntityKind, redacted: redact::Kind, span: &Range<usize>) -> Entity {
    Entity { kind, span: span.clone(), text: redacted.placeholder().to_owned(), value: String::new() }
}

/// Places that are taken, rising and apart, with what stands there.
#[derive(Default)]
struct Apart(Vec<(Range<usize>, Option<Entity>)>);

impl Apart {
    /// Takes a place for an entity, or for nothing, unless part of it is taken.
    fn take(&mut self, span: Range<usize>, entity: Option<Entity>) {
        let at = self.0.partition_point(|(taken, _)| taken.end <= span.start);
        let is_free = self.0.get(at).is_none_or(|(taken, _)| span.end <= taken.start);
        if is_free && !span.is_empty() && self.0.len() < MAX_ENTITIES * 4 {
            self.0.insert(at, (span, entity));
        }
    }

    fn entities(self) -> Vec<Entity> {
        self.0.into_iter().filter_map(|(_, entity)| entity).take(MAX_ENTITIES).collect()
    }
}
