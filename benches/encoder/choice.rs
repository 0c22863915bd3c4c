//! Which encoder is measured.

use std::{num::NonZeroUsize, sync::Arc};

use anyhow::Result;
use clap::Args;
use frontdesk::{
    encoder::{Computing, EncodedRow, Encoder, Kernel, ModelFolder, PrecisionChoice, Row, SentenceEncoder},
    settings::Settings,
    triage::Model,
};

/// The encoder that is measured, by the names of the settings `model.kernel` and `model.precision`.
#[derive(Args)]
pub struct Choice {
    /// What computes: "auto", "candle", or instructions that are used at most, for example "avx2".
    #[arg(long, default_value = "auto")]
    kernel: Kernel,
    /// What matrices are multiplied in: "auto", "f32", "bf16" or "int8".
    #[arg(long, default_value = "auto")]
    precision: PrecisionChoice,
}

/// An encoder and on how many threads it makes a pass.
pub struct Measured {
    encoder: Arc<dyn Encoder>,
    cores: NonZeroUsize,
}

impl Choice {
    /// Loads the bundled model with this encoder.
    ///
    /// # Errors
    /// When the processor lacks what is asked for.
    pub fn load(&self) -> Result<SentenceEncoder> {
        let folder = ModelFolder::open(&Settings::default().model.folder())?;
        let computing = Computing { kernel: self.kernel, precision: self.precision };
        Ok(Model::load(folder, computing)?.sentences().clone())
    }
}

impl Measured {
    /// The encoder of a model, with so many threads for a pass.
    pub fn new(sentences: &SentenceEncoder, cores: NonZeroUsize) -> Self {
        Self { encoder: Arc::clone(sentences.encoder.inner()), cores }
    }

    /// Name of the encoder.
    pub fn name(&self) -> String {
        format!("Frontdesk {}", self.encoder.backend())
    }

    /// Threads of one pass.
    pub fn threads(&self) -> usize {
        self.cores.get()
    }

    /// One pass over rows.
    ///
    /// # Errors
    /// When the pass fails.
    pub fn encode(&self, rows: &[Row]) -> frontdesk::Result<Vec<EncodedRow>> {
        // As the program does it: a further core only where it makes the pass faster.
        let tokens = rows.iter().map(|row| row.ids.len()).sum();
        self.encoder.encode(rows, self.cores.min(self.encoder.worthwhile_cores(tokens)))
    }
}
