//! Questions with known answers, and the knowledge bases that they are put to.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use frontdesk::{
    data_folder::DataFolder,
    encoder::TextEncoder,
    knowledge::{
        AnswerCalibration, BaseName, Generation, ImportArticles, Knowledge, KnowledgeSettings, Query,
        SearchFilter, SearchOutcome, formats,
    },
    message::Locale,
};
use serde::Deserialize;

/// Questions that are encoded in one batch.
const BATCH_SIZE: usize = 32;
/// Articles that are imported at once.
const IMPORT_SIZE: usize = 1000;

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    company: String,
    question: String,
    locale: Locale,
    article: Option<String>,
}

/// One question.
pub struct Case {
    /// Folder of the company.
    pub company: String,
    /// As a customer typed it.
    pub question: String,
    /// Language of the asker.
    pub locale: Locale,
    /// The article that answers, without its locale.
    pub article: Option<String>,
    /// Vector of the question.
    pub vector: Vec<f32>,
}

/// All questions and the generations that they are put to.
pub struct Cases {
    /// The questions.
    pub cases: Vec<Case>,
    /// One generation a company.
    pub generations: BTreeMap<String, Arc<Generation>>,
    _folder: tempfile::TempDir,
}

impl Cases {
    /// Imports the knowledge and encodes the questions.
    pub async fn load(knowledge: &Path, questions: &Path, encoder: Arc<dyn TextEncoder>) -> Result<Self> {
        let lines: Vec<Line> = fs::read_to_string(questions)?
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .with_context(|| questions.display().to_string())?;
        let folder = tempfile::tempdir()?;
        let data = Arc::new(DataFolder::open(folder.path())?);
        let settings = KnowledgeSettings { model_id: "fit".into(), ..KnowledgeSettings::default() };
        let store = Knowledge::open(data, encoder.clone(), settings).await?;
        let companies: std::collections::BTreeSet<&str> =
            lines.iter().map(|line| line.company.as_str()).collect();
        let mut generations = BTreeMap::new();
        for company in companies {
            let generation = import(&store, company, &knowledge.join(company)).await?;
            generations.insert(company.to_owned(), generation);
        }
        let mut cases = Vec::with_capacity(lines.len());
        for batch in lines.chunks(BATCH_SIZE) {
            let texts: Vec<&str> = batch.iter().map(|line| line.question.as_str()).collect();
            for (line, vector) in batch.iter().zip(encoder.encode_texts(&texts)?) {
                cases.push(Case {
                    company: line.company.clone(),
                    question: line.question.clone(),
                    locale: line.locale,
                    article: line.article.clone(),
                    vector,
                });
            }
        }
        Ok(Self { cases, generations, _folder: folder })
    }

    /// Puts every question to its knowledge base.
    pub fn search(&self, calibration: &AnswerCalibration, max_hits: usize) -> Result<Vec<SearchOutcome>> {
        let tuned: BTreeMap<&str, Generation> = self
            .generations
            .iter()
            .map(|(company, generation)| (company.as_str(), generation.with_calibration(calibration.clone())))
            .collect();
        let filter = SearchFilter::default();
        let ask = |case: &Case| -> Result<SearchOutcome> {
            let query = Query {
                text: &case.question,
                vector: &case.vector,
                locale: Some(case.locale),
                filter: &filter,
                max_hits,
            };
            Ok(tuned[case.company.as_str()].search(&query)?)
        };
        self.cases.iter().map(ask).collect()
    }
}

async fn import(store: &Knowledge, company: &str, folder: &Path) -> Result<Arc<Generation>> {
    let id = if company.is_empty() { "knowledge" } else { company };
    let name = store.create_base(id, id, "").await?.name;
    let reading = formats::read(folder, &formats::ReadOptions::default());
    for problem in reading.problems {
        eprintln!("{problem}");
    }
    let items: Vec<_> = reading.articles.into_iter().map(|file| file.item).collect();
    for items in items.chunks(IMPORT_SIZE) {
        let items = items.to_vec();
        let request = ImportArticles { parent: name.to_string(), items, ..ImportArticles::default() };
        let report = store.import(request, |_| ()).await?;
        for problem in report.problems {
            eprintln!("{}: {}: {}", problem.name, problem.field, problem.message);
        }
    }
    let name: BaseName = name;
    match store.snapshot(&name) {
        Some(generation) => {
            let counts = (generation.num_articles(), generation.num_passages());
            println!("{id}: {} articles, {} passages", counts.0, counts.1);
            Ok(generation)
        }
        None => bail!("{name} has no index"),
    }
}
