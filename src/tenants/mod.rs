//! The tenants: a folder each, read at the start and again when its files change.
//!
//! `<path>/<tenant>/policy.toml` is the tenant's policy file; a tenant without one has the built-in policy, and
//! so has [`DEFAULT`] without a folder. What is refused or gone changes nothing: the tenant keeps what it had.

mod stamp;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;

use self::stamp::Stamp;
use crate::{
    Error, Result,
    desk::Tenant,
    draft::Templates,
    policy::playbook::{Finding, Playbook, Severity},
};

/// The tenant of requests that name none.
pub const DEFAULT: &str = "default";

/// Name of the policy file in a tenant's folder.
pub const POLICY_FILE: &str = "policy.toml";

/// Name of the folder of templates in a tenant's folder.
pub const TEMPLATES_FOLDER: &str = "templates";

/// Characters of a tenant's name at most.
const MAX_NAME: usize = 64;

/// Mistakes of a refused file that the log shows at most.
const MAX_LOGGED: usize = 20;

/// The tenants as they are now; cheap to read from any thread.
#[derive(Debug)]
pub struct Tenants {
    folder: PathBuf,
    by_name: ArcSwap<BTreeMap<String, Arc<Tenant>>>,
    /// What the last look saw; also keeps looks from overlapping.
    seen: Mutex<Seen>,
}

/// What a look saw.
#[derive(Debug, Default)]
struct Seen {
    /// What each tenant's folder held.
    stamps: BTreeMap<String, Stamp>,
    /// What was told of folders that cannot be read, so that it is told once.
    told: BTreeSet<String>,
}

impl Seen {
    /// Logs what cannot be read, when the look before did not.
    fn tell(&mut self, told: &mut BTreeSet<String>, error: &Error) {
        let error = error.to_string();
        if !self.told.contains(&error) {
            tracing::error!(error, "a tenant's folder cannot be read; what was read before stays");
        }
        told.insert(error);
    }
}

/// A policy file and what is wrong with it.
#[derive(Debug)]
pub struct PolicyFile {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// The playbook, or every mistake.
    pub playbook: Result<Playbook, Vec<Finding>>,
}

impl PolicyFile {
    /// Reads and checks a policy file.
    ///
    /// # Errors
    /// When the file cannot be read; mistakes in it are in [`PolicyFile::playbook`].
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|error| Error::file(path, error))?;
        let (text, playbook) = match String::from_utf8(bytes) {
            Ok(text) => {
                let playbook = Playbook::compile(&text);
                (text, playbook)
            }
            Err(error) => {
                let readable = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = readable.iter().filter(|byte| **byte == b'\n').count() + 1;
                (String::new(), Err(vec![not_utf8(line)]))
            }
        };
        Ok(Self { path: path.to_owned(), text, playbook })
    }
}

fn not_utf8(line: usize) -> Finding {
    let reason = "is not UTF-8; save the file in this encoding".to_owned();
    Finding { severity: Severity::Error, line, column: 1, key: String::new(), reason }
}

impl Tenants {
    /// Reads the tenants of a folder, which may be absent.
    ///
    /// # Errors
    /// When a tenant cannot be used: every mistake of every file.
    pub fn open(folder: &Path) -> Result<Self> {
        let mut by_name = BTreeMap::from([(DEFAULT.to_owned(), Arc::new(built_in(DEFAULT)))]);
        let mut stamps = BTreeMap::new();
        let Folders { tenants, unreadable } = Folders::of(folder);
        let mut refused: Vec<String> = unreadable.iter().map(ToString::to_string).collect();
        for (name, path) in tenants {
            match Stamp::of(&path).and_then(|stamp| Ok((stamp, load(&name, &path)?))) {
                Ok((stamp, tenant)) => {
                    stamps.insert(name.clone(), stamp);
                    by_name.insert(name, Arc::new(tenant));
                }
                Err(error) => refused.push(error.to_string()),
            }
        }
        if !refused.is_empty() {
            return Err(Error::policy(folder, format!("cannot be used\n{}", refused.join("\n"))));
        }
        let seen = Mutex::new(Seen { stamps, told: BTreeSet::new() });
        Ok(Self { folder: folder.to_owned(), by_name: ArcSwap::from_pointee(by_name), seen })
    }

    /// A tenant by its name; "" means the default one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn get(&self, name: &str) -> Result<Arc<Tenant>> {
        let name = if name.is_empty() { DEFAULT } else { name };
        self.by_name
            .load()
            .get(name)
            .cloned()
            .ok_or_else(|| Error::NotFound { resource: format!("tenants/{name}") })
    }

    /// The rules of a tenant that the caller vouches for: its own, or the default tenant's under its name when
    /// it has no folder.
    pub fn rules(&self, name: &str) -> Arc<Tenant> {
        self.get(name).unwrap_or_else(|_| {
            Arc::new(Tenant { name: name.to_owned(), ..Tenant::clone(&self.default_tenant()) })
        })
    }

    /// The tenant of requests that name none.
    pub fn default_tenant(&self) -> Arc<Tenant> {
        let found = self.by_name.load().get(DEFAULT).cloned();
        // It is there from the start and never taken away.
        found.unwrap_or_else(|| Arc::new(built_in(DEFAULT)))
    }

    /// The names of all tenants, in order.
    pub fn names(&self) -> Vec<String> {
        self.by_name.load().keys().cloned().collect()
    }

    /// Looks once for changed files and takes those without a mistake; returns the tenants that changed.
    ///
    /// Reads files, so that it blocks; at most one look runs at a time.
    pub fn look(&self) -> Vec<String> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Folders { tenants, unreadable } = Folders::of(&self.folder);
        let mut told = BTreeSet::new();
        unreadable.iter().for_each(|error| seen.tell(&mut told, error));
        let mut changed = Vec::new();
        for (name, path) in &tenants {
            match self.look_at(name, path, &mut seen.stamps) {
                Ok(true) => changed.push(name.clone()),
                Ok(false) => {}
                Err(error) => seen.tell(&mut told, &error),
            }
        }
        seen.told = told;
        let is_gone =
            |name: &String| unreadable.is_empty() && !tenants.iter().any(|(other, _)| other == name);
        let gone: Vec<String> = seen.stamps.keys().filter(|name| is_gone(name)).cloned().collect();
        for name in gone {
            seen.stamps.remove(&name);
            tracing::warn!(
                tenant = name,
                "the tenant's folder is gone; its last policy stays until a restart"
            );
        }
        changed
    }

    /// Looks at one tenant's folder; returns whether the tenant changed.
    fn look_at(&self, name: &str, path: &Path, stamps: &mut BTreeMap<String, Stamp>) -> Result<bool> {
        let before = stamps.get(name);
        if before.is_some_and(|before| before.is_current(path)) {
            return Ok(false);
        }
        let stamp = Stamp::of(path)?;
        let same = before.is_some_and(|before| before.holds_the_same(&stamp));
        let has_policy = stamp.holds(Path::new(POLICY_FILE));
        stamps.insert(name.to_owned(), stamp);
        if same {
            return Ok(false);
        }
        if !has_policy && self.has_own_policy(name) {
            tracing::warn!(tenant = name, "the policy file is gone; the last one stays until a restart");
            return Ok(false);
        }
        match load(name, path) {
            Ok(tenant) => {
                let version = tenant.version();
                self.replace(tenant);
                tracing::info!(tenant = name, version, "the tenant's files were read again");
                Ok(true)
            }
            Err(error) => {
                tracing::error!(tenant = name, %error, "the tenant's files were refused; those before stay");
                Ok(false)
            }
        }
    }

    /// Whether a tenant is there and decides by another policy than the built-in one.
    fn has_own_policy(&self, name: &str) -> bool {
        let built_in = Playbook::built_in();
        self.by_name.load().get(name).is_some_and(|tenant| tenant.playbook.version() != built_in.version())
    }

    fn replace(&self, tenant: Tenant) {
        let tenant = Arc::new(tenant);
        self.by_name.rcu(|by_name| {
            let mut by_name = BTreeMap::clone(by_name);
            by_name.insert(tenant.name.clone(), Arc::clone(&tenant));
            by_name
        });
    }

    /// Looks for changed files again and again, in a task that ends when the tenants are dropped.
    ///
    /// Must be called on a tokio runtime.
    pub fn watch(self: &Arc<Self>, every: Duration) {
        if every.is_zero() {
            return;
        }
        let tenants = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(every).await;
                let Some(tenants) = tenants.upgrade() else { return };
                if tokio::task::spawn_blocking(move || tenants.look()).await.is_err() {
                    tracing::error!("looking for changed policy files failed; the next look follows");
                }
            }
        });
    }
}

/// The folders of tenants.
#[derive(Debug, Default)]
pub struct Folders {
    /// Names and folders, in order.
    pub tenants: Vec<(String, PathBuf)>,
    /// What is there and cannot be a tenant's.
    pub unreadable: Vec<Error>,
}

impl Folders {
    /// Lists the folders of tenants; none when the folder is absent.
    pub fn of(folder: &Path) -> Self {
        let mut folders = Self::default();
        match fs::read_dir(folder) {
            Ok(entries) => entries.for_each(|entry| match entry {
                Ok(entry) => folders.add(entry.path()),
                Err(error) => folders.unreadable.push(Error::file(folder, error)),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => folders.unreadable.push(Error::file(folder, error)),
        }
        folders.tenants.sort();
        folders
    }

    fn add(&mut self, path: PathBuf) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Hidden folders belong to version control, editors and mounted volumes.
        if name.starts_with('.') || !path.is_dir() {
            return;
        }
        if is_name(&name) {
            self.tenants.push((name, path));
        } else {
            let reason =
                "is no name of a tenant; rename the folder, with letters, digits, \"-\", \"_\" and \".\"";
            self.unreadable.push(Error::policy(path, reason));
        }
    }
}

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.len() <= MAX_NAME && name.bytes().all(allowed)
}

/// Reads a tenant's folder.
fn load(name: &str, folder: &Path) -> Result<Tenant> {
    let path = folder.join(POLICY_FILE);
    let playbook = match PolicyFile::read(&path) {
        Ok(PolicyFile { playbook, .. }) => playbook.map_err(|mistakes| refused(&path, &mistakes))?,
        Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Playbook::built_in(),
        Err(error) => return Err(error),
    };
    for warning in playbook.warnings() {
        tracing::warn!(tenant = name, %warning, "the policy file may not do what it means");
    }
    let templates = Templates::load(&folder.join(TEMPLATES_FOLDER))?;
    Ok(Tenant { name: name.to_owned(), playbook: Arc::new(playbook), templates: Arc::new(templates) })
}

fn built_in(name: &str) -> Tenant {
    Tenant::built_in(name)
}

/// All mistakes of a file, a line each.
fn refused(path: &Path, mistakes: &[Finding]) -> Error {
    let mut lines: Vec<String> = mistakes.iter().take(MAX_LOGGED).map(ToString::to_string).collect();
    if mistakes.len() > MAX_LOGGED {
        lines.push(format!("and {} more; `frontdesk rules check` shows all", mistakes.len() - MAX_LOGGED));
    }
    Error::policy(path, format!("has mistakes\n  {}", lines.join("\n  ")))
}
