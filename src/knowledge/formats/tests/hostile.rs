//! Input that is made to break readers: long, deep, or both. Each is read in a thread with the usual stack.

use std::time::{Duration, Instant};

use super::*;

/// Longest time that a hostile file may take; tests run without optimisation on busy machines.
const MAX_TIME: Duration = Duration::from_secs(60);

/// Reads one file in a thread of its own and tells what came of it.
fn read_hostile(name: &str, text: String) -> Result<String, String> {
    let name = name.to_owned();
    let started = Instant::now();
    let read = std::thread::Builder::new()
        .spawn(move || Folder::with(&[(&name, text.as_bytes())]).read_file(&name))
        .unwrap()
        .join()
        .unwrap();
    assert!(started.elapsed() < MAX_TIME, "took {:?}", started.elapsed());
    match (read.articles.into_iter().next(), read.problems.into_iter().next()) {
        (Some(article), None) => Ok(article.item.input.body),
        (_, problem) => Err(problem.map(|problem| problem.to_string()).unwrap_or_default()),
    }
}

fn page(body: &str) -> String {
    format!("<html lang=en><title>T</title><body><p>Start.</p>\n{body}")
}

#[test]
fn deep_nesting_is_refused_by_its_line() {
    for (open, num) in [
        ("<div>", 200_000),
        ("<b>", 200_000),
        ("<ul><li>", 100_000),
        ("<table><tr><td>", 100_000),
        ("<blockquote>", 100_000),
        ("<svg><g>", 100_000),
        ("<font color=1>", 100_000),
    ] {
        let read = read_hostile("a.html", page(&open.repeat(num)));
        assert!(
            read.as_ref().is_err_and(|told| told.contains("a.html:2: nests more than 256")),
            "{open}: {read:?}"
        );
    }
}

#[test]
fn formatting_that_is_never_closed_is_bounded() {
    let bomb: String = (0..50_000).map(|number| format!("<p><b x={number}>")).collect();
    assert!(read_hostile("a.html", page(&bomb)).is_err());
    let bomb = format!(
        "{}{}",
        (0..200).map(|number| format!("<b x={number}>")).collect::<String>(),
        "<p>x".repeat(300_000)
    );
    assert!(read_hostile("a.html", page(&bomb)).is_err());
}

#[test]
fn unclosed_paragraphs_and_items_are_no_nesting() {
    let read = read_hostile("a.html", page(&"<p>word<ul><li>item".repeat(100))).unwrap();
    assert_eq!(read.matches("item").count(), 100);
    let read = read_hostile(
        "a.html",
        page(&format!("{}<ul>{}", "<p>word".repeat(20_000), "<li>item".repeat(15_000))),
    )
    .unwrap();
    assert_eq!((read.matches("word").count(), read.matches("- item").count()), (20_000, 15_000));
}

#[test]
fn huge_attributes_and_many_entities_are_read() {
    let body = format!(
        "<img src=\"data:image/png;base64,{}\"><p title='{}'>End.</p>",
        "A".repeat(3_000_000),
        "x y ".repeat(500_000)
    );
    assert_eq!(read_hostile("a.html", page(&body)).unwrap(), "Start.\n\nEnd.\n");
    let read = read_hostile("a.html", page(&"&amp;&#x9000;".repeat(50_000))).unwrap();
    assert_eq!(read.matches('退').count(), 50_000);
    assert!(
        read_hostile("a.html", page(&"&amp;&#x9000;".repeat(500_000)))
            .unwrap_err()
            .contains("at most 262144")
    );
}

#[test]
fn a_tag_with_a_million_attributes_is_refused() {
    let read = read_hostile("a.html", page(&format!("<p {}>", "a ".repeat(1_000_000))));
    assert!(read.unwrap_err().contains("a.html:2: a tag has more than 1000 attributes"));
}

#[test]
fn tables_cannot_grow_without_bound() {
    let read = read_hostile(
        "a.html",
        page(&format!("<table>{}", "<tr><td rowspan=1000 colspan=60>word</td></tr>".repeat(20_000))),
    );
    assert!(read.is_err() || read.is_ok_and(|body| body.len() <= MAX_ARTICLE_BYTES));
    let long = "x".repeat(MAX_ARTICLE_BYTES + 1);
    assert!(read_hostile("a.html", page(&long)).unwrap_err().contains(&MAX_ARTICLE_BYTES.to_string()));
}

#[test]
fn unclosed_comments_scripts_and_tags_end() {
    for bomb in [
        "<!--",
        "<script>",
        "<style>",
        "<textarea>",
        "<title>",
        "<p a=\"",
        "<![CDATA[",
        "</",
        "<plaintext>",
        "<table><div>",
        "<a><p>",
        "<button><p>",
        "<select>",
        "<frameset>",
    ] {
        let _ = read_hostile("a.html", page(&bomb.repeat(200_000)));
    }
}

#[test]
fn the_longest_article_is_the_longest_that_the_server_takes() {
    assert_eq!(MAX_ARTICLE_BYTES, crate::knowledge::Limits::default().max_article_bytes);
}

#[test]
fn articles_that_are_too_long_name_the_limit() {
    let limit = MAX_ARTICLE_BYTES.to_string();
    let long = "x".repeat(1024 * 1024);
    let json = serde_json::json!({"id": "a", "locale": "en", "title": "T", "body": long}).to_string();
    for (name, text) in [
        ("a.md", markdown_file("a", &long)),
        ("a.csv", format!("id,locale,title,body\na,en,T,{long}\n")),
        ("a.jsonl", json),
    ] {
        let told = read_hostile(name, text).unwrap_err();
        assert!(told.contains(&format!("at most {limit} are allowed")), "{name}: {told}");
    }
}

#[test]
fn a_million_words_on_one_line_are_too_long_for_an_article() {
    let words = "a 字 ".repeat(500_000);
    for (name, text) in [("a.md", markdown_file("a", &words)), ("a.html", page(&words))] {
        let told = read_hostile(name, text).unwrap_err();
        assert!(told.starts_with(&format!("{name}: body: is ")) || told.contains("at most 262144"), "{told}");
    }
}

#[test]
fn deep_json_and_yaml_are_refused() {
    let deep = "[".repeat(1_000_000);
    assert!(read_hostile("a.json", deep.clone()).is_err());
    assert!(read_hostile("a.jsonl", format!("{{\"id\": {deep}")).is_err());
    assert!(read_hostile("a.md", format!("---\nid: {deep}\n---\n\nx")).is_err());
    let aliases: String =
        (1..30).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1)).collect();
    assert!(read_hostile("a.md", format!("---\na0: &a0 x\n{aliases}---\n\nx")).is_err());
}
