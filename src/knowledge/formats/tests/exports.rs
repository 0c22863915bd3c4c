//! Exports of Zendesk Guide, Intercom and Chatwoot.

use super::*;

fn told(problems: &[FileProblem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect()
}

fn of_json(json: &str) -> Reading {
    Folder::with(&[("export.json", json.as_bytes())]).read()
}

#[test]
fn zendesk_articles_are_read_in_every_language() {
    let reading = read_fixture("zendesk.json");
    let keys = ["en", "zh-Hans", "zh-Hant"].map(|locale| format!("zendesk-360042117711.{locale}"));
    assert_eq!(ids(&reading)[..3], keys);
    let english = &article(&reading, &keys[0]).input;
    assert_eq!(english.body, "Return it within **30 days**.\n\n1. Open My orders.\n2. Print the label.\n");
    assert_eq!(
        (english.audience, english.tags.as_slice()),
        (None, &["returns".to_owned(), "refund".into()][..])
    );
    assert_eq!(english.content_time_ms, Some(1_769_938_200_000));
    assert!(english.url.ends_with("360042117711-Returns"));
    assert_eq!(article(&reading, &keys[2]).input.body, "收到後30天內可以退貨。\n");
    assert_eq!(
        told(&reading.left_out),
        ["33: \"New prices\" (en-us) is a draft", "35: \"Retours\" (fr) is in a language that is not served"]
    );
    assert_eq!(told(&reading.problems), ["37: \"Empty\" (en-us): is blank; write the article there"]);
}

#[test]
fn what_a_segment_may_see_never_becomes_public() {
    let options = ReadOptions { audience: Some(Audience::Public), ..ReadOptions::default() };
    let reading = read(&fixture("zendesk.json"), &options);
    assert_eq!(article(&reading, "zendesk-360042117722.en").input.audience, Some(Audience::Agent));
    for restriction in [
        "\"user_segment_id\": \"7\"",
        "\"user_segment_ids\": [7]",
        "\"user_segment_id\": {\"id\": 7}",
        "\"user_segment_id\": 0",
    ] {
        let json = format!(
            "[{{\"id\": 1, \"locale\": \"en\", \"title\": \"T\", \"body\": \"<p>b\", \"html_url\": \"\", {restriction},\
             \"translations\": [{{\"locale\": \"zh-tw\", \"title\": \"題\", \"body\": \"<p>文\"}}]}}]"
        );
        let folder = Folder::with(&[("export.json", json.as_bytes())]);
        let reading = read(&folder.path("export.json"), &options);
        assert_eq!(ids(&reading), ["zendesk-1.en", "zendesk-1.zh-Hant"], "{restriction}");
        assert!(
            reading.articles.iter().all(|article| article.item.input.audience == Some(Audience::Agent)),
            "{restriction}"
        );
    }
    let internal = read(&fixture("intercom.json"), &options);
    assert_eq!(article(&internal, "intercom-6871120.en").input.audience, Some(Audience::Agent));
}

#[test]
fn intercom_articles_are_read_in_every_published_language() {
    let reading = read_fixture("intercom.json");
    assert_eq!(ids(&reading), ["intercom-6871118.en", "intercom-6871118.zh-Hans", "intercom-6871120.en"]);
    let english = &article(&reading, "intercom-6871118.en").input;
    assert_eq!(english.body, "How to follow a parcel.\n\nOpen **My orders** and click Track.\n");
    assert_eq!(english.content_time_ms, Some(1_672_928_610_000));
    assert_eq!(article(&reading, "intercom-6871118.zh-Hans").input.title, "我的包裹在哪里？");
    let left_out = told(&reading.left_out);
    assert!(
        left_out[0].contains("(zh-TW) is not published (draft)") && left_out[1].contains("Old offer"),
        "{left_out:?}"
    );
    assert!(reading.problems.is_empty());
}

#[test]
fn chatwoot_translations_share_the_id_of_their_article() {
    let reading = read_fixture("chatwoot.json");
    assert_eq!(ids(&reading), ["chatwoot-11.en", "chatwoot-11.zh-Hans"]);
    let english = &article(&reading, "chatwoot-11.en").input;
    assert_eq!(
        english.body,
        "Until the parcel is packed.\n\nOpen **My orders**.\n\n1. Choose the order.\n2. Click *Change address*."
    );
    assert_eq!(
        (english.tags.as_slice(), english.content_time_ms),
        (&["address".to_owned()][..], Some(1_760_000_000_000))
    );
    assert!(told(&reading.left_out)[0].contains("is not published (archived)"));
}

#[test]
fn broken_exports_name_the_line() {
    let broken = of_json("{\"articles\": [\n  {\"id\": 1,\n  oops\n]}");
    assert_eq!((broken.articles.len(), broken.problems[0].line), (0, 3), "{:?}", broken.problems);
    let one_wrong = of_json(
        "{\"articles\": [\n{\"id\": 1, \"label_names\": [], \"locale\": \"en\", \"title\": \"A\", \"body\": \"a\"},\n7,\n{\"id\": 2}]}",
    );
    assert_eq!(one_wrong.problems[0].line, 3, "{one_wrong:?}");
    for (json, hint) in [
        ("{}", "holds no list"),
        ("[]", "--format"),
        ("[{\"a\": 1}]", "--format"),
        ("\"x\"", "is no JSON"),
        ("", "is no JSON"),
    ] {
        let reading = of_json(json);
        assert!(reading.problems[0].message.contains(hint), "{json}: {:?}", reading.problems);
    }
}

#[test]
fn an_export_of_another_program_is_read_as_what_is_told() {
    let options = ReadOptions { format: Format::Zendesk, locale: Some(Locale::En), ..ReadOptions::default() };
    let folder = Folder::with(&[("x.json", br#"[{"id": "a b", "title": "T", "body": "<p>x"}]"#)]);
    let reading = read(folder.0.path(), &options);
    assert_eq!(ids(&reading), ["zendesk-a-b.en"]);
}

#[test]
fn a_translation_without_a_state_has_that_of_its_article() {
    let json = |state: &str, audience: &str| {
        format!(
            "[{{\"id\": 1, \"type\": \"article\", \"title\": \"T\", \"body\": \"<p>b\", \"default_locale\": \"en\",\
             {state}{audience} \"translated_content\": {{\"zh-CN\": {{\"title\": \"题\", \"body\": \"<p>文\"}},\
             \"zh-TW\": {{\"title\": \"題\", \"body\": \"<p>字\", \"state\": \"published\", \"audience_ids\": [4]}}}}}}]"
        )
    };
    let draft = of_json(&json("\"state\": \"draft\",", ""));
    assert_eq!((ids(&draft), draft.left_out.len()), (vec!["intercom-1.zh-Hant"], 2), "{draft:?}");
    let audiences = |reading: &Reading| -> Vec<Audience> {
        reading.articles.iter().map(|article| article.item.input.audience.unwrap_or_default()).collect()
    };
    let published = of_json(&json("\"state\": \"published\",", ""));
    assert_eq!(audiences(&published), [Audience::Public, Audience::Public, Audience::Agent]);
    let restricted = of_json(&json("\"state\": \"published\",", "\"audience_ids\": [3],"));
    assert_eq!(audiences(&restricted), [Audience::Agent; 3]);
}

#[test]
fn an_export_without_its_next_pages_is_reported() {
    let zendesk = |id: u32, next: &str| {
        format!(
            "{{\"count\": 2, \"next_page\": {next}, \"articles\": [{{\"id\": {id}, \"locale\": \"en\", \"title\": \"T\",\
             \"body\": \"<p>b\", \"html_url\": \"\"}}]}}"
        )
    };
    let first = zendesk(1, "\"https://shop.example/articles.json?page=2\"");
    let reading = of_json(&first);
    assert_eq!(ids(&reading), ["zendesk-1.en"]);
    assert_eq!(told(&reading.problems), ["0: holds only a part: 1 of 2 articles; fetch the next pages too"]);
    let second = zendesk(2, "null");
    let both = Folder::with(&[("1.json", first.as_bytes()), ("2.json", second.as_bytes())]).read();
    assert_eq!((both.articles.len(), both.problems.len()), (2, 0), "{:?}", both.problems);
    let intercom = of_json(
        "{\"type\": \"list\", \"total_count\": 40, \"pages\": {\"next\": {\"page\": 2, \"starting_after\": \"x\"}},\
         \"data\": [{\"id\": 1, \"type\": \"article\", \"title\": \"T\", \"body\": \"<p>b\", \"default_locale\": \"en\"}]}",
    );
    assert!(intercom.problems[0].message.contains("1 of 40 articles"), "{:?}", intercom.problems);
}
