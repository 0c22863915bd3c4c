//! What is written reads back the same.

use proptest::prelude::*;

use super::{markdown::parse, *};
use crate::knowledge::ArticleInput;

fn awkward() -> Vec<ImportItem> {
    let item = |name: &str, input: ArticleInput| ImportItem { name: name.into(), input };
    let base =
        ArticleInput { locale: "en".into(), title: "T".into(), body: "b".into(), ..ArticleInput::default() };
    vec![
        item(
            "2026-01-01",
            ArticleInput {
                locale: "zh-Hant".into(),
                title: "yes: \"no\" # 'x' --- 退貨 | > & *".into(),
                body: "---\nnot: front matter\n---\n\n| a | b |\n".into(),
                questions: vec!["true".into(), "- 1".into(), "null".into(), " 為何? ".into()],
                tags: vec!["2".into(), "~".into(), "2026-01-01".into(), "a|b".into()],
                content_time_ms: Some(1_790_000_000_123),
                valid_from_ms: Some(0),
                valid_until_ms: Some(-1),
                channels: vec!["chat".into()],
                brands: vec!["枫,与\"潮".into()],
                ..ArticleInput::default()
            },
        ),
        item("a", ArticleInput { body: "\n\n leading and trailing \r\n\r\n".into(), ..base.clone() }),
        item(
            "b",
            ArticleInput {
                body: "{{< include \"x.md\" >}}\n\\{{< include \"x.md\" >}}".into(),
                ..base.clone()
            },
        ),
        item(
            "c",
            ArticleInput {
                body: "```\n{{< include \"x.md\" >}}\n~~~\n".into(),
                audience: Some(Audience::Agent),
                ..base.clone()
            },
        ),
        item(
            "d",
            ArticleInput {
                body: "\"quoted\", a;b\ttab\n\u{feff}x\u{2028}\u{85}😀".into(),
                url: "https://x.example/?a=1&b".into(),
                ..base
            },
        ),
    ]
}

fn samples() -> Vec<ImportItem> {
    let reading =
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/knowledge"), &ReadOptions::default());
    assert!(reading.articles.len() > 50 && reading.problems.is_empty(), "{:?}", reading.problems);
    reading.articles.into_iter().map(|article| article.item).collect()
}

fn table(items: &[ImportItem]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut table = CsvArticles::new(&mut bytes).unwrap();
    items.iter().for_each(|item| table.push(item).unwrap());
    table.finish().unwrap();
    bytes
}

fn assert_reads_back(items: &[ImportItem]) {
    let markdown: Vec<(String, String)> =
        items.iter().map(|item| (format!("{}.md", item.name), render(item))).collect();
    let markdown: Vec<(&str, &[u8])> =
        markdown.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let lines: String = items.iter().map(json_line).collect();
    for files in [markdown, vec![("articles.jsonl", lines.as_bytes())], vec![("articles.csv", &table(items))]]
    {
        let reading = Folder::with(&files).read();
        assert!(reading.problems.is_empty(), "{}: {:?}", files[0].0, reading.problems);
        let mut read: Vec<ImportItem> = reading.articles.into_iter().map(|article| article.item).collect();
        let mut expected = items.to_vec();
        read.sort_by(|a, b| a.name.cmp(&b.name));
        expected.sort_by(|a, b| a.name.cmp(&b.name));
        for (read, expected) in read.iter().zip(&expected) {
            assert_eq!(read, expected, "{}", files[0].0);
        }
        assert_eq!(read.len(), expected.len());
    }
}

#[test]
fn the_sample_articles_read_back_from_every_format() {
    assert_reads_back(&samples());
}

#[test]
fn awkward_texts_read_back_from_every_format() {
    assert_reads_back(&awkward());
}

fn line() -> impl Strategy<Value = String> {
    // A line of a title or a tag: no control characters, no blank ends, as the server has them.
    "[^\\p{C}\\p{Z}]([^\\p{C}\u{2028}\u{2029}]{0,20}[^\\p{C}\\p{Z}])?"
}

fn any_item() -> impl Strategy<Value = ImportItem> {
    let texts = || proptest::collection::vec(line(), 0..4);
    let body = "([^\\x00]|\n|```\n|\\{\\{< include \"a\" >\\}\\}\n|---\n){0,40}x";
    let time = || proptest::option::of(-1_000_000_000_000_i64..4_000_000_000_000);
    (
        ("[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", line(), body),
        (texts(), texts(), texts()),
        (time(), time(), any::<bool>()),
    )
        .prop_map(
            |(
                (name, title, body),
                (questions, tags, brands),
                (content_time_ms, valid_from_ms, is_public),
            )| ImportItem {
                name,
                input: ArticleInput {
                    locale: "zh-Hant".into(),
                    title,
                    body,
                    questions,
                    tags,
                    brands,
                    content_time_ms,
                    valid_from_ms,
                    audience: Some(if is_public { Audience::Public } else { Audience::Agent }),
                    ..ArticleInput::default()
                },
            },
        )
}

proptest! {
    #[test]
    fn what_is_rendered_reads_back(item in any_item()) {
        prop_assert_eq!(parse(&render(&item)).unwrap(), item);
    }

    #[test]
    fn lines_and_tables_read_back(item in any_item()) {
        let items = [item];
        let folder = Folder::with(&[("a.jsonl", json_line(&items[0]).as_bytes())]);
        prop_assert_eq!(&folder.read().articles[0].item, &items[0]);
        let folder = Folder::with(&[("a.csv", &table(&items))]);
        prop_assert_eq!(&folder.read().articles[0].item, &items[0]);
    }

    #[test]
    fn no_reader_panics_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for name in ["a.md", "a.html", "a.csv", "a.jsonl", "a.json", "a.zip", "a.tar", "a.tgz"] {
            Folder::with(&[(name, &bytes)]).read_file(name);
        }
    }

    #[test]
    fn no_reader_panics_on_text_that_looks_right(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "---\n", "id: a\n", "title: [", "<table>", "<tr><td>", "</b>", "<b>", "<li>", "<ol start=-9>", "<p>", "</p>",
                "<a href='", "\"", ",", "\n", "|", "{", "}", "[", "]", ":", "\"articles\"", "\"id\"", "1", "退", "貨", "&amp;",
                "&#x110000;", "<!--", "<script>", "<svg><desc>", "<template>", "<select>", "<frameset>", "id,title,body\n",
                "{{< include \"a.md\" >}}\n", "```\n", "<td rowspan=99999 colspan=99999>", "<h1>", "<body>", "</html>", "<math>",
            ]),
            0..60,
        ),
    ) {
        let text = parts.concat();
        for name in ["a.md", "a.html", "a.csv", "a.jsonl", "a.json"] {
            Folder::with(&[(name, text.as_bytes())]).read_file(name);
        }
        let front = markdown_file("a", &text);
        Folder::with(&[("a.md", front.as_bytes())]).read_file("a.md");
    }
}
