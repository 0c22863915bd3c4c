//! Includes of Markdown in Markdown.

use super::*;

fn including(id: &str, path: &str) -> String {
    markdown_file(id, &format!("Before.\n\n{{{{< include \"{path}\" >}}}}\nAfter.\n"))
}

#[test]
fn an_included_file_stands_in_the_place_of_its_line() {
    let folder = Folder::with(&[
        ("en/a.md", including("a", "../parts/hours.md").as_bytes()),
        ("en/b.md", including("b", "a.md").as_bytes()),
        ("parts/hours.md", "Open 9 to 5.\n{{< include \"days.md\" >}}\n".as_bytes()),
        ("parts/days.md", "周一至周五\n\n".as_bytes()),
    ]);
    let reading = folder.read();
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert_eq!(ids(&reading), ["a", "b"]);
    assert_eq!(article(&reading, "a").input.body, "Before.\n\nOpen 9 to 5.\n周一至周五\nAfter.\n");
    assert_eq!(
        article(&reading, "b").input.body,
        "Before.\n\nBefore.\n\nOpen 9 to 5.\n周一至周五\nAfter.\nAfter.\n"
    );
}

#[test]
fn a_circle_is_reported_with_its_whole_chain() {
    let folder = Folder::with(&[
        ("a.md", including("a", "x/b.md").as_bytes()),
        ("x/b.md", "{{< include \"c.md\" >}}\n".as_bytes()),
        ("x/c.md", "text\n{{< include \"../a.md\" >}}\n".as_bytes()),
        ("self.md", including("self", "./self.md").as_bytes()),
        ("good.md", markdown_file("good", "text").as_bytes()),
    ]);
    let reading = folder.read();
    assert_eq!(ids(&reading), ["good"]);
    let told = folder.told(&reading.problems);
    assert!(
        told.contains(&"a.md:9: the includes go in a circle: a.md → x/b.md → x/c.md → a.md".into()),
        "{told:?}"
    );
    assert!(told.contains(&"self.md:9: the includes go in a circle: self.md → self.md".into()), "{told:?}");
    assert!(
        told.iter().any(|line| line.starts_with("x/b.md:1: the includes go in a circle: x/b.md")),
        "{told:?}"
    );
}

#[test]
fn includes_stay_inside_the_folder_and_name_what_is_missing() {
    let outside = Folder::with(&[("secret.md", b"secret")]);
    let folder = Folder::with(&[
        ("a.md", including("a", "../b.md").as_bytes()),
        ("b.md", including("b", "/etc/hosts").as_bytes()),
        ("c.md", including("c", "missing.md").as_bytes()),
        ("d.md", including("d", "link/secret.md").as_bytes()),
        ("e.md", including("e", "").as_bytes()),
        ("f.md", including("f", "x\\\\..\\\\y.md").as_bytes()),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.0.path(), folder.path("link")).unwrap();
    let reading = folder.read();
    assert!(reading.articles.is_empty());
    let told = folder.told(&reading.problems);
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told[0].starts_with("a.md:9: includes \"../b.md\", which is outside the folder"), "{told:?}");
    assert!(told[1].contains("outside") && told[4].contains("outside"), "{told:?}");
    assert_eq!(told[2], "c.md:9: includes \"missing.md\", which is not there");
    assert!(told[3].contains("which is not there"), "{told:?}");
}

#[test]
fn includes_end_at_their_bounds() {
    let mut files: Vec<(String, String)> = (0..12)
        .map(|level| {
            (format!("{level:02}.md"), including(&format!("id{level}"), &format!("{:02}.md", level + 1)))
        })
        .collect();
    files.push(("12.md".into(), markdown_file("id12", "end")));
    // Each of five levels includes the next one twenty times.
    for level in 0..5 {
        let line = format!("{{{{< include \"wide{}.md\" >}}}}\n", level + 1);
        files.push((format!("wide{level}.md"), markdown_file(&format!("w{level}"), &line.repeat(20))));
    }
    files.push(("wide5.md".into(), markdown_file("w5", "end")));
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let folder = Folder::with(&files);
    let told = folder.told(&folder.read().problems);
    assert!(
        told.iter().any(|line| line.starts_with("00.md:9: the includes go deeper than 8: 00.md → 01.md")),
        "{told:?}"
    );
    assert!(told.iter().any(|line| line.contains("includes more than 1000 files")), "{told:?}");
}

#[test]
fn lines_in_code_and_behind_a_backslash_include_nothing() {
    let body = "```\n{{< include \"x.md\" >}}\n```\n\n\\{{< include \"x.md\" >}}\n{{< figure \"x.md\" >}}\n";
    let folder = Folder::with(&[("a.md", markdown_file("a", body).as_bytes())]);
    let reading = folder.read();
    assert_eq!(
        article(&reading, "a").input.body,
        "```\n{{< include \"x.md\" >}}\n```\n\n{{< include \"x.md\" >}}\n{{< figure \"x.md\" >}}\n"
    );
    assert_eq!(render(article(&reading, "a")).lines().skip(6).collect::<Vec<_>>().join("\n") + "\n", body);
}

#[test]
fn a_file_without_front_matter_that_nothing_includes_is_reported() {
    let folder = Folder::with(&[("a.md", b"text"), ("b.md", markdown_file("b", "x").as_bytes())]);
    assert_eq!(
        folder.told(&folder.read().problems),
        ["a.md:1: has no front matter; begin with a line --- and the article's fields"]
    );
}
