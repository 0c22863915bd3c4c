//! `frontdesk rules`: output, exit codes, JSON.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

use super::common::LEAST;

fn rules(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .arg("rules")
        .args(arguments)
        .current_dir(folder)
        .env("FRONTDESK__TENANTS__PATH", folder.join("tenants"))
        .output()
        .expect("the program")
}

/// Writes a policy file of a tenant.
fn tenant(folder: &Path, name: &str, text: &str) {
    let own = folder.join("tenants").join(name);
    fs::create_dir_all(&own).expect("created");
    fs::write(own.join("policy.toml"), text).expect("written");
}

#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

#[test]
fn check_goes_through_every_tenant_and_the_built_in_file() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(said(&rules(folder.path(), &["check"]), 0), "built-in: no mistakes\n");
    tenant(folder.path(), "good", LEAST);
    tenant(folder.path(), "bad", &format!("{LEAST}[tone]\nchat = \"frendly\"\n"));
    let told = said(&rules(folder.path(), &["check"]), 1);
    assert!(told.contains("tenants/bad/policy.toml:9:8: error: tone.chat:"), "{told}");
    assert!(told.contains("did you mean \"friendly\"?"), "{told}");
    assert!(
        told.contains("good/policy.toml: no mistakes") && told.contains("1 mistake; the file cannot be used"),
        "{told}"
    );
    let told = said(&rules(folder.path(), &["check", "tenants/good"]), 0);
    assert_eq!(told, "tenants/good/policy.toml: no mistakes\n");
}

#[test]
fn warnings_fail_only_when_it_is_strict() {
    let folder = tempfile::tempdir().expect("a folder");
    let rule = |name: &str| {
        format!("[[rules]]\nname = \"{name}\"\nwhen = {{ tier = \"vip\" }}\nthen = {{ queue = \"vip\" }}\n")
    };
    tenant(folder.path(), "shop", &format!("{LEAST}{}{}", rule("one"), rule("two")));
    let told = said(&rules(folder.path(), &["check", "tenants"]), 0);
    assert!(
        told.contains(":12:1: warning: rule \"two\":") && told.contains("can never fire: rule \"one\""),
        "{told}"
    );
    assert!(told.contains("shop/policy.toml: 1 warning"), "{told}");
    said(&rules(folder.path(), &["check", "--strict", "tenants/shop/policy.toml"]), 1);
}

/// Writes a template of a tenant.
fn template(folder: &Path, tenant: &str, file: &str, text: &str) {
    let path = folder.join("tenants").join(tenant).join("templates").join(file);
    fs::create_dir_all(path.parent().expect("a parent")).expect("created");
    fs::write(path, text).expect("written");
}

#[test]
fn check_reads_the_templates_too() {
    let folder = tempfile::tempdir().expect("a folder");
    tenant(folder.path(), "good", LEAST);
    template(folder.path(), "good", "zh-Hant-HK/closing.jinja", "不用客氣！");
    let told = said(&rules(folder.path(), &["check", "tenants/good"]), 0);
    assert_eq!(told, "tenants/good/policy.toml: no mistakes\ntenants/good/templates: no mistakes\n");
    tenant(folder.path(), "bad", LEAST);
    template(folder.path(), "bad", "en/handoff.jinja", "Hello\n{{ due }}\n{{ custommer }}");
    template(folder.path(), "bad", "zh-Hans/closing.jinja", "{% if true %}");
    // A tenant may have templates alone.
    template(folder.path(), "words", "en/anwser.jinja", "?");
    let told = said(&rules(folder.path(), &["check"]), 1);
    for expected in [
        "bad/policy.toml: no mistakes",
        "bad/templates/zh-Hans/closing.jinja:1:1: error:",
        "words/templates/en/anwser.jinja:1:1: error:",
        "is no known template",
        "good/templates: no mistakes",
    ] {
        assert!(told.contains(expected), "no {expected:?} in\n{told}");
    }
    fs::remove_file(folder.path().join("tenants/bad/templates/zh-Hans/closing.jinja")).expect("removed");
    let told = said(&rules(folder.path(), &["check", "tenants/bad"]), 1);
    assert!(told.contains("tenants/bad/templates/en/handoff.jinja:3:1: error:"), "{told}");
    assert!(told.contains("custommer") && told.contains("mistakes; the file cannot be used"), "{told}");
    // The examples of a policy file say nothing of templates.
    said(&rules(folder.path(), &["test", "tenants/bad"]), 0);
    assert!(said(&rules(folder.path(), &["test", "tenants/words"]), 2).contains("name a policy file"));
    let json: Value =
        serde_json::from_str(&said(&rules(folder.path(), &["check", "tenants/bad", "--json"]), 1))
            .expect("JSON");
    let findings = json["files"][1]["findings"].as_array().expect("findings");
    assert!(findings.iter().any(|finding| finding["line"] == 3), "{findings:#?}");
}

#[test]
fn test_prints_what_differs() {
    let folder = tempfile::tempdir().expect("a folder");
    let test = "[[tests]]\nname = \"退款归账务\"\ngiven = { intent = \"refund.request\" }\nexpect = { queue = \"vip\" }\n";
    tenant(folder.path(), "shop", &format!("{LEAST}{test}"));
    let told = said(&rules(folder.path(), &["test"]), 1);
    assert!(told.contains("built-in: 7 examples hold"), "{told}");
    assert!(told.contains("shop/policy.toml:8: 退款归账务"), "{told}");
    assert!(told.contains("expected queue \"vip\"") && told.contains("came out queue \"billing\""), "{told}");
    assert!(told.contains("examples that do not hold: 1 of 1"), "{told}");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tenants");
    let told = said(&rules(folder.path(), &["test", sample.to_str().expect("a path")]), 0);
    assert!(told.contains("maple-tide/policy.toml: 11 examples hold"), "{told}");
}

#[test]
fn json_is_for_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    tenant(folder.path(), "shop", &format!("{LEAST}[tone]\nchat = 1\n"));
    let json: Value =
        serde_json::from_str(&said(&rules(folder.path(), &["check", "--json"]), 1)).expect("JSON");
    assert_eq!(json["files"][0]["file"], "built-in");
    assert_eq!(json["files"][0]["version"].as_str().map(str::len), Some(12));
    let finding = &json["files"][1]["findings"][0];
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64()), (Some(9), Some(8)));
    assert_eq!((finding["severity"].as_str(), finding["key"].as_str()), (Some("error"), Some("tone.chat")));
    let json: Value =
        serde_json::from_str(&said(&rules(folder.path(), &["test", "--json"]), 1)).expect("JSON");
    assert_eq!(json["files"][0]["examples"].as_array().map(Vec::len), Some(7));
}

#[test]
fn what_is_not_there_is_wrong_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(
        said(&rules(folder.path(), &["check", "nowhere.toml"]), 2).contains("nowhere.toml: No such file")
    );
    assert!(said(&rules(folder.path(), &["test", "."]), 2).contains("name a policy file"));
}
