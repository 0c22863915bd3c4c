//! `frontdesk eval --compare-precision`: what each precision changes against candle in f32.

use std::{path::PathBuf, sync::Arc};

use super::{
    super::{Context, Failure},
    json_text, line,
};
use crate::{
    encoder::{Computing, Isa, ModelFolder},
    eval::{
        self, Computed, DEPTHS, FoundChange, LabelledMessage, PrecisionReport, Question, RetrievalChange,
        Shelf,
    },
    progress,
    triage::{Model, Reading},
};

/// Questions to the sample knowledge base; part of the program like the messages.
const QUESTIONS: &str = include_str!("../../../samples/questions.jsonl");

/// What every precision is compared on.
struct Compared {
    folder: ModelFolder,
    reading: Reading,
    messages: Arc<[LabelledMessage]>,
    questions: Vec<Question>,
    /// Folder of the articles; `None` when there is none.
    articles: Option<PathBuf>,
}

/// What one way of computing makes of all.
struct Outcome {
    model: Arc<Model>,
    computed: Computed,
    shelf: Option<Shelf>,
}

/// Compares every precision of some kernels, of the best ones when none is named; gives the report.
pub(super) async fn run(
    context: &Context,
    messages: Vec<LabelledMessage>,
    kernels: &[Isa],
) -> Result<String, Failure> {
    let articles = context.settings.knowledge.sample_folder();
    if !eval::has_articles(&articles) {
        tracing::warn!(folder = %articles.display(), "no articles there; search is not compared");
    }
    let compared = Compared {
        folder: ModelFolder::open(&context.settings.model.folder()).map_err(failed)?,
        reading: context.settings.reading(),
        messages: messages.into(),
        questions: eval::questions(QUESTIONS, "questions").map_err(failed)?,
        articles: eval::has_articles(&articles).then_some(articles),
    };
    let best = [Isa::best()];
    let kernels = if kernels.is_empty() { best.as_slice() } else { kernels };
    let ways = kernels.iter().flat_map(|&isa| {
        // Without any, the attempt tells what the processor has.
        let precisions =
            if isa.is_available() { isa.precisions() } else { vec![crate::encoder::Precision::F32] };
        precisions.into_iter().map(move |precision| Computing::fused(isa, precision))
    });
    // Before the reference is computed, which takes longest.
    let models: Vec<Model> = ways
        .map(|way| Model::load(compared.folder.clone(), way))
        .collect::<crate::Result<_>>()
        .map_err(failed)?;
    let reference = Model::load(compared.folder.clone(), Computing::REFERENCE).map_err(failed)?;
    let reference = compared.outcome(reference).await?;
    let mut reports = Vec::new();
    for model in models {
        let outcome = compared.outcome(model).await?;
        reports.push(compared.report(&reference, &outcome).map_err(failed)?);
    }
    if context.global.json { json_text(&reports) } else { Ok(table(&reports)) }
}

fn failed(error: crate::Error) -> Failure {
    match error {
        crate::Error::Invalid { .. } => Failure::usage(error.into()),
        other => Failure::server(other.into()),
    }
}

impl Compared {
    async fn outcome(&self, model: Model) -> Result<Outcome, Failure> {
        let model = Arc::new(model);
        let bar = progress::bar(self.messages.len() as u64, &format!("messages, {}", backend(&model)));
        let (shared, messages, reading) =
            (Arc::clone(&model), Arc::clone(&self.messages), self.reading.clone());
        let work = move || {
            let computed = Computed::of(&shared, &reading, &messages, |done| bar.inc(done as u64));
            bar.finish_and_clear();
            computed
        };
        let done = tokio::task::spawn_blocking(work).await.map_err(|error| Failure::server(error.into()))?;
        let shelf = match &self.articles {
            Some(articles) => Some(Shelf::fill(&model, articles).await.map_err(failed)?),
            None => None,
        };
        Ok(Outcome { model, computed: done.map_err(failed)?, shelf })
    }

    fn report(&self, reference: &Outcome, outcome: &Outcome) -> crate::Result<PrecisionReport> {
        let report = PrecisionReport::of(
            backend(&outcome.model),
            &self.messages,
            &reference.computed,
            &outcome.computed,
        );
        let retrieval = match (&reference.shelf, &outcome.shelf) {
            (Some(kept), Some(own)) => {
                let found = kept.ask(reference.model.sentences(), &self.questions)?;
                let change = |shelf: &Shelf| -> crate::Result<FoundChange> {
                    let other = shelf.ask(outcome.model.sentences(), &self.questions)?;
                    Ok(FoundChange::of(&self.questions, &found, &other))
                };
                Some(RetrievalChange { kept_index: change(kept)?, own_index: change(own)? })
            }
            _ => None,
        };
        Ok(PrecisionReport { retrieval, ..report })
    }
}

fn backend(model: &Model) -> &str {
    model.sentences().encoder.backend()
}

/// The reports as a Markdown table, a column each.
fn table(reports: &[PrecisionReport]) -> String {
    let mut out = String::new();
    let mut row = |name: &str, cell: &dyn Fn(&PrecisionReport) -> String| {
        line(&mut out, name, reports.iter().map(cell));
    };
    row("against candle f32", &|report| report.backend.clone());
    row("---", &|_| "---:".to_owned());
    row("messages", &|report| report.num_messages.to_string());
    let labels = reports.first().map_or(&[][..], |report| &report.labels);
    for (number, label) in labels.iter().enumerate() {
        row(&format!("{}: another", label.label), &|report| percent(report.labels[number].differing));
    }
    row("all labels: another", &|report| percent(report.all_labels));
    for (number, label) in labels.iter().enumerate() {
        row(&format!("{}: right, before → now", label.label), &|report| {
            let label = &report.labels[number];
            format!("{:.4} → {:.4}", label.reference_right, label.right)
        });
    }
    row("cosine: mean", &|report| format!("{:.6}", report.cosine.mean));
    row("cosine: first percentile", &|report| format!("{:.6}", report.cosine.first_percentile));
    row("cosine: least", &|report| format!("{:.6}", report.cosine.min));
    for (name, is_kept) in [("index of candle f32", true), ("index of its own", false)] {
        let of = |change: &RetrievalChange| {
            if is_kept { change.kept_index.clone() } else { change.own_index.clone() }
        };
        let mut found = |what: &str, cell: &dyn Fn(&FoundChange) -> String| {
            row(&format!("{name}: {what}"), &|report| {
                report.retrieval.as_ref().map_or("–".to_owned(), |change| cell(&of(change)))
            });
        };
        found("questions", &|change| change.num_questions.to_string());
        found("another first passage", &|change| percent(change.first_differs));
        for (number, depth) in DEPTHS.into_iter().enumerate() {
            found(&format!("recall of the first {depth}"), &|change| format!("{:.4}", change.recall[number]));
        }
        found("sent or not: another", &|change| percent(change.answered_differs));
        found("right article first, before → now", &|change| {
            format!("{:.4} → {:.4}", change.reference_right, change.right)
        });
    }
    out
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}
