//! The live indexes of all knowledge bases.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use super::{
    article::KnowledgeBase,
    generation::Generation,
    live::{Context, LiveBase},
    name::BaseName,
};
use crate::Result;

/// Knowledge bases that are read at once when the program starts.
const BATCH_SIZE: i64 = 100;

type Map = HashMap<BaseName, Arc<LiveBase>>;

/// The live index of every knowledge base.
pub(super) struct Bases {
    context: Context,
    /// Read without waiting, replaced as a whole.
    live: ArcSwap<Map>,
    /// Held while the set of knowledge bases changes.
    changing: Mutex<()>,
}

impl Bases {
    /// Opens the index of every knowledge base in the store.
    pub(super) async fn open(context: Context) -> Result<Self> {
        context.store.forget_other_models(&context.preparer.model_id).await?;
        let mut live = Map::new();
        let mut numbers = std::collections::HashSet::new();
        let mut after = String::new();
        loop {
            let batch = context.store.bases(&after, BATCH_SIZE).await?;
            let Some(last) = batch.last() else { break };
            after = last.base.name.id().to_owned();
            for stored in batch {
                let opened = LiveBase::open(context.clone(), &stored).await?;
                numbers.insert(stored.number);
                live.insert(stored.base.name, Arc::new(opened));
            }
        }
        context.remove_strangers(&numbers)?;
        Ok(Self { context, live: ArcSwap::from_pointee(live), changing: Mutex::new(()) })
    }

    /// The state of a knowledge base that is searched now.
    pub(super) fn snapshot(&self, name: &BaseName) -> Option<Arc<Generation>> {
        self.live.load().get(name).map(|live| live.snapshot())
    }

    /// The live index of a knowledge base that is in the store, opened when it is not yet.
    pub(super) async fn live(&self, name: &BaseName) -> Result<Arc<LiveBase>> {
        // The number tells a knowledge base from an earlier one of the same name.
        let number = self.context.store.base(name).await?.number;
        if let Some(live) = self.find(name, number) {
            return Ok(live);
        }
        let _changing = self.changing.lock().await;
        let stored = self.context.store.base(name).await?;
        if let Some(live) = self.find(name, stored.number) {
            return Ok(live);
        }
        let opened = match stored.base.num_articles {
            0 => LiveBase::create(self.context.clone(), &stored, stored.base.generation).await?,
            _ => LiveBase::open(self.context.clone(), &stored).await?,
        };
        let opened = Arc::new(opened);
        self.replace(|map| {
            map.insert(name.clone(), Arc::clone(&opened));
        });
        Ok(opened)
    }

    /// Gives back what only changes need, where nothing changed for a while.
    pub(super) async fn rest(&self) {
        for live in self.live.load_full().values() {
            if let Err(error) = live.rest().await {
                tracing::warn!(%error, "an index writer could not be closed");
            }
        }
    }

    fn find(&self, name: &BaseName, number: i64) -> Option<Arc<LiveBase>> {
        self.live.load().get(name).filter(|live| live.number() == number).cloned()
    }

    /// Forgets a knowledge base that was deleted from the store, with its files.
    pub(super) async fn remove(&self, name: &BaseName, number: i64) {
        let _changing = self.changing.lock().await;
        let Some(live) = self.find(name, number) else { return };
        self.replace(|map| {
            map.remove(name);
        });
        live.remove().await;
    }

    /// Fills in what the store does not know.
    pub(super) fn with_passages(&self, mut base: KnowledgeBase) -> KnowledgeBase {
        if let Some(generation) = self.snapshot(&base.name) {
            base.num_passages = generation.num_passages() as u64;
            base.generation = generation.number();
        }
        base
    }

    fn replace(&self, change: impl FnOnce(&mut Map)) {
        let mut map = Map::clone(&self.live.load());
        change(&mut map);
        self.live.store(Arc::new(map));
    }
}
