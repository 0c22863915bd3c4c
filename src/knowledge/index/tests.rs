use std::collections::HashMap;

use tantivy::{
    Searcher,
    collector::TopDocs,
    query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query, TermQuery},
};

use super::*;
use crate::knowledge::analysis::Rendering;

const NUM_PASSAGES: u64 = 20_000;
const LIMIT: usize = 300;

/// An index in several segments whose passages hold words by a fixed rule: word `n` in about every `n`th.
fn index(folder: &Path) -> PassageIndex {
    let index = PassageIndex::create(folder).unwrap();
    let mut writer = index.writer().unwrap();
    writer.writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
    let text = |passage: u64, salt: u64| -> String {
        let holds =
            |word: &u64| passage.wrapping_mul(2_654_435_761).wrapping_add(salt * word).is_multiple_of(*word);
        let words =
            (1..40).filter(holds).map(|word| format!("w{word} ").repeat((passage % word) as usize % 3 + 1));
        words.collect()
    };
    for passage in 0..NUM_PASSAGES {
        let mut document = TantivyDocument::new();
        document.add_i64(index.fields.article, passage as i64 / 3);
        document.add_u64(index.fields.ordinal, passage % 3);
        for (pair, salt) in [(index.fields.title, 1), (index.fields.questions, 2), (index.fields.body, 3)] {
            let text = if salt == 3 || passage % 5 == salt { text(passage, salt) } else { String::new() };
            document.add_text(pair.words, &text);
            document.add_text(pair.units, &text);
        }
        writer.writer.add_document(document).unwrap();
        if passage % 9_000 == 8_999 {
            writer.writer.commit().unwrap();
        }
    }
    (0..200).for_each(|article| writer.delete(article * 7));
    writer.writer.commit().unwrap();
    index
}

/// One rarity a term for all fields.
struct Statistics<'a>(&'a Searcher, HashMap<Term, u64>);

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.0.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.0.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.1[term])
    }
}

/// What tantivy's own query gives: article and position, with the sum.
fn by_query(index: &PassageIndex, words: &[String], weights: &FieldWeights) -> Vec<((i64, u32), f32)> {
    let searcher = index.reader.searcher();
    let Fields { title, questions, body, .. } = index.fields;
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let mut frequencies = HashMap::new();
    for (fields, kind_weight) in [
        ([title.words, questions.words, body.words], weights.words),
        ([title.units, questions.units, body.units], weights.units),
    ] {
        for word in words {
            let terms = fields.map(|field| Term::from_field_text(field, word));
            let frequency = terms.iter().map(|term| searcher.doc_freq(term).unwrap()).max().unwrap();
            let weighted = terms.into_iter().zip([weights.title, weights.questions, weights.body]);
            let query = |(term, weight): (Term, f64)| -> Box<dyn Query> {
                frequencies.insert(term.clone(), frequency);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                Box::new(BoostQuery::new(Box::new(query), (weight * kind_weight) as f32))
            };
            clauses.push((Occur::Should, Box::new(DisjunctionMaxQuery::new(weighted.map(query).collect()))));
        }
    }
    let best = TopDocs::with_limit(LIMIT).order_by_score();
    let query = BooleanQuery::new(clauses);
    let found =
        searcher.search_with_statistics_provider(&query, &best, &Statistics(&searcher, frequencies)).unwrap();
    let key = |address: tantivy::DocAddress| {
        let columns = searcher.segment_reader(address.segment_ord).fast_fields();
        let article = columns.i64(ARTICLE).unwrap().first(address.doc_id).unwrap();
        let ordinal = columns.u64(ORDINAL).unwrap().first(address.doc_id).unwrap();
        (article, ordinal as u32)
    };
    found.into_iter().map(|(score, address)| (key(address), score)).collect()
}

fn rendering(words: &[&str]) -> Rendering {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Rendering { units: words.clone(), words }
}

#[test]
fn the_best_passages_are_those_of_tantivys_own_query() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path());
    let searcher = index.searcher().unwrap();
    let weights = FieldWeights { title: 1.3, questions: 0.9, body: 0.8, words: 1.0, units: 0.7 };
    for words in [&["w1"][..], &["w39", "w2"], &["w3", "w17", "w30", "w5"], &["nowhere", "w8"]] {
        let asked = rendering(words);
        let expected: HashMap<(i64, u32), f32> =
            by_query(&index, &asked.words, &weights).into_iter().collect();
        let found = searcher.score(std::slice::from_ref(&asked), &weights, |_| true, LIMIT).unwrap();
        assert_eq!(found.scores.len(), LIMIT);
        // The sum of all parts is the same up to the scale.
        let largest = expected.values().copied().fold(0.0, f32::max);
        let top = found.scores.iter().map(|found| found.score).fold(0.0, f64::max);
        for found in &found.scores {
            let expected = expected.get(&(found.article, found.ordinal)).copied();
            let expected = f64::from(expected.expect("only what the query finds")) / f64::from(largest);
            assert!((found.score / top - expected).abs() < 1e-5, "{words:?} {found:?}");
        }
    }
}

#[test]
fn only_admitted_passages_that_are_still_there_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path());
    let searcher = index.searcher().unwrap();
    assert_eq!(searcher.num_passages(), NUM_PASSAGES - 600);
    let asked = [rendering(&["w1"])];
    let found = searcher.score(&asked, &FieldWeights::default(), |article| article < 30, 1_000).unwrap();
    let mut articles: Vec<i64> = found.scores.iter().map(|found| found.article).collect();
    articles.sort_unstable();
    articles.dedup();
    assert_eq!(articles, (0..30).filter(|article| article % 7 != 0).collect::<Vec<i64>>());
    assert!(found.scores.iter().all(|found| found.score > 0.0 && found.score <= 1.0));
}

#[test]
fn words_that_stand_nowhere_are_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path());
    let searcher = index.searcher().unwrap();
    let weights = FieldWeights::default();
    let unknown =
        |words: &[&str]| searcher.score(&[rendering(words)], &weights, |_| true, 10).unwrap().unknown;
    assert!(unknown(&["w2"]).abs() < 1e-9);
    assert!((unknown(&["nowhere"]) - 1.0).abs() < 1e-9);
    assert!((0.5..1.0).contains(&unknown(&["w2", "nowhere"])));
}
