//! Which encoder is measured.

use std::{num::NonZeroUsize, sync::Arc};

use anyhow::{Context, Result};
use clap::Args;
use frontdesk::{
    encoder::{self, Computing, EncodedRow, Encoder, Kernel, ModelFolder, PrecisionChoice, Row},
    settings::Settings,
};

/// The encoder that is measured; without options the one that the settings give.
#[derive(Args)]
pub struct Choice {
    /// How numbers are held while computing, as in `model.precision`.
    #[arg(long, default_value_t)]
    precision: PrecisionChoice,
    /// Instructions that are used, as in `model.kernel`.
    #[arg(long, default_value_t)]
    kernel: Kernel,
}

/// An encoder and on how many threads it makes a pass.
pub struct Measured {
    encoder: Arc<dyn Encoder>,
    /// Threads of one pass.
    pub threads: usize,
    cores: NonZeroUsize,
}

impl Choice {
    /// The encoder of the bundled model.
    ///
    /// # Errors
    /// When the processor does not have what was chosen.
    pub fn encoder(&self, threads: usize) -> Result<Measured> {
        let folder = ModelFolder::open(&Settings::default().model.folder())?;
        let computing = Computing { kernel: self.kernel, precision: self.precision };
        let cores = NonZeroUsize::new(threads).context("a pass takes a thread")?;
        Ok(Measured { encoder: encoder::load(&folder, computing)?, threads, cores })
    }
}

impl Measured {
    /// Name of the encoder.
    pub fn name(&self) -> String {
        format!("Frontdesk {}", self.encoder.backend())
    }

    /// One pass over rows.
    ///
    /// # Errors
    /// When the pass fails.
    pub fn encode(&self, rows: &[Row]) -> frontdesk::Result<Vec<EncodedRow>> {
        // As the program does it: a second core only where a pass is worth it.
        let tokens = rows.iter().map(|row| row.ids.len()).sum();
        self.encoder.encode(rows, self.cores.min(self.encoder.worthwhile_cores(tokens)))
    }
}
