//! A tenant's own templates: which one is taken, and what is refused.

use std::{fs, path::Path};

use proptest::prelude::*;

use super::*;
use crate::Error;

/// A folder of templates.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, source) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, source).expect("a file");
    }
    folder
}

fn loaded(files: &[(&str, &str)]) -> Templates {
    Templates::load(folder(files).path()).unwrap_or_else(|error| panic!("{error}"))
}

/// The lines of the error that files are refused with.
fn refused(files: &[(&str, &str)]) -> Vec<String> {
    match Templates::load(folder(files).path()) {
        Err(Error::Policy { reason, .. }) => reason.lines().map(str::to_owned).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn the_most_special_template_of_the_tenant_comes_first() {
    let macro_email = ("en/macros/refund.request@email.jinja", "intent and channel {{ due }}");
    let macro_any = ("en/macros/refund.request.jinja", "intent {{ due }}");
    let kind_email = ("en/handoff@email.jinja", "kind and channel {{ due }}");
    let kind_any = ("en/handoff.jinja", "kind {{ due }}");
    let all = [macro_email, macro_any, kind_email, kind_any];
    let expected = [
        "shop/en/macros/refund.request@email",
        "shop/en/macros/refund.request",
        "shop/en/handoff@email",
        "shop/en/handoff",
        "default/en/handoff",
    ];
    for (without, template) in expected.iter().enumerate() {
        let templates = loaded(&all[without..]);
        let scene = Scene::new(Wording::En, "refund.request").on(Channel::Email);
        assert_eq!(scene.with(&templates).draft.expect("a draft").template, *template);
    }
    let chat = Scene::new(Wording::En, "refund.request").with(&loaded(&all)).draft.expect("a draft");
    assert_eq!(
        (chat.template.as_str(), chat.text.starts_with("intent ")),
        ("shop/en/macros/refund.request", true)
    );
}

#[test]
fn a_tenants_templates_of_one_wording_leave_the_others_alone() {
    let templates = loaded(&[("zh-Hant-TW/handoff.jinja", "您好，{{ due }}前回覆您。")]);
    let draft = |wording| Scene::new(wording, "refund.request").with(&templates).draft.expect("a draft");
    assert_eq!(draft(Wording::ZhHantTw).text, "您好，今天下午3:30前回覆您。");
    assert_eq!(draft(Wording::ZhHantHk).template, "default/zh-Hant-HK/handoff");
}

#[test]
fn a_tenants_layout_frames_the_default_templates() {
    let layout = "{% extends \"layout\" %}{% block closing %}The Lamp Shop{% endblock %}";
    let templates = loaded(&[("en/layout.jinja", layout)]);
    let scene = Scene::new(Wording::En, "refund.request").on(Channel::Email);
    let draft = scene.with(&templates).draft.expect("a draft");
    assert!(draft.text.starts_with("Hello,") && draft.text.ends_with("The Lamp Shop"), "{}", draft.text);
    assert_eq!(draft.template, "default/en/handoff");
}

#[test]
fn the_emergency_line_comes_first_even_where_a_tenant_leaves_out_the_layout() {
    for (wording, line) in [
        (Wording::En, "If anyone is hurt or in danger"),
        (Wording::ZhHans, "如有人受伤或正处于危险中"),
        (Wording::ZhHantTw, "若有人受傷或正處於危險中"),
        (Wording::ZhHantHk, "如有人受傷或正面臨危險"),
    ] {
        let tag = wording.tag();
        let [handoff, notice] = ["handoff", "notice"].map(|kind| format!("{tag}/{kind}.jinja"));
        let own = [(handoff.as_str(), "OK {{ due }}"), (notice.as_str(), "{{ due }}")];
        let mut files = own.to_vec();
        let macros = format!("{tag}/macros/safety.report.jinja");
        files.push((&macros, "OK {{ due }}"));
        let scene = Scene::new(wording, "safety.report");
        let written = scene.with(&loaded(&files));
        for draft in [written.draft, written.notice] {
            let text = draft.expect("a draft").text;
            assert!(text.starts_with(line) && text.matches(line).count() == 1, "{text}");
        }
        let calm = Scene::new(wording, "order.change").with(&loaded(&files)).draft.expect("a draft");
        assert!(calm.text.starts_with("OK "), "{}", calm.text);
        // The default templates say it once.
        assert_eq!(scene.draft().text.matches(line).count(), 1);
    }
}

#[test]
fn a_tenants_own_emergency_line_is_said_and_an_empty_one_is_not_taken() {
    let own = ("zh-Hans/emergency.jinja", "有人受伤请先拨打120，火警拨打119。");
    let bare = ("zh-Hans/macros/safety.report.jinja", "收到，{{ due }}前回复。");
    let scene = Scene::new(Wording::ZhHans, "safety.report");
    let text = scene.with(&loaded(&[own, bare])).draft.expect("a draft").text;
    assert_eq!(text, "有人受伤请先拨打120，火警拨打119。\n\n收到，今天下午3:30前回复。");
    let text = scene.with(&loaded(&[("zh-Hans/emergency.jinja", " \n"), bare])).draft.expect("a draft").text;
    assert!(text.starts_with("如有人受伤"), "{text}");
}

#[test]
fn a_template_may_use_pieces_of_its_own() {
    let templates = loaded(&[
        ("en/handoff.jinja", "{% include \"parts/hours\" %} {{ due }}"),
        ("en/parts/hours.jinja", "Open all day."),
    ]);
    let draft = Scene::new(Wording::En, "refund.request").with(&templates).draft.expect("a draft");
    assert_eq!(draft.text, "Open all day. 15:30 today (Taipei time)");
}

#[test]
fn every_mistake_is_told_with_file_and_line() {
    let told = refused(&[
        ("en/handoff.jinja", "Hello\n{{ due }}\n{{ custommer }}"),
        ("en/notice.jinja", "{% if false %}\n{{ quew }}{% endif %}{{ due }}"),
        ("zh-Hans/closing.jinja", "{% if emotion == \"anger\" %}{% else %}不客气。{% endif %}"),
        ("zh-Hans/answer.jinja", "请看帮助中心。"),
        ("zh-Hant-TW/macros/legal.threat.jinja", "收到。"),
        ("fr/answer.jinja", "Bonjour"),
        ("en/anwser.jinja", "?"),
        ("en/macros/refund.sttaus.jinja", "?"),
        ("en/answer@fax.jinja", "?"),
        ("en/notes.txt", "?"),
    ]);
    let tells = |file: &str, part: &str| {
        assert!(told.iter().any(|line| line.starts_with(file) && line.contains(part)), "{file}: {told:#?}");
    };
    tells("en/handoff.jinja:3:", "custommer");
    tells("en/notice.jinja:2:", "there is no variable \"quew\"");
    tells("zh-Hans/closing.jinja:", "writes nothing");
    tells("zh-Hans/answer.jinja:", "answer.text");
    tells("zh-Hant-TW/macros/legal.threat.jinja:", "does not show due");
    tells("fr/answer.jinja:", "the wordings are en, zh-Hans, zh-Hant-TW, zh-Hant-HK");
    tells("en/anwser.jinja:", "no known template");
    tells("en/macros/refund.sttaus.jinja:", "no intent");
    tells("en/answer@fax.jinja:", "the channels are");
    tells("en/notes.txt:", ".jinja");
}

#[test]
fn what_is_no_template_at_all_is_told_with_its_line() {
    let told = refused(&[
        ("en/handoff.jinja", "Hello\n\n{% if due %}"),
        ("en/notice.jinja", "Hello {{ due | shout }}"),
        ("en/closing.jinja", "{% include \"parts/none\" %}"),
    ]);
    assert!(told.iter().any(|line| line.starts_with("en/handoff.jinja:3:")), "{told:#?}");
    let told = refused(&[
        ("en/notice.jinja", "Hello\n{{ due | shout }}"),
        ("en/closing.jinja", "Bye\n{% include \"parts/none\" %}"),
        (
            "en/greeting.jinja",
            "{% for a in range(9000) %}{% for b in range(9000) %}x{% endfor %}{% endfor %}",
        ),
    ]);
    assert!(
        told.iter().any(|line| line.starts_with("en/notice.jinja:2:") && line.contains("shout")),
        "{told:#?}"
    );
    assert!(told.iter().any(|line| line.starts_with("en/closing.jinja:2:")), "{told:#?}");
    assert!(
        told.iter().any(|line| line.starts_with("en/greeting.jinja:") && line.contains("fuel")),
        "{told:#?}"
    );
}

#[test]
fn a_folder_that_is_not_there_holds_no_templates() {
    let templates = Templates::load(Path::new("/nowhere/at/all")).expect("templates");
    assert_eq!(templates.version(), Templates::built_in().version());
}

#[test]
fn templates_are_rebuilt_from_their_sources() {
    let own = loaded(&[("en/handoff.jinja", "mine {{ due }}")]);
    let again = Templates::from_sources(own.sources().clone()).expect("templates");
    assert_eq!(again.version(), own.version());
    assert_ne!(own.version(), Templates::built_in().version());
    let scene = Scene::new(Wording::En, "refund.request");
    assert_eq!(scene.with(&again), scene.with(&own));
}

#[test]
fn the_default_templates_pass_the_check_of_a_tenants() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tenants/default/templates");
    let templates = Templates::load(&folder).unwrap_or_else(|error| panic!("{error}"));
    let draft = Scene::new(Wording::ZhHans, "refund.request").with(&templates).draft.expect("a draft");
    assert_eq!(draft.text, Scene::new(Wording::ZhHans, "refund.request").draft().text);
    for wording in Wording::ALL {
        let names = |tag: &str| {
            let prefix = format!("default/{tag}/");
            let names = templates.sources().keys().filter_map(|name| name.strip_prefix(&prefix));
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(names(wording.tag()), names("en"), "each wording has the same templates");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn drafts_never_panic_and_are_the_same_again(
        passage in "\\PC{1,200}",
        said in "\\PC{0,200}",
        due in any::<i64>(),
        wording in 0..4_usize,
        channel in 0..5_usize,
        emotion in 0..6_usize,
    ) {
        let templates = Templates::built_in();
        let wording = Wording::ALL[wording];
        let mut scene = Scene::new(wording, "refund.request").and("refund.status")
            .found(1, hit("refunds", &said, &passage, Locale::ZhHans))
            .on(Channel::ALL[channel]).feeling(Emotion::ALL[emotion]).said(&[&said, &passage]);
        scene.verdict.route.first_reply_due = Timestamp::from_second(due % 200_000_000_000).unwrap_or(Timestamp::MAX);
        let once = scene.with(&templates);
        prop_assert_eq!(&once, &scene.with(&templates));
        prop_assert!(once.draft.is_some_and(|draft| !draft.text.is_empty()));
        prop_assert!(once.packet.is_some_and(|packet| packet.summary.len() <= 4));
    }
}
