//! What the benches of the knowledge base share: the model, a knowledge base in a temporary folder, files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use frontdesk::{
    data_folder::DataFolder,
    encoder::{Computing, ModelFolder, SentenceEncoder, TextEncoder},
    knowledge::{AnswerCalibration, Generation, ImportArticles, ImportItem, Knowledge, KnowledgeSettings},
    triage::Model,
};
use serde::de::DeserializeOwned;

/// The questions to the sample shop.
pub const QUESTIONS: &str = "samples/questions.jsonl";
/// The sample shop.
pub const SAMPLE: &str = "samples/knowledge";
/// Articles in one call of import.
const IMPORT_SIZE: usize = 1000;

/// The bundled model.
pub struct Bundled {
    /// Encodes texts.
    pub sentences: SentenceEncoder,
    /// Its search weights and answer probability.
    pub calibration: AnswerCalibration,
    /// Its name and the first digits of its hash.
    pub version: String,
}

impl Bundled {
    /// Loads the model that the settings name by default.
    pub fn load() -> Result<Self> {
        let folder = ModelFolder::open(&frontdesk::settings::Settings::default().model.folder())?;
        let model = Model::load(folder, Computing::default())?;
        let sentences = model.sentences().clone();
        let calibration = AnswerCalibration::load(model.folder(), sentences.dimensions())?;
        Ok(Self { sentences, calibration, version: model.folder().version() })
    }

    /// What a knowledge base is opened with.
    pub fn settings(&self) -> KnowledgeSettings {
        KnowledgeSettings {
            model_id: self.version.clone(),
            calibration: self.calibration.clone(),
            ..KnowledgeSettings::default()
        }
    }
}

/// Opens the knowledge of a folder.
pub async fn open(
    folder: &Path,
    encoder: Arc<dyn TextEncoder>,
    settings: KnowledgeSettings,
) -> Result<Knowledge> {
    Ok(Knowledge::open(Arc::new(DataFolder::open(folder)?), encoder, settings).await?)
}

/// Imports articles into a knowledge base, which is made when it is not there.
///
/// # Errors
/// Also when one article is refused: what was not imported would falsify the figures.
pub async fn import(knowledge: &Knowledge, base: &str, items: Vec<ImportItem>) -> Result<Arc<Generation>> {
    let parent = format!("knowledgeBases/{base}");
    let name = match knowledge.base(&parent).await {
        Ok(there) => there.name,
        Err(_) => knowledge.create_base(base, base, "").await?.name,
    };
    for items in items.chunks(IMPORT_SIZE) {
        let request =
            ImportArticles { parent: parent.clone(), items: items.to_vec(), ..ImportArticles::default() };
        let report = knowledge.import(request, |_| ()).await?;
        ensure!(report.problems.is_empty(), "{parent}: {:?}", report.problems[0]);
    }
    knowledge.snapshot(&name).with_context(|| format!("{parent} has no index"))
}

/// Reads a file of JSON lines, packed with xz where its name says so.
pub fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = match path.extension() {
        Some(extension) if extension == "xz" => unpacked(path)?,
        _ => fs::read_to_string(path).with_context(|| path.display().to_string())?,
    };
    let parsed = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    parsed.with_context(|| path.display().to_string())
}

fn unpacked(path: &Path) -> Result<String> {
    let output = Command::new("xz").arg("-dc").arg(path).output();
    let output = output.context("xz does not start; install xz-utils")?;
    if !output.status.success() {
        bail!("{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Prints a table in Markdown.
pub fn print_table(head: &[&str], rows: &[Vec<String>]) {
    println!("\n| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    rows.iter().for_each(|row| println!("| {} |", row.join(" | ")));
}

/// A file of the data folder.
pub fn data_file(data: &Path, name: &str) -> PathBuf {
    data.join(format!("{name}.jsonl.xz"))
}
