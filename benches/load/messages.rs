//! What the callers send.

use std::{fmt, path::Path, sync::Arc};

use anyhow::Result;
use frontdesk::{
    encoder::{ModelFolder, RowBuilder},
    eval,
    message::Locale,
    settings::Settings,
};

/// Messages on which the model is not trained, and which measure nothing but speed here.
const FILE: &str = "models/training/corpus/dev.jsonl";
/// Tokens of the longest messages that are sent; with them the mean is that of a chat.
const MAX_TOKENS: usize = 40;
/// Bytes of a long message.
const LONG_BYTES: usize = 4096;

/// Messages of customers, mixed by language.
pub struct Messages {
    short: Arc<[String]>,
    long: Arc<[String]>,
    mean_tokens: f64,
}

impl Messages {
    /// Reads the messages of English and Chinese that stand alone, the three languages by turns.
    pub fn load(settings: &Settings) -> Result<Self> {
        let folder = ModelFolder::open(&settings.model.folder())?;
        let rows = RowBuilder::load(&folder)?;
        let all = eval::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE))?;
        let of_language = |locale: Locale| {
            let alone =
                all.iter().filter(|message| message.lang == locale.tag() && message.context.is_empty());
            let sized =
                alone.map(|message| Ok((rows.tokenize(&message.text)?.ids.len(), message.text.clone())));
            let all = sized.collect::<frontdesk::Result<Vec<(usize, String)>>>();
            all.map(|all| all.into_iter().filter(|(num_tokens, _)| *num_tokens <= MAX_TOKENS).collect())
        };
        let mut by_language: Vec<Vec<(usize, String)>> =
            Locale::ALL.into_iter().map(of_language).collect::<frontdesk::Result<_>>()?;
        let num_each = by_language.iter().map(Vec::len).min().unwrap_or_default();
        let mut mixed = Vec::new();
        for _ in 0..num_each {
            mixed.extend(by_language.iter_mut().filter_map(Vec::pop));
        }
        let num_tokens: usize = mixed.iter().map(|(num_tokens, _)| num_tokens).sum();
        #[expect(clippy::cast_precision_loss, reason = "counts of a bench")]
        let mean_tokens = num_tokens as f64 / mixed.len() as f64;
        let short: Arc<[String]> = mixed.into_iter().map(|(_, text)| text).collect();
        let long = (0..30).map(|start| long(&short, start)).collect();
        Ok(Self { short, long, mean_tokens })
    }

    /// Messages as customers write them.
    pub fn short(&self) -> Arc<[String]> {
        Arc::clone(&self.short)
    }

    /// Messages of 4 KB each, of one language.
    pub fn long(&self) -> Arc<[String]> {
        Arc::clone(&self.long)
    }
}

/// Messages of one language one after the other, up to the size of a long one.
fn long(short: &[String], start: usize) -> String {
    let mut text = String::new();
    for part in short.iter().cycle().skip(start).step_by(3) {
        if text.len() + part.len() >= LONG_BYTES {
            break;
        }
        text.push_str(part);
        text.push('\n');
    }
    text
}

impl fmt::Display for Messages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} messages, a third each en, zh-Hans, zh-Hant; {:.1} tokens on average, {MAX_TOKENS} at most",
            self.short.len(),
            self.mean_tokens,
        )
    }
}
