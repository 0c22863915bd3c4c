use std::fs;

use super::*;
use crate::{
    encoder::TextVectors,
    knowledge::{
        article::{Article, ArticleInput, Limits},
        name::{ArticleName, BaseName},
        passage::cut,
        prepare::PreparedArticle,
        store::{CutArticle, StoredArticle},
        vectors::Quantised,
    },
    message::Locale,
};

const WIDTH: usize = 4;

fn prepared(number: i64, id: &str, body: &str) -> PreparedArticle {
    let input = ArticleInput {
        locale: "zh-Hant".into(),
        title: format!("標題 {number}"),
        body: body.into(),
        questions: vec!["怎麼退貨?".into()],
        ..ArticleInput::default()
    };
    let base = BaseName::from_id("shop", "id").unwrap();
    let article = Article {
        name: ArticleName::from_id(&base, id, "id").unwrap(),
        content: input.check("article", &Limits::default()).unwrap(),
        version: 7,
        create_time_ms: 0,
        update_time_ms: 0,
        etag: String::new(),
    };
    let passages = cut(body);
    let of_row = |row: usize| TextVectors {
        vector: vec![number as f32, row as f32, -1.0, 0.5],
        tokens: vec![number as u8; row * 2],
    };
    let vectors = (0..passages.len() + 2).map(of_row).collect();
    let stored = StoredArticle { number, article, content_hash: String::new() };
    PreparedArticle::new(CutArticle { stored, passages }, WIDTH, vectors)
}

fn written(folder: &Path, articles: &[PreparedArticle]) -> Segment {
    let sources: Vec<Source<'_>> = articles.iter().map(Source::New).collect();
    write(folder, "1.seg", WIDTH, &sources, vec![3, 9]).unwrap();
    Segment::open(folder, "1.seg").unwrap()
}

fn two() -> [PreparedArticle; 2] {
    [prepared(1, "a.zh-Hant", "# 甲\n\n內容一。\n\n# 乙\n\n內容二。"), prepared(2, "b", "內容三。")]
}

#[test]
fn what_is_written_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let segment = written(folder.path(), &two());
    let [first, second] = segment.entries() else { panic!() };
    assert_eq!((first.number, first.version, first.num_passages, first.num_questions), (1, 7, 2, 2));
    assert_eq!((second.first_row, second.num_rows()), (4, 3));
    assert_eq!((segment.removed(), segment.classes().len()), ([3, 9].as_slice(), 1));
    assert_eq!(segment.class(second).locale, Locale::ZhHant);
    let record = segment.record(first).unwrap();
    assert_eq!(
        (record.id, record.title, record.questions.as_slice()),
        ("a.zh-Hant", "標題 1", ["怎麼退貨?"].as_slice())
    );
    assert_eq!(record.passages[1].text(record.body), "內容二。");
    assert_eq!(segment.exact_row(5), [2.0, 1.0, -1.0, 0.5]);
    let query = [0.0, 1.0, 0.0, 0.0];
    assert!((segment.cosine(2, &query) - 2.0).abs() < 1e-6);
    let mut scanned = vec![5.0];
    segment.scan(first, &Quantised::new(&query), &mut scanned);
    assert_eq!(scanned.len(), 4);
    assert!((scanned[2] - 2.0).abs() < 0.02, "{scanned:?}");
    segment.scan(second, &Quantised::new(&[1.0]), &mut scanned);
    assert_eq!(scanned, [0.0; 3]);
    let estimates = segment.estimates(&Planes::new(&query));
    assert_eq!(estimates.len(), 7);
    assert!(estimates[2] > 0.0 && estimates[2] > estimates[0], "{estimates:?}");
    assert!(segment.estimates(&Planes::new(&[1.0])).is_empty());
    assert_eq!(
        (segment.tokens(0), segment.tokens(3), segment.tokens(6)),
        (&[][..], &[1; 6][..], &[2; 4][..])
    );
    let asked = ["内容", "退货", "三"].map(str::to_owned);
    assert!((segment.words(1).coverage(&asked) - 2.0 / 3.0).abs() < 1e-9);
    assert!((segment.words(4).coverage(&asked) - 1.0).abs() < 1e-9);
    assert!(segment.words(3).coverage(&asked).abs() < 1e-9);
}

#[test]
fn articles_of_an_older_segment_are_taken_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let old = written(folder.path(), &two());
    let new = prepared(5, "c", "新的。");
    let sources =
        [Source::Kept(&old, &old.entries()[1]), Source::New(&new), Source::Kept(&old, &old.entries()[0])];
    write(folder.path(), "2.seg", WIDTH, &sources, vec![]).unwrap();
    let joined = Segment::open(folder.path(), "2.seg").unwrap();
    assert_eq!(joined.entries().iter().map(|entry| entry.number).collect::<Vec<_>>(), [2, 5, 1]);
    for entry in joined.entries() {
        let from = old.entries().iter().find(|other| other.number == entry.number);
        let Some(from) = from else { continue };
        assert_eq!(joined.record(entry).unwrap(), old.record(from).unwrap());
        assert_eq!(joined.exact_row(entry.first_row + 1), old.exact_row(from.first_row + 1));
        assert_eq!(joined.tokens(entry.first_row + 1), old.tokens(from.first_row + 1));
        assert_eq!(joined.word_range(entry.first_row, 1), old.word_range(from.first_row, 1));
        assert_eq!(entry.key, from.key);
    }
}

#[test]
fn every_damage_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    drop(written(folder.path(), &two()));
    let path = folder.path().join("1.seg");
    let whole = fs::read(&path).unwrap();
    for place in (0..whole.len()).step_by(7).filter(|place| !(28..32).contains(place)) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x20;
        fs::write(folder.path().join("2.seg"), damaged).unwrap();
        assert!(Segment::open(folder.path(), "2.seg").is_err(), "byte {place}");
        fs::remove_file(folder.path().join("2.seg")).unwrap();
    }
    for len in [0, 10, 31, 32, 100, whole.len() - 1] {
        fs::write(folder.path().join("3.seg"), &whole[..len]).unwrap();
        assert!(Segment::open(folder.path(), "3.seg").is_err(), "{len} bytes");
        fs::remove_file(folder.path().join("3.seg")).unwrap();
    }
}

#[test]
fn an_empty_segment_only_removes() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1.seg", 0, &[], vec![4]).unwrap();
    let segment = Segment::open(folder.path(), "1.seg").unwrap();
    assert_eq!((segment.entries().len(), segment.removed()), (0, [4].as_slice()));
}
