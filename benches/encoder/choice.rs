//! Which encoder is measured.

use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;
use frontdesk::encoder::{EncodedRow, Encoder, Row};

use crate::support::Bundled;

/// The encoder that is measured; without options the one that the settings give.
#[derive(Args)]
pub struct Choice {
    /// How numbers are held while computing.
    #[arg(long)]
    precision: Option<String>,
    /// Instructions that are used at most.
    #[arg(long)]
    kernel: Option<String>,
}

/// An encoder and on how many threads it makes a pass.
pub struct Measured {
    encoder: Arc<dyn Encoder>,
    /// Threads of one pass.
    pub threads: usize,
}

impl Choice {
    /// The encoder of the bundled model.
    ///
    /// # Errors
    /// When the choice is not there.
    pub fn encoder(&self, bundled: &Bundled, threads: usize) -> Result<Measured> {
        // The one encoder there is has neither; a figure under a name that did not count would mislead.
        for (option, value) in [("--precision", &self.precision), ("--kernel", &self.kernel)] {
            if let Some(value) = value {
                let only = bundled.sentences.encoder.backend();
                bail!("{option} {value}: there is only {only}; leave the option out");
            }
        }
        Ok(Measured { encoder: Arc::clone(&bundled.sentences.encoder), threads })
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
        self.encoder.encode(rows)
    }
}
