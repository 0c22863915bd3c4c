//! HTML pages and pages of a Confluence space.

use super::*;

fn page(html: &str) -> Reading {
    Folder::with(&[("page.html", html.as_bytes())]).read()
}

fn body(html: &str) -> String {
    let full = format!("<html lang=en><title>T</title><body>{html}");
    let reading = page(&full);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.articles[0].item.input.body.clone()
}

#[test]
fn a_page_gives_its_content_and_nothing_around_it() {
    let reading = read_fixture("pages/en/returns.html");
    let input = &reading.articles[0].item.input;
    assert_eq!((input.title.as_str(), input.locale.as_str()), ("Returning something", "en"));
    assert_eq!(input.url, "https://shop.example/help/returns");
    let expected = "You can return most things within **30 days** of delivery; *Tide Plus* members have 60.\n\n\
        ## What it costs\n\n\
        | Reason | Parcel up to 20 kg | Larger |\n|---|---|---|\n| Faulty or wrong | free | free |\n\
        | Changed your mind | £4.90 \\| card only | £19 |\n| Changed your mind | free in a showroom | £19 |\n\n\
        ## How to do it\n\n\
        1. Open My orders and choose the item.\n2. Choose a reason:\n   - faulty\n   - wrong size\n     - shoes\n\
        5. Bring the parcel to a shop; the code looks like `RT-1234`.\n\n\
        > Keep the receipt until the refund has arrived.\n\n\
        **Pick-up**\n\nA courier comes the next working day.\n\n\
        Prices \\<b> and 5 * 3 stay.\n1\\. is no list here\n";
    assert_eq!(input.body, expected);
}

#[test]
fn pages_without_any_hint_are_read_by_where_their_text_is() {
    let reading = read_fixture("pages");
    assert_eq!(ids(&reading), ["returns.en", "returns.zh-Hans", "returns.zh-Hant"]);
    let hans = &article(&reading, "returns.zh-Hans").input;
    assert_eq!(hans.title, "退换货说明");
    for kept in [
        "签收后**30天**内",
        "入耳式耳机拆封后不能退",
        "| 质量问题 | 免费 |",
        "2. 选择上门取件",
        "help@shop.example",
    ] {
        assert!(hans.body.contains(kept), "{kept}: {}", hans.body);
    }
    for dropped in ["购物车", "物流", "版权", "退换货说明"] {
        assert!(!hans.body.contains(dropped), "{dropped}: {}", hans.body);
    }
    // Its template says lang="en".
    let hant = &article(&reading, "returns.zh-Hant").input;
    assert_eq!((hant.locale.as_str(), hant.title.as_str()), ("zh-Hant", "退貨與退款"));
    assert!(hant.body.contains("- 超商退貨：三天") && !hant.body.contains("物流"), "{}", hant.body);
}

#[test]
fn an_answer_that_is_folded_away_is_read() {
    let body = body(
        "<main><h2>When is my money back?</h2><div class=panel aria-hidden=true style='display:none'><p>Within 7 days.</p></div>\
         <details><summary>And by card?</summary><p>10 days.</p></details></main>",
    );
    assert_eq!(body, "## When is my money back?\n\nWithin 7 days.\n\nAnd by card?\n\n10 days.\n");
}

#[test]
fn a_page_about_cookies_keeps_its_text() {
    let text = "We bake biscuits every day of the week and send them everywhere. ".repeat(10);
    let body = body(&format!(
        "<div class='cookie-policy'><p>{text}</p></div><div class=cookie-bar>Accept all?</div>"
    ));
    assert!(body.contains("bake biscuits") && !body.contains("Accept"), "{body}");
}

#[test]
fn wrongly_nested_tags_lose_nothing() {
    let body = body(
        "<p>a <b>b <i>c</b> d</i> e<table><tr><td>1<td>2<tr>x<td>3</table><ul><li>f<ul><li>g</ul><ul><li>h</ul>",
    );
    for word in ["a", "b", "c", "d", "e", "1", "2", "3", "x", "f", "g", "h"] {
        assert!(body.contains(word), "{word}: {body}");
    }
}

#[test]
fn text_that_looks_like_markdown_stays_text() {
    let read = body(
        "<p># no heading</p><p>- no item</p><p>---</p><p>&gt; no quote</p><p>C:\\temp &lt;i&gt;</p><pre>a\n  ```\nb</pre>",
    );
    assert_eq!(
        read,
        "\\# no heading\n\n\\- no item\n\n\\---\n\n\\> no quote\n\nC:\\\\temp \\<i>\n\n````\na\n  ```\nb\n````\n"
    );
}

#[test]
fn the_locale_comes_from_the_page_the_path_the_option_or_the_text() {
    let chinese = "<title>退貨</title><p>三十天內都可以退貨，運費由買家負擔。</p>";
    let alike = "<title>1</title><p>12345</p>";
    let read_as = |name: &str, html: &str, locale: Option<Locale>| {
        let folder = Folder::with(&[(name, html.as_bytes())]);
        let reading = read(folder.0.path(), &ReadOptions { locale, ..ReadOptions::default() });
        match reading.articles.as_slice() {
            [article] => article.item.input.locale.clone(),
            _ => reading.problems[0].message.clone(),
        }
    };
    for (lang, locale) in [
        ("zh-SG", "zh-Hans"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hans", "zh-Hans"),
        ("en-AU", "en"),
    ] {
        let html = format!("<html lang={lang}>{alike}");
        assert_eq!(read_as("a.html", &html, Some(Locale::ZhHant)), locale, "{lang}");
    }
    assert_eq!(read_as("zh-CN/a.html", alike, Some(Locale::En)), "zh-Hans");
    assert_eq!(read_as("a.html", alike, Some(Locale::ZhHant)), "zh-Hant");
    assert_eq!(read_as("a.html", chinese, None), "zh-Hant");
    assert_eq!(read_as("a.html", &format!("<html lang=zh>{chinese}"), None), "zh-Hant");
    assert!(read_as("a.html", alike, None).contains("give --locale"));
    assert!(read_as("a.html", &format!("<html lang=fr>{alike}"), None).contains("\"fr\" is not en"));
}

#[test]
fn pages_without_title_or_text_are_reported() {
    let told = |html: &str| page(html).problems[0].to_string();
    assert!(told("<html lang=en><p>text").contains("title: has no <title>"));
    assert!(told("<html lang=en><title>T</title><script>x</script>").contains("body: is blank"));
    assert!(told("").contains("title"));
}

#[test]
fn a_space_of_confluence_is_recognised_and_for_agents() {
    let reading = read_fixture("confluence");
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert_eq!(ids(&reading), ["confluence-31429528", "confluence-31429504"]);
    let english = &article(&reading, "confluence-31429504").input;
    assert_eq!((english.title.as_str(), english.locale.as_str()), ("Refunds over 100", "en"));
    assert_eq!((english.audience, english.content_time_ms), (Some(Audience::Agent), Some(1_751_587_200_000)));
    assert_eq!(
        english.body,
        "# Who decides\n\nThe team lead decides about refunds over 100 pounds.\n\nNever promise a day.\n\n\
         | Amount | Who |\n|---|---|\n| over 100 | team lead |\n| over 1000 | finance |\n"
    );
    assert_eq!(article(&reading, "confluence-31429528").input.title, "赔偿标准");
    assert_eq!(reading.left_out.len(), 1);
    assert!(reading.left_out[0].to_string().contains("index.html: is the space's table of contents"));
    let options = ReadOptions { audience: Some(Audience::Public), ..ReadOptions::default() };
    assert_eq!(
        read(&fixture("confluence"), &options).articles[0].item.input.audience,
        Some(Audience::Public)
    );
}

#[test]
fn files_beside_the_pages_of_a_space_never_become_articles() {
    let page =
        "<html lang=en><title>Shop : Refunds</title><div id=main-content class='wiki-content'><p>Text.</div>";
    let plain = "<html lang=en><title>T</title><p>For colleagues.";
    let csv = "id,locale,title,body\na,en,A,x\n";
    let folder = Folder::with(&[
        ("SHOP/Refunds_1.html", page.as_bytes()),
        ("SHOP/attachments/1/2.html", plain.as_bytes()),
        ("SHOP/attachments/1/3.csv", csv.as_bytes()),
        ("SHOP/attachments/1/4.html", page.as_bytes()),
        ("SHOP/images/5.html", plain.as_bytes()),
        ("SHOP/styles/6.html", plain.as_bytes()),
        ("SHOP/old.html", plain.as_bytes()),
        ("help/attachments/returns.html", plain.as_bytes()),
    ]);
    let reading = folder.read();
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert_eq!(ids(&reading), ["confluence-1", "help-attachments-returns"]);
    assert_eq!(reading.articles[0].item.input.audience, Some(Audience::Agent));
    assert_eq!(reading.left_out.len(), 6, "{:?}", folder.told(&reading.left_out));
}

#[test]
fn files_of_other_kinds_are_counted() {
    let folder = Folder::with(&[("a.docx", b"x"), ("b/c.png", b"x"), ("README.md", b"x"), (".hidden", b"x")]);
    assert_eq!(folder.read().counts, FileCounts { num_known: 0, num_unknown: 2 });
    let single = folder.read_file("a.docx");
    assert_eq!(single.counts, FileCounts { num_known: 0, num_unknown: 1 });
    let told = read(&folder.path("a.docx"), &ReadOptions { format: Format::Csv, ..ReadOptions::default() });
    assert_eq!(told.counts, FileCounts { num_known: 1, num_unknown: 0 });
}
