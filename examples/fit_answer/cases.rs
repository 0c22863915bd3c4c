//! Questions with known answers, and the knowledge bases that they are put to.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use frontdesk::{
    data_folder::DataFolder,
    encoder::{QuestionVectors, TextEncoder},
    knowledge::{
        AnswerCalibration, BaseName, Generation, ImportArticles, ImportItem, Knowledge, KnowledgeSettings,
        Query, SearchFilter, SearchOutcome, formats,
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
    /// As a customer typed it.
    pub question: String,
    /// Language of the asker.
    pub locale: Locale,
    /// The article that answers, without its locale.
    pub article: Option<String>,
    /// Vectors of the question.
    pub vectors: QuestionVectors,
}

/// All questions and the generations that they are put to.
pub struct Cases {
    /// The questions.
    pub cases: Vec<Case>,
    /// What they are put to: the articles of all companies in one knowledge base. A dozen articles alone
    /// are too easy to tell apart.
    pub generation: Arc<Generation>,
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
        let companies: BTreeSet<&str> = lines.iter().map(|line| line.company.as_str()).collect();
        let generation = import(&store, &companies, knowledge).await?;
        let mut cases = Vec::with_capacity(lines.len());
        for batch in lines.chunks(BATCH_SIZE) {
            let texts: Vec<&str> = batch.iter().map(|line| line.question.as_str()).collect();
            for (line, vectors) in batch.iter().zip(encoder.encode_questions(&texts)?) {
                cases.push(Case {
                    question: line.question.clone(),
                    locale: line.locale,
                    article: line.article.as_ref().map(|article| named(&line.company, article)),
                    vectors,
                });
            }
        }
        Ok(Self { cases, generation, _folder: folder })
    }

    /// Puts every question to its knowledge base.
    pub fn search(&self, calibration: &AnswerCalibration, max_hits: usize) -> Result<Vec<SearchOutcome>> {
        let tuned = self.generation.with_calibration(calibration.clone());
        let filter = SearchFilter::default();
        let ask = |case: &Case| -> Result<SearchOutcome> {
            let query = Query {
                text: &case.question,
                vector: &case.vectors.vector,
                tokens: &case.vectors.tokens,
                locale: Some(case.locale),
                filter: &filter,
                max_hits,
            };
            Ok(tuned.search(&query)?)
        };
        self.cases.iter().map(ask).collect()
    }
}

/// An article's id within the one knowledge base.
fn named(company: &str, id: &str) -> String {
    if company.is_empty() { id.to_owned() } else { format!("{company}-{id}") }
}

async fn import(store: &Knowledge, companies: &BTreeSet<&str>, folder: &Path) -> Result<Arc<Generation>> {
    let name = store.create_base("knowledge", "Knowledge", "").await?.name;
    let mut items = Vec::new();
    for company in companies {
        let reading = formats::read(&folder.join(company), &formats::ReadOptions::default());
        for problem in reading.problems {
            eprintln!("{problem}");
        }
        let item =
            |file: formats::ArticleFile| ImportItem { name: named(company, &file.item.name), ..file.item };
        items.extend(reading.articles.into_iter().map(item));
    }
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
            println!("{} articles, {} passages", counts.0, counts.1);
            Ok(generation)
        }
        None => bail!("{name} has no index"),
    }
}
