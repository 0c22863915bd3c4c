//! Markdown with front matter.

use super::*;
use crate::knowledge::ArticleInput;

const GOOD: &str = "---\nid: returns.en\nlocale: en\ntitle: \"Returns: how\"\nquestions:\n  - how?\n\
                    tags: [a, 2]\naudience: agent\nurl: https://x.example\nupdated_at: 2026-10-02\n\
                    channels: [chat, email]\nbrands: tide\nvalid_from: 2026-10-01\nvalid_until: 2027-01-01T08:00:00+08:00\n\
                    ---\n\n## Body\n\ntext\n";

pub(super) fn parse(text: &str) -> Result<ImportItem, Fault> {
    super::super::markdown::parse(text, &ReadOptions::default())
}

fn fault(text: &str) -> (usize, String) {
    let Fault { line, field, .. } = parse(text).unwrap_err();
    (line, field)
}

#[test]
fn every_field_is_read() {
    let item = parse(GOOD).unwrap();
    assert_eq!(item.name, "returns.en");
    let expected = ArticleInput {
        locale: "en".into(),
        title: "Returns: how".into(),
        body: "## Body\n\ntext\n".into(),
        questions: vec!["how?".into()],
        tags: vec!["a".into(), "2".into()],
        audience: Some(Audience::Agent),
        url: "https://x.example".into(),
        content_time_ms: Some(1_790_899_200_000),
        channels: vec!["chat".into(), "email".into()],
        brands: vec!["tide".into()],
        valid_from_ms: Some(1_790_812_800_000),
        valid_until_ms: Some(1_798_761_600_000),
    };
    assert_eq!(item.input, expected);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_taken() {
    let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    let reading = Folder::with(&[("a.md", text.as_bytes())]).read();
    assert_eq!(reading.articles[0].item.input.body, "## Body\r\n\r\ntext\r\n");
}

#[test]
fn faults_name_the_line_and_the_field() {
    assert_eq!(fault("no front matter"), (1, String::new()));
    assert_eq!(fault("---\nid: a\n"), (1, String::new()));
    assert_eq!(fault(&GOOD.replace("locale: en", "locale: fr")), (3, "locale".into()));
    assert_eq!(fault(&GOOD.replace("title: \"Returns: how\"", "title: ' '")), (4, "title".into()));
    assert_eq!(fault(&GOOD.replace("tags: [a, 2]", "tags: {a: 2}")), (7, "tags".into()));
    assert_eq!(fault(&GOOD.replace("audience: agent", "audience: all")), (8, "audience".into()));
    assert_eq!(fault(&GOOD.replace("2026-10-02", "yesterday")), (10, "updated_at".into()));
    assert_eq!(fault(&GOOD.replace("url:", "link:")), (9, "link".into()));
    assert_eq!(fault(&GOOD.replace("valid_from: 2026-10-01", "valid_from: soon")), (13, "valid_from".into()));
    assert_eq!(fault(&GOOD.replace("title: \"", "title: \"\"")).0, 4);
    assert_eq!(fault(&GOOD.replace("id: returns.en\n", "")), (1, "id".into()));
    assert_eq!(fault(&GOOD.replace("returns.en", "returns en")), (2, "id".into()));
    assert_eq!(fault("---\nid: a\nlocale: en\ntitle: t\n---\n \n"), (6, "body".into()));
}

#[test]
fn a_folder_is_read_in_order_and_wrong_files_are_reported() {
    let folder = Folder::with(&[
        ("b.md", GOOD.replace("returns.en", "b").as_bytes()),
        ("a/z.markdown", GOOD.replace("returns.en", "z").as_bytes()),
        ("c.md", GOOD.replace("returns.en", "b").as_bytes()),
        ("d.md", &[b'a', 0xff]),
        ("empty.md", b""),
        ("README.md", b"no article"),
        (".hidden/x.md", b"no article"),
        ("notes.txt", b"no article"),
    ]);
    let reading = folder.read();
    assert_eq!(ids(&reading), ["z", "b"]);
    let told = folder.told(&reading.problems);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("c.md: id: b is the id of ") && told[0].contains("b.md too"), "{told:?}");
    assert!(told[1].starts_with("d.md:1: is not UTF-8"), "{told:?}");
    assert!(told[2].starts_with("empty.md:1: has no front matter"), "{told:?}");
}

#[test]
fn a_single_file_and_an_absent_folder_work_too() {
    let folder = Folder::with(&[("one.md", GOOD.as_bytes()), ("notes.txt", GOOD.as_bytes())]);
    assert_eq!(folder.read_file("one.md").articles.len(), 1);
    assert!(folder.read_file("notes.txt").problems[0].message.contains("--format"));
    let options = ReadOptions { format: Format::Markdown, ..ReadOptions::default() };
    assert_eq!(read(&folder.path("notes.txt"), &options).articles.len(), 1);
    assert!(folder.read_file("absent").problems[0].message.contains("cannot be read"));
}

#[test]
fn only_files_of_the_told_format_are_read() {
    let folder = Folder::with(&[
        ("a.md", markdown_file("a", "x").as_bytes()),
        ("b.html", b"<html lang=en><title>T</title><p>x"),
    ]);
    assert_eq!(ids(&folder.read()), ["a", "b"]);
    let of = |format| {
        let reading = read(folder.0.path(), &ReadOptions { format, ..ReadOptions::default() });
        reading.articles.into_iter().map(|article| article.item.name).collect::<Vec<_>>()
    };
    assert_eq!((of(Format::Markdown), of(Format::Html)), (vec!["a".to_owned()], vec!["b".to_owned()]));
    assert!(of(Format::Zendesk).is_empty());
}
