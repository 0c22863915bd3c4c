//! The open retrieval sets; `benches/README.md` says how each is asked.

use std::{collections::HashSet, path::Path, sync::Arc};

use anyhow::Result;
use frontdesk::{
    knowledge::{ArticleInput, Generation, ImportItem, Knowledge, SearchFilter},
    message::Locale,
};
use serde::Deserialize;

use crate::{
    put::{Half, Question, Questions},
    support::{self, Bundled},
};

/// Title of every article: one sign, in which there is no word, so that it gives no answer away.
const NO_TITLE: &str = "-";

#[derive(Deserialize)]
struct Pair {
    q: String,
    a: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    entity: Option<String>,
}

#[derive(Deserialize)]
struct HelpArticle {
    id: String,
    title: String,
    title_en: String,
    body: String,
    title_unique: bool,
}

/// A knowledge base with the questions that are put to it.
struct Set<'a> {
    name: &'a str,
    generation: &'a Generation,
    questions: Vec<Question>,
}

/// Measures all sets that are wanted.
pub async fn measure(bundled: &Bundled, folder: &Path, wants: impl Fn(&str) -> bool) -> Result<()> {
    let temporary = tempfile::tempdir()?;
    let encoder = Arc::new(bundled.sentences.clone());
    let knowledge = support::open(temporary.path(), encoder, bundled.settings()).await?;
    let questions = Questions::new(bundled);
    let mut rows = Vec::new();
    if wants("dstc9") {
        dstc9(&knowledge, folder, &questions, &mut rows).await?;
    }
    if wants("alchemy") {
        alchemy(&knowledge, folder, &questions, &mut rows).await?;
    }
    if wants("egret") {
        egret(&knowledge, folder, &questions, &mut rows).await?;
    }
    knowledge.close().await;
    support::print_table(&["set", "half", "questions", "hit@1", "hit@3", "hit@10", "MRR"], &rows);
    Ok(())
}

async fn dstc9(
    knowledge: &Knowledge,
    folder: &Path,
    questions: &Questions<'_>,
    rows: &mut Vec<Vec<String>>,
) -> Result<()> {
    let pairs: Vec<Pair> = support::read_lines(&support::data_file(folder, "en_dstc9faq.corpus"))?;
    let entity =
        |pair: &Pair| pair.id.rsplit_once('/').map_or_else(String::new, |(entity, _)| entity.to_owned());
    let item = |(pair, number): (&Pair, usize)| article(number, Locale::En, &pair.a, vec![entity(pair)]);
    let items = pairs.iter().zip(0..).map(item).collect();
    let generation = support::import(knowledge, "dstc9", items).await?;
    let over_all = pairs.iter().zip(0..).map(|(pair, number)| Question {
        text: format!("{} {}", pair.entity.as_deref().unwrap_or_default(), pair.q),
        ..question(number, Locale::En, "")
    });
    let over_all =
        Set { name: "dstc9 en, entity named", generation: &generation, questions: over_all.collect() };
    over_all.measure(questions, rows)?;
    let of_kind =
        |pair: &Pair| ["hotel", "taxi", "train"].contains(&pair.id.split('/').next().unwrap_or_default());
    let within = pairs.iter().zip(0..).filter(|(pair, _)| of_kind(pair)).map(|(pair, number)| Question {
        filter: SearchFilter { tags: vec![entity(pair)], ..SearchFilter::default() },
        ..question(number, Locale::En, &pair.q)
    });
    let within =
        Set { name: "dstc9 en, within entity", generation: &generation, questions: within.collect() };
    within.measure(questions, rows)
}

async fn alchemy(
    knowledge: &Knowledge,
    folder: &Path,
    questions: &Questions<'_>,
    rows: &mut Vec<Vec<String>>,
) -> Result<()> {
    let read = |name: &str| support::read_lines::<HelpArticle>(&support::data_file(folder, name));
    let (cn, tw) = (read("zhCN_alchemy.corpus")?, read("zhTW_alchemy.corpus")?);
    let items = |articles: &[HelpArticle], locale| -> Vec<ImportItem> {
        articles.iter().map(|help| named(&help.id, locale, &help.body, vec![])).collect()
    };
    let in_cn = support::import(knowledge, "alchemy-cn", items(&cn, Locale::ZhHans)).await?;
    let in_tw = support::import(knowledge, "alchemy-tw", items(&tw, Locale::ZhHant)).await?;
    let asked = |articles: &[HelpArticle], base: &[HelpArticle], locale: Locale| -> Vec<Question> {
        let there: HashSet<&str> = base.iter().map(|help| help.id.as_str()).collect();
        let asked = articles.iter().filter(|help| help.title_unique && there.contains(help.id.as_str()));
        let text =
            |help: &HelpArticle| if locale == Locale::En { &help.title_en } else { &help.title }.clone();
        let question = |help: &HelpArticle| Question {
            text: text(help),
            locale,
            article: help.id.clone(),
            filter: SearchFilter::default(),
        };
        asked.map(question).collect()
    };
    let sets = [
        ("alchemy zh-Hans → zh-Hans", &in_cn, asked(&cn, &cn, Locale::ZhHans)),
        ("alchemy zh-Hant → zh-Hant", &in_tw, asked(&tw, &tw, Locale::ZhHant)),
        ("alchemy zh-Hant → zh-Hans", &in_cn, asked(&tw, &cn, Locale::ZhHant)),
        ("alchemy zh-Hans → zh-Hant", &in_tw, asked(&cn, &tw, Locale::ZhHans)),
        ("alchemy en → zh-Hans", &in_cn, asked(&cn, &cn, Locale::En)),
        ("alchemy en → zh-Hant", &in_tw, asked(&tw, &tw, Locale::En)),
    ];
    for (name, generation, asked) in sets {
        Set { name, generation, questions: asked }.measure(questions, rows)?;
    }
    Ok(())
}

async fn egret(
    knowledge: &Knowledge,
    folder: &Path,
    questions: &Questions<'_>,
    rows: &mut Vec<Vec<String>>,
) -> Result<()> {
    let pairs: Vec<Pair> = support::read_lines(&support::data_file(folder, "zhCN_egret.qa"))?;
    let items = pairs.iter().zip(0..).map(|(pair, number)| article(number, Locale::ZhHans, &pair.a, vec![]));
    let generation = support::import(knowledge, "egret", items.collect()).await?;
    let asked = pairs.iter().zip(0..).map(|(pair, number)| question(number, Locale::ZhHans, &pair.q));
    Set { name: "egret zh-Hans forum", generation: &generation, questions: asked.collect() }
        .measure(questions, rows)
}

impl Set<'_> {
    fn measure(&self, questions: &Questions<'_>, rows: &mut Vec<Vec<String>>) -> Result<()> {
        for half in Half::ALL {
            let ranking = questions.rank(self.generation, half, &self.questions)?;
            let row: Vec<String> =
                [self.name, half.name()].map(str::to_owned).into_iter().chain(ranking.cells()).collect();
            eprintln!("{}", row.join("  "));
            rows.push(row);
        }
        Ok(())
    }
}

fn article(number: usize, locale: Locale, body: &str, tags: Vec<String>) -> ImportItem {
    named(&format!("a{number}"), locale, body, tags)
}

fn named(id: &str, locale: Locale, body: &str, tags: Vec<String>) -> ImportItem {
    let input = ArticleInput {
        locale: locale.tag().to_owned(),
        title: NO_TITLE.to_owned(),
        body: body.to_owned(),
        tags,
        ..ArticleInput::default()
    };
    ImportItem { name: id.to_owned(), input }
}

fn question(number: usize, locale: Locale, text: &str) -> Question {
    Question { text: text.to_owned(), locale, article: format!("a{number}"), filter: SearchFilter::default() }
}
