//! Fits the search weights and the answer probability of a model, and writes its `answer.json`.
//!
//! ```text
//! cargo run --release --example fit_answer -- \
//!     models/frontdesk-bilingual-v1 models/training/answers/knowledge \
//!     models/training/answers/questions.jsonl --write models/frontdesk-bilingual-v1/answer.json
//! ```
//!
//! The questions are lines `{"company", "question", "locale", "article"}`; `company` is a folder
//! of the knowledge folder (left out when that holds the articles itself), `article` an article's
//! id without its locale, or null when nothing answers. Without `--write` it only measures.

mod cases;
mod ranking;
mod regression;

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use clap::Parser;
use frontdesk::{
    encoder::{
        self, Batching, Computing, ModelFolder, RowBuilder, SentenceEncoder, TextEncoder, available_cores,
    },
    knowledge::{AnswerCalibration, AnswerFeatures, AnswerHead},
};

use crate::{cases::Cases, regression::Sample};

/// Fits the answer probability of a model.
#[derive(Parser)]
struct Arguments {
    /// Folder of the model; `words` measures the lexical half alone.
    model: PathBuf,
    /// Folder of the articles, or of one folder a company.
    knowledge: PathBuf,
    /// Questions with their articles, JSON lines.
    questions: PathBuf,
    /// Where to write what was fitted.
    #[arg(long)]
    write: Option<PathBuf>,
    /// Parameters to measure instead of fitting some, an `answer.json`.
    #[arg(long)]
    parameters: Option<PathBuf>,
    /// Prints the questions whose article was not found first.
    #[arg(long)]
    verbose: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new()?;
    let (encoder, head): (Arc<dyn TextEncoder>, _) = match arguments.model.to_str() {
        Some("words") => (Arc::new(NoEncoder), None),
        _ => {
            let folder = ModelFolder::open(&arguments.model)?;
            let encoder = load(&folder)?;
            let head = AnswerHead::load(&folder, encoder.dimensions())?;
            (Arc::new(encoder), head.map(Arc::new))
        }
    };
    let cases = runtime.block_on(Cases::load(&arguments.knowledge, &arguments.questions, encoder))?;
    let mut calibration = match &arguments.parameters {
        Some(path) => serde_json::from_str(&fs::read_to_string(path)?).context("parameters")?,
        None => ranking::tune(&cases)?,
    };
    calibration.head = head;
    println!("search: {}", serde_json::to_string(&calibration.search)?);
    ranking::report(&cases, &calibration, arguments.verbose)?;
    let samples = samples(&cases, &calibration)?;
    if arguments.parameters.is_some() {
        let probability = |sample: &Sample| calibration.probability(&sample.features);
        let predicted: Vec<f64> = samples.iter().map(probability).collect();
        regression::report("as given", &samples, &predicted, calibration.threshold);
        return Ok(());
    }
    let predicted = regression::cross_validated(&samples);
    regression::report("5-fold cross-validation", &samples, &predicted, calibration.threshold);
    let fitted = regression::fit(&samples);
    calibration.bias = fitted.bias;
    calibration.weights = AnswerFeatures::NAMES.map(str::to_owned).into_iter().zip(fitted.weights).collect();
    calibration.calibrated = true;
    println!("{}", serde_json::to_string_pretty(&calibration)?);
    if let Some(path) = arguments.write {
        fs::write(&path, serde_json::to_string_pretty(&calibration)? + "\n")?;
        println!("written to {}; add its line to SHA256SUMS", path.display());
    }
    Ok(())
}

/// Gives every text a vector that says nothing.
struct NoEncoder;

impl TextEncoder for NoEncoder {
    fn dimensions(&self) -> usize {
        1
    }

    fn encode_texts(&self, texts: &[&str]) -> frontdesk::Result<Vec<Vec<f32>>> {
        Ok(vec![vec![0.0]; texts.len()])
    }
}

fn load(folder: &ModelFolder) -> Result<SentenceEncoder> {
    let encoder = Batching::new(encoder::load(folder, Computing::REFERENCE)?, available_cores());
    Ok(SentenceEncoder::new(folder, RowBuilder::load(folder)?, encoder)?)
}

/// The features of every question, and whether its first hit is its article.
fn samples(cases: &Cases, calibration: &AnswerCalibration) -> Result<Vec<Sample>> {
    let answered = cases.search(calibration, 1)?;
    let samples = cases.cases.iter().zip(answered).map(|(case, outcome)| {
        let first = outcome.hits.first().map(|hit| hit.article.translation_key().to_owned());
        Sample { features: outcome.features, right: case.article.is_some() && first == case.article }
    });
    Ok(samples.collect())
}
