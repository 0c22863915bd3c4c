//! Encodings other than UTF-8.

use encoding_rs::{BIG5, GB18030, SHIFT_JIS, WINDOWS_1252};

use super::*;

const HANS: &str = "签收后三十天内可以退货，商品要未使用、配件齐全、带包装。退款会在七个工作日内退回原来的付款方式，请放心。";
const HANT: &str =
    "收到商品後三十天內都可以退貨，運費由買家負擔，瑕疵品除外。退款會在七個工作天內退回原本的付款方式。";

fn file(locale: &str, body: &str) -> String {
    format!("---\nid: a\nlocale: {locale}\ntitle: T\n---\n\n{body}\n")
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn marked_and_certain_encodings_are_read() {
    let hans = file("zh-Hans", HANS);
    let hant = file("zh-Hant", HANT);
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("UTF-8 with a mark", format!("\u{feff}{hans}").into_bytes(), HANS),
        ("UTF-16LE", utf16(&hans, false), HANS),
        ("UTF-16BE", utf16(&hant, true), HANT),
        ("GB 18030", GB18030.encode(&hans).0.into_owned(), HANS),
        ("Big5", BIG5.encode(&hant).0.into_owned(), HANT),
        ("CRLF", hans.replace('\n', "\r\n").into_bytes(), HANS),
    ];
    for (name, bytes, expected) in cases {
        let reading = Folder::with(&[("a.md", &bytes)]).read();
        assert!(reading.problems.is_empty(), "{name}: {:?}", reading.problems);
        assert_eq!(reading.articles[0].item.input.body.trim_end(), expected, "{name}");
    }
}

#[test]
fn what_is_not_certain_is_refused_with_a_hint() {
    let few = file("zh-Hans", "退款");
    let cases: [(&str, Vec<u8>); 5] = [
        ("too little text", GB18030.encode(&few).0.into_owned()),
        (
            "Japanese",
            SHIFT_JIS
                .encode(&file("zh-Hans", "注文した商品がまだ届きません。いつ届きますか。返品はできますか。"))
                .0
                .into_owned(),
        ),
        (
            "French",
            WINDOWS_1252.encode(&file("en", "Le café est fermé à Noël, désolé pour la gêne")).0.into_owned(),
        ),
        ("broken UTF-8", [HANS.as_bytes(), b"\xff\xfe\n"].concat()),
        ("UTF-16 without a mark", utf16("---\nid: a\n---\n\nabc", false)[2..].to_vec()),
    ];
    for (name, bytes) in cases {
        let reading = Folder::with(&[("a.md", &bytes)]).read();
        assert!(reading.articles.is_empty(), "{name}: {:?}", reading.articles);
        assert!(reading.problems[0].message.contains("--encoding"), "{name}: {:?}", reading.problems);
        assert!(reading.problems[0].line > 0, "{name}");
    }
}

#[test]
fn an_encoding_that_is_told_is_taken_or_the_wrong_line_named() {
    let told = |bytes: &[u8], name: &str| {
        let folder = Folder::with(&[("a.md", bytes)]);
        let options = ReadOptions { encoding: Some(name.parse().unwrap()), ..ReadOptions::default() };
        read(folder.0.path(), &options)
    };
    let few = GB18030.encode(&file("zh-Hans", "退款")).0.into_owned();
    assert_eq!(told(&few, "gb18030").articles[0].item.input.body, "退款\n");
    let bare = utf16(&file("en", "x"), false)[2..].to_vec();
    assert_eq!(told(&bare, "utf-16le").articles[0].item.input.body, "x\n");
    let broken = [GB18030.encode("---\nid: a\n").0.as_ref(), b"title: \xff\xff\n"].concat();
    let problem = &told(&broken, "gb18030").problems[0];
    assert_eq!(problem.line, 3, "{problem}");
    assert!(problem.message.starts_with("is not gb18030"), "{problem}");
    assert!("klingon".parse::<TextEncoding>().is_err());
}

#[test]
fn a_page_says_its_own_encoding() {
    let page = |charset: &str| {
        format!(
            "<html lang=zh-CN><head><meta http-equiv=Content-Type content=\"text/html; charset={charset}\"><title>退货</title></head><body><p>退款</p>"
        )
    };
    let good = GB18030.encode(&page("gb2312")).0.into_owned();
    let wrong = [BIG5.encode(&page("big5")).0.as_ref(), b"\xff\xff"].concat();
    let reading = Folder::with(&[("a.html", &good), ("b.html", &wrong)]).read();
    assert_eq!(reading.articles[0].item.input.body, "退款\n");
    assert!(reading.problems[0].message.starts_with("is not Big5"), "{:?}", reading.problems);
}
