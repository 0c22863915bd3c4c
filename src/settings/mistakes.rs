//! What is wrong with the settings, told so that it can be mended at once.

use std::{fmt, path::Path};

/// One mistake in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file or variable, for example `frontdesk.toml`; `None` for a built-in default.
    pub place: Option<String>,
    /// The key, for example `server.listen`; `None` when the whole file is meant.
    pub key: Option<String>,
    /// What is wrong and what to write instead.
    pub reason: String,
}

/// Every mistake in the settings; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistake {
    /// A mistake that a whole file is.
    pub(super) fn of_file(path: &Path, reason: String) -> Self {
        Self { place: Some(path.display().to_string()), key: None, reason }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [self.place.as_deref(), self.key.as_deref(), Some(&self.reason)];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        formatter.write_str(&parts.join(": "))
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [only] => write!(formatter, "the settings have a mistake\n  {only}"),
            several => {
                write!(formatter, "the settings have {} mistakes", several.len())?;
                several.iter().try_for_each(|mistake| write!(formatter, "\n  {mistake}"))
            }
        }
    }
}

impl std::error::Error for Mistakes {}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }
}
