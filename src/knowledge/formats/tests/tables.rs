//! CSV and JSONL.

use super::*;

fn csv(text: &str) -> Reading {
    Folder::with(&[("a.csv", text.as_bytes())]).read()
}

fn told(reading: &Reading) -> Vec<String> {
    reading
        .problems
        .iter()
        .map(|problem| format!("{}: {}: {}", problem.line, problem.field, problem.message))
        .collect()
}

#[test]
fn a_table_gives_an_article_a_row() {
    let reading = read_fixture("articles.csv");
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert_eq!(ids(&reading), ["returns.en", "returns.zh-Hans", "returns.zh-Hant"]);
    assert_eq!(reading.articles.iter().map(|article| article.line).collect::<Vec<_>>(), [2, 6, 8]);
    let english = &article(&reading, "returns.en").input;
    assert_eq!(english.questions, ["how do I send it back", "can I return it"]);
    assert_eq!(
        (english.channels.as_slice(), english.brands.as_slice()),
        (&["chat".to_owned(), "email".into()][..], &["tide".to_owned()][..])
    );
    let hans = &article(&reading, "returns.zh-Hans").input;
    assert_eq!((hans.body.as_str(), hans.audience), ("签收后**30天**内可以退。\n", Some(Audience::Agent)));
    assert_eq!((hans.questions.len(), hans.valid_until_ms), (2, Some(1_798_761_600_000)));
}

#[test]
fn lines_of_json_give_an_article_each() {
    let reading = read_fixture("articles.jsonl");
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert_eq!(ids(&reading), ["points.en", "points.zh-Hans", "points.zh-Hant"]);
    assert_eq!(reading.articles[2].line, 4);
    assert_eq!(article(&reading, "points.zh-Hant").input.channels, ["chat"]);
}

#[test]
fn a_wrong_row_is_reported_by_its_line_and_the_rest_goes_on() {
    let reading = csv(
        "id,locale,title,body,audience\na,en,A,\"two\nlines\",public\nb,fr,B,x,\nc,en,C,x,everybody\nd,en,,x,\n\
         e,en,E,,\nf,en,F\na,en,A,x,\nbad id,en,G,x,\ng,en,G,x,agent\n",
    );
    assert_eq!(ids(&reading), ["a", "g"]);
    let told = told(&reading);
    let expected = [
        "4: locale: \"fr\" is not",
        "5: audience: \"everybody\" is neither",
        "6: title: is missing",
        "7: body: is blank",
        "8: : has 3 cells where the header has 5",
        "9: id: a is the id of ",
        "10: id: \"bad id\" cannot be one",
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told} {expected}");
    }
    assert!(told[5].contains("a.csv:2 too"), "{}", told[5]);
}

#[test]
fn a_wrong_header_refuses_the_table() {
    for (header, field) in [
        ("id,locale,title,body,audince", "audince"),
        ("id,id,title,body", "id"),
        ("id,locale,title", "body"),
        ("locale,title,body", "id"),
        ("", ""),
    ] {
        let reading = csv(&format!("{header}\na,en,T,b,agent\n"));
        assert_eq!((reading.articles.len(), reading.problems[0].line), (0, 1), "{header}");
        assert!(reading.problems[0].field == field || field.is_empty(), "{header}: {:?}", reading.problems);
    }
}

#[test]
fn tables_of_spreadsheets_in_other_countries_are_read() {
    for (mark, name) in [(";", "semicolons"), ("\t", "tabs")] {
        let text = "\u{feff}ID;Locale;Title;Body\r\na;zh-Hant;退貨;三十天, 都可以\r\n".replace(';', mark);
        let reading = csv(&text);
        assert_eq!(article(&reading, "a").input.body, "三十天, 都可以", "{name}");
    }
}

#[test]
fn a_wrong_line_of_json_is_reported() {
    let lines = "{\"id\": \"a\", \"locale\": \"en\", \"title\": \"A\", \"body\": \"x\"}\nno json\n[1]\n\
        {\"id\": \"b\", \"locale\": \"en\", \"title\": \"B\", \"body\": \"x\", \"tag\": []}\n\
        {\"id\": \"c\", \"locale\": \"en\", \"title\": \"C\", \"body\": \"x\", \"body_html\": \"y\"}\n\
        {\"id\": \"d\", \"locale\": \"en\", \"title\": \"D\", \"body\": \"x\", \"tags\": [1]}\n\
        {\"id\": \"e\", \"title\": \"D\", \"body\": \"x\"}\n";
    let reading = Folder::with(&[("a.jsonl", lines.as_bytes())]).read();
    assert_eq!(ids(&reading), ["a"]);
    let places: Vec<(usize, &str)> =
        reading.problems.iter().map(|problem| (problem.line, problem.field.as_str())).collect();
    assert_eq!(places, [(2, ""), (3, ""), (4, "tag"), (5, "body_html"), (6, "tags"), (7, "locale")]);
}

#[test]
fn options_stand_in_for_what_rows_do_not_say() {
    let folder = Folder::with(&[("a.csv", b"id,title,body,audience\na,A,x,\nb,B,x,public\n")]);
    let options = ReadOptions {
        locale: Some(Locale::ZhHans),
        audience: Some(Audience::Agent),
        ..ReadOptions::default()
    };
    let reading = read(folder.0.path(), &options);
    let said: Vec<_> =
        reading.articles.iter().map(|a| (a.item.input.locale.as_str(), a.item.input.audience)).collect();
    assert_eq!(said, [("zh-Hans", Some(Audience::Agent)), ("zh-Hans", Some(Audience::Public))]);
}

#[test]
fn a_quote_that_is_not_closed_publishes_nothing_of_the_rows_below() {
    for line_end in ["\n", "\r\n"] {
        let reading = csv(&"id,locale,title,body,audience\na,en,A,x,public\n\nb,zh-Hant,乙,\"退貨,public\n\
             c,zh-Hans,丙,内部,agent\nd,en,D,for agents,agent\n"
            .replace('\n', line_end));
        assert_eq!((ids(&reading), reading.problems.len()), (vec!["a"], 1), "{:?}", reading.problems);
        assert!(
            told(&reading)[0].starts_with("4: : opens a quote that is not closed"),
            "{:?}",
            told(&reading)
        );
    }
    // The quote of a row below ends the cell, so the number of cells is right.
    let reading = csv("id,locale,title,body\na,en,A,\"x\nb,en,B,\"secret\"\nc,en,C,y\n");
    assert_eq!(ids(&reading), ["c"]);
    assert!(told(&reading)[0].starts_with("2: : has text after the quote that ends a cell"));
    let closed = csv("id,locale,title,body\na,en,A,\"say \"\"x\"\", please\"  \nb,en,\"B\",\"\"");
    assert_eq!(article(&closed, "a").input.body.trim_end(), "say \"x\", please");
    assert!(told(&closed)[0].starts_with("3: body: is blank"), "{:?}", told(&closed));
}
