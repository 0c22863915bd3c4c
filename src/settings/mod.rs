//! Every setting of the program: built-in defaults, a file, the environment, and their checks.
//!
//! [`Settings::load`] reads them in this order, later wins:
//!
//! 1. the defaults, which are the values in the embedded `frontdesk.toml` ([`EXAMPLE`]);
//! 2. the file given by `--config`, else `frontdesk.toml` in the working folder when it is there;
//! 3. variables of the form `FRONTDESK__SECTION__KEY`.
//!
//! Every mistake is found before the first is reported.

mod layers;
mod mistakes;
mod path;
mod sections;
mod validate;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

pub use mistakes::{Mistake, Mistakes};
pub use path::find;
use serde::{Deserialize, Serialize};

pub use self::sections::{
    DataSettings, KnowledgeSettings, LogFormat, LogSettings, ModelSettings, RecordsSettings, ServerSettings,
    TenantSettings, TriageSettings, WorkerSettings,
};
use crate::triage::Reading;

/// The settings file with every default, as it is shipped.
pub const EXAMPLE: &str = include_str!("../../frontdesk.toml");

/// Name of the settings file that is read from the working folder without being asked for.
const DEFAULT_FILE: &str = "frontdesk.toml";

/// All settings, checked. `frontdesk.toml` describes each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The listening side.
    pub server: ServerSettings,
    /// The model.
    pub model: ModelSettings,
    /// The data folder.
    pub data: DataSettings,
    /// The knowledge bases.
    pub knowledge: KnowledgeSettings,
    /// The threads that compute.
    pub workers: WorkerSettings,
    /// Limits and defaults of requests.
    pub triage: TriageSettings,
    /// The tenants' folders.
    pub tenants: TenantSettings,
    /// What is kept of decisions and conversations.
    pub records: RecordsSettings,
    /// The log.
    pub log: LogSettings,
}

impl Settings {
    /// Reads the settings: defaults, then the file, then the environment.
    ///
    /// # Errors
    /// Every mistake at once, each with the file or variable and the key it stands in.
    pub fn load(config: Option<&Path>) -> Result<Self, Mistakes> {
        let file = read_file(config)?;
        let variables = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        });
        layers::build(file.as_ref().map(|(path, text)| (path.as_path(), text.as_str())), variables)
    }

    /// How messages are read.
    pub fn reading(&self) -> Reading {
        Reading { default_locale: self.triage.default_locale, max_windows: self.model.max_windows }
    }
}

/// Reads the settings file that was asked for, or the one in the working folder when it is there.
fn read_file(config: Option<&Path>) -> Result<Option<(PathBuf, String)>, Mistakes> {
    let path = config.unwrap_or(Path::new(DEFAULT_FILE));
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.to_owned(), text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && config.is_none() => Ok(None),
        Err(error) => {
            Err(Mistake::of_file(path, format!("cannot be read: {error}; give another with --config")).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_states_the_defaults() {
        let parsed: Settings = toml::from_str(EXAMPLE).unwrap();
        assert_eq!(parsed, Settings::default());
    }

    #[test]
    fn the_shipped_file_states_every_setting() {
        let parsed: toml::Table = EXAMPLE.parse().unwrap();
        let defaults = toml::Table::try_from(Settings::default()).unwrap();
        for (section, keys) in &defaults {
            for key in keys.as_table().unwrap().keys() {
                assert!(parsed[section].get(key).is_some(), "{section}.{key} is not in frontdesk.toml");
            }
        }
    }

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(validate::problems(&Settings::default()), []);
    }

    #[test]
    fn a_file_that_was_asked_for_must_be_there() {
        let mistakes = Settings::load(Some(Path::new("/nowhere/frontdesk.toml"))).unwrap_err();
        assert!(mistakes.to_string().contains("/nowhere/frontdesk.toml: cannot be read"), "{mistakes}");
    }
}
