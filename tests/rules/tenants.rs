//! Tenants' folders: read at the start, and again when their files change.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use frontdesk::{
    Error,
    policy::playbook::Playbook,
    tenants::{DEFAULT, PolicyFile, Tenants},
};

use super::common::LEAST;

/// A folder of tenants.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn policy(&self, tenant: &str) -> PathBuf {
        self.path().join(tenant).join("policy.toml")
    }

    fn write(&self, tenant: &str, text: &str) {
        fs::create_dir_all(self.path().join(tenant)).expect("created");
        fs::write(self.policy(tenant), text).expect("written");
    }

    /// Replaces the file as editors do: a new one, renamed over it.
    fn replace(&self, tenant: &str, text: &str) {
        let new = self.path().join(tenant).join(".policy.toml.swp");
        fs::write(&new, text).expect("written");
        fs::rename(new, self.policy(tenant)).expect("renamed");
    }

    fn open(&self) -> Tenants {
        Tenants::open(self.path()).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// A file whose answer threshold tells it from others.
fn with_threshold(threshold: f64) -> String {
    format!("{LEAST}[thresholds]\nanswer = {threshold}\n")
}

fn threshold(tenants: &Tenants, name: &str) -> f64 {
    tenants.get(name).expect("a tenant").playbook.thresholds(None).answer
}

#[test]
fn without_a_folder_there_is_the_built_in_policy() {
    let tenants = Tenants::open(Path::new("/nowhere/tenants")).expect("the built-in policy");
    assert_eq!(tenants.names(), [DEFAULT]);
    assert_eq!(tenants.default_tenant().playbook.version(), Playbook::built_in().version());
    assert_eq!(tenants.get("").expect("the default").name, DEFAULT);
    assert!(tenants.look().is_empty());
}

#[test]
fn every_folder_is_a_tenant() {
    let folder = Folder::new();
    folder.write("maple", &with_threshold(0.9));
    folder.write("Acme-2.b", &with_threshold(0.7));
    fs::create_dir_all(folder.path().join("only-templates/templates")).expect("created");
    fs::create_dir_all(folder.path().join(".git")).expect("created");
    fs::write(folder.path().join("README"), "not a tenant").expect("written");
    let tenants = folder.open();
    assert_eq!(tenants.names(), ["Acme-2.b", "default", "maple", "only-templates"]);
    assert_eq!((threshold(&tenants, "maple"), threshold(&tenants, "Acme-2.b")), (0.9, 0.7));
    assert_eq!(threshold(&tenants, "only-templates"), 0.8);
}

#[test]
fn an_unknown_tenant_is_not_found_or_has_the_default_rules() {
    let folder = Folder::new();
    folder.write("default", &with_threshold(0.95));
    let tenants = folder.open();
    match tenants.get("nobody") {
        Err(error @ Error::NotFound { .. }) => assert_eq!(error.to_string(), "tenants/nobody does not exist"),
        other => panic!("{other:?}"),
    }
    let rules = tenants.rules("nobody");
    assert_eq!((rules.name.as_str(), rules.playbook.thresholds(None).answer), ("nobody", 0.95));
}

#[test]
fn a_start_with_broken_files_names_every_mistake_of_all_of_them() {
    let folder = Folder::new();
    folder.write("a", "[queues]\ngeneral = 1\n");
    folder.write("b", &format!("{LEAST}[unknown]\n[tone]\nchat = \"rude\"\n"));
    fs::write(folder.policy("b").with_file_name("note.txt"), "kept").expect("written");
    fs::create_dir_all(folder.path().join("bad name")).expect("created");
    folder.write("c", "x");
    fs::write(folder.policy("c"), [b'a', b'\n', 0xff, 0xfe]).expect("written");
    let error = Tenants::open(folder.path()).expect_err("refused").to_string();
    for expected in [
        "a/policy.toml: has mistakes\n  line 1, column 1: has no routing",
        "line 8, column 2: unknown: is not a key here",
        "line 10, column 8: tone.chat: \"rude\" is no tone; known are formal, friendly",
        "bad name: is no name of a tenant",
        "c/policy.toml: has mistakes\n  line 2, column 1: is not UTF-8",
    ] {
        assert!(error.contains(expected), "no {expected:?} in\n{error}");
    }
}

#[test]
fn a_changed_file_is_taken_and_a_broken_one_refused() {
    let folder = Folder::new();
    folder.write("default", &with_threshold(0.7));
    let tenants = folder.open();
    assert!(tenants.look().is_empty());
    let before = tenants.default_tenant();
    // The same length, and likely the same tick of the file system's clock.
    folder.write("default", &with_threshold(0.9));
    assert_eq!(tenants.look(), [DEFAULT]);
    assert_eq!(threshold(&tenants, DEFAULT), 0.9);
    assert_eq!(before.playbook.thresholds(None).answer, 0.7, "who holds the old one keeps it");
    folder.write("default", "this is = no policy");
    assert!(tenants.look().is_empty());
    assert_eq!(threshold(&tenants, DEFAULT), 0.9);
    // Mended, it counts again; written again without a change, nothing happens.
    folder.replace("default", &with_threshold(0.85));
    assert_eq!(tenants.look(), [DEFAULT]);
    folder.replace("default", &with_threshold(0.85));
    assert!(tenants.look().is_empty());
    assert_eq!(threshold(&tenants, DEFAULT), 0.85);
}

#[test]
fn what_is_gone_stays_until_a_restart_and_may_come_back() {
    let folder = Folder::new();
    folder.write("shop", &with_threshold(0.9));
    let tenants = folder.open();
    fs::remove_file(folder.policy("shop")).expect("removed");
    assert!(tenants.look().is_empty());
    assert_eq!(threshold(&tenants, "shop"), 0.9);
    fs::remove_dir_all(folder.path().join("shop")).expect("removed");
    assert!(tenants.look().is_empty());
    assert_eq!(threshold(&tenants, "shop"), 0.9);
    // A folder that comes back before its policy file, as when it is copied, changes nothing yet.
    fs::create_dir_all(folder.path().join("shop")).expect("created");
    assert!(tenants.look().is_empty());
    assert_eq!(threshold(&tenants, "shop"), 0.9);
    folder.write("shop", &with_threshold(0.95));
    assert_eq!(tenants.look(), ["shop"]);
    assert_eq!(threshold(&tenants, "shop"), 0.95);
}

#[test]
fn a_new_tenant_appears_and_one_with_a_wrong_name_disturbs_nobody() {
    let folder = Folder::new();
    folder.write("first", &with_threshold(0.9));
    let tenants = folder.open();
    fs::create_dir_all(folder.path().join("wrong name")).expect("created");
    folder.write("second", &with_threshold(0.7));
    assert_eq!(tenants.look(), ["second"]);
    assert_eq!(threshold(&tenants, "second"), 0.7);
    assert!(tenants.get("wrong name").is_err());
}

#[test]
fn a_changed_template_is_a_change_of_the_tenant() {
    let folder = Folder::new();
    folder.write("shop", &with_threshold(0.9));
    let template = folder.path().join("shop/templates/en/notice.jinja");
    let text = include_str!("../../tenants/default/templates/en/notice.jinja");
    fs::create_dir_all(template.parent().expect("a parent")).expect("created");
    fs::write(&template, text).expect("written");
    let tenants = folder.open();
    assert!(tenants.look().is_empty());
    fs::write(&template, format!("{text}{{# Changed. #}}")).expect("written");
    assert_eq!(tenants.look(), ["shop"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_watch_takes_a_change_within_its_time() {
    let folder = Folder::new();
    folder.write("default", &with_threshold(0.7));
    let tenants = Arc::new(folder.open());
    tenants.watch(Duration::from_millis(50));
    folder.replace("default", &with_threshold(0.9));
    let started = Instant::now();
    while threshold(&tenants, DEFAULT) != 0.9 {
        assert!(started.elapsed() < Duration::from_secs(20), "the change was not taken");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let weak = Arc::downgrade(&tenants);
    drop(tenants);
    while weak.upgrade().is_some() {
        assert!(started.elapsed() < Duration::from_secs(20), "the watch outlives the tenants");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_policy_file_is_read_with_its_mistakes() {
    let folder = Folder::new();
    folder.write("shop", LEAST);
    let file = PolicyFile::read(&folder.policy("shop")).expect("readable");
    assert_eq!((file.text.as_str(), file.playbook.is_ok()), (LEAST, true));
    assert!(matches!(PolicyFile::read(&folder.policy("none")), Err(Error::File { .. })));
}
