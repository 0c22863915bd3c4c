//! The knowledge base of the server that is measured.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use frontdesk::{
    encoder::{TextEncoder, TextVectors},
    settings::Settings,
};

use crate::{
    articles::{self, Articles, HashEncoder},
    support,
};

/// Makes the knowledge base of `num_passages` passages in a data folder that has it not yet; gives its name.
///
/// With 0 it is the sample shop, which the server imports itself.
pub async fn prepare(data: &Path, num_passages: usize, encode: bool) -> Result<String> {
    if num_passages == 0 {
        return Ok(Settings::default().knowledge.default_base);
    }
    let id = format!("{}-{num_passages}", if encode { "real" } else { "stand-in" });
    let name = format!("knowledgeBases/{id}");
    let bundled = support::Bundled::load()?;
    let encoder: Arc<dyn TextEncoder> = match encode {
        true => Arc::new(bundled.sentences.clone()),
        false => Arc::new(StandIn { token_width: bundled.sentences.token_width() }),
    };
    let knowledge = support::open(data, encoder, bundled.settings()).await?;
    let there = knowledge.base(&name).await.is_ok();
    if !there {
        let mut missing = num_passages;
        let items = Articles::new().take_while(|item| {
            let wanted = missing > 0;
            missing = missing.saturating_sub(articles::num_passages(item));
            wanted
        });
        let generation = support::import(&knowledge, &id, items.collect()).await?;
        println!(
            "{name}: {} passages, their vectors from {}",
            generation.num_passages(),
            if encode { "the model" } else { "a stand-in that hashes characters" }
        );
    }
    knowledge.close().await;
    Ok(name)
}

/// The stand-in, with vectors of tokens: a search costs with them what it costs with real ones.
struct StandIn {
    token_width: usize,
}

impl TextEncoder for StandIn {
    fn dimensions(&self) -> usize {
        HashEncoder.dimensions()
    }

    fn token_width(&self) -> usize {
        self.token_width
    }

    fn encode_texts(&self, texts: &[&str]) -> frontdesk::Result<Vec<Vec<f32>>> {
        HashEncoder.encode_texts(texts)
    }

    fn encode_with_tokens(&self, texts: &[&str]) -> frontdesk::Result<Vec<TextVectors>> {
        /// Bytes of text that become a token, and tokens that the model reads at most.
        const TOKEN_BYTES: usize = 5;
        const MAX_TOKENS: usize = 126;
        let vectors = self.encode_texts(texts)?.into_iter().zip(texts);
        let with_tokens = vectors.map(|(vector, text)| {
            let num_tokens = (text.len() / TOKEN_BYTES).clamp(1, MAX_TOKENS);
            let tokens = text.bytes().cycle().take(num_tokens * self.token_width).collect();
            TextVectors { vector, tokens }
        });
        Ok(with_tokens.collect())
    }
}
