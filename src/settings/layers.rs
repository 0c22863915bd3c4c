//! Lays the file and the environment over the defaults.

use std::{collections::BTreeMap, path::Path};

use toml::{Table, Value};

use super::{Mistake, Mistakes, Settings, validate};

/// What the names of variables start with.
const PREFIX: &str = "FRONTDESK__";
/// Similarity in 0..1 (Jaro-Winkler) from which an unknown key is taken for a misspelt one.
const MIN_SIMILARITY: f64 = 0.8;

/// Builds the settings from a file (its path and text) and variables.
pub(super) fn build(
    file: Option<(&Path, &str)>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<Settings, Mistakes> {
    let mut layers = Layers::new()?;
    if let Some((path, text)) = file {
        layers.add_file(path, text);
    }
    let mut variables: Vec<_> = variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    variables.sort();
    for (name, value) in variables {
        layers.add_variable(&name, &value);
    }
    layers.finish()
}

/// The settings so far, and the mistakes so far.
struct Layers {
    settings: Settings,
    /// The same as a table, whose keys and types say what is known.
    table: Table,
    /// File or variable that set a key last.
    places: BTreeMap<String, String>,
    mistakes: Vec<Mistake>,
}

impl Layers {
    fn new() -> Result<Self, Mistakes> {
        let settings = Settings::default();
        let table = Table::try_from(&settings).map_err(|error| {
            Mistakes::from(Mistake {
                place: None,
                key: None,
                reason: format!("the defaults are broken: {error}"),
            })
        })?;
        Ok(Self { settings, table, places: BTreeMap::new(), mistakes: Vec::new() })
    }

    fn add_file(&mut self, path: &Path, text: &str) {
        let place = path.display().to_string();
        let table: Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let reason = format!("is not TOML: {}", error.to_string().trim().replace('\n', "\n    "));
                return self.mistakes.push(Mistake::of_file(path, reason));
            }
        };
        for (section, keys) in table {
            match keys {
                Value::Table(keys) => {
                    keys.into_iter().for_each(|(key, value)| self.set(&place, &section, &key, value))
                }
                _ => self.mistake(
                    &place,
                    &section,
                    format!(
                        "is not a section; write it below a line [section]{}",
                        self.nearest_key(&section)
                    ),
                ),
            }
        }
    }

    fn add_variable(&mut self, name: &str, text: &str) {
        let path = name.trim_start_matches(PREFIX).to_ascii_lowercase();
        let Some((section, key)) = path.split_once("__") else {
            return self.mistake(name, &path, "names no key; write FRONTDESK__SECTION__KEY".to_owned());
        };
        let default = self.table.get(section).and_then(|keys| keys.get(key));
        let value = match default {
            Some(Value::Boolean(_)) => text.parse().ok().map(Value::Boolean),
            Some(Value::Integer(_)) => text.parse().ok().map(Value::Integer),
            Some(Value::Float(_)) => text.parse().ok().map(Value::Float),
            _ => None,
        };
        self.set(name, section, key, value.unwrap_or_else(|| Value::String(text.to_owned())));
    }

    /// Takes one value; what cannot be taken is a mistake and changes nothing.
    fn set(&mut self, place: &str, section: &str, key: &str, value: Value) {
        let path = format!("{section}.{key}");
        let Some(old) = self.table.get_mut(section).and_then(|keys| keys.get_mut(key)) else {
            let reason = self.unknown(section, key);
            return self.mistake(place, &path, reason);
        };
        let default = std::mem::replace(old, value.clone());
        match self.table.clone().try_into() {
            Ok(settings) => {
                self.settings = settings;
                self.places.insert(path, place.to_owned());
            }
            Err(error) => {
                let reason =
                    format!("{value} cannot be taken: {}; the default is {default}", error.message().trim());
                self.table[section][key] = default;
                self.mistake(place, &path, reason);
            }
        }
    }

    fn unknown(&self, section: &str, key: &str) -> String {
        let Some(Value::Table(keys)) = self.table.get(section) else {
            return match nearest(section, self.table.keys()) {
                Some(known) => format!("there is no section {section}; did you mean {known}.{key}?"),
                None => format!("there is no section {section}; known are {}", joined(self.table.keys())),
            };
        };
        match nearest(key, keys.keys()) {
            Some(known) => format!("is not a setting; did you mean {section}.{known}?"),
            None => {
                format!("is not a setting; {section} has {}{}", joined(keys.keys()), self.nearest_key(key))
            }
        }
    }

    /// A hint at the section that has a key of this name, or nothing.
    fn nearest_key(&self, key: &str) -> String {
        let mut sections = self.table.iter().filter(|(_, keys)| keys.get(key).is_some());
        sections.next().map_or_else(String::new, |(section, _)| format!("; there is {section}.{key}"))
    }

    fn mistake(&mut self, place: &str, key: &str, reason: String) {
        self.mistakes.push(Mistake { place: Some(place.to_owned()), key: Some(key.to_owned()), reason });
    }

    fn finish(mut self) -> Result<Settings, Mistakes> {
        for (key, reason) in validate::problems(&self.settings) {
            let place = self.places.get(key).cloned();
            self.mistakes.push(Mistake { place, key: Some(key.to_owned()), reason });
        }
        if self.mistakes.is_empty() { Ok(self.settings) } else { Err(Mistakes(self.mistakes)) }
    }
}

/// The known name that is spelt most like an unknown one.
fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    let scored = known.map(|name| (strsim::jaro_winkler(unknown, name), name.as_str()));
    let best = scored.max_by(|first, second| first.0.total_cmp(&second.0))?;
    (best.0 >= MIN_SIMILARITY).then_some(best.1)
}

fn joined<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Locale;

    fn build_from(file: &str, variables: &[(&str, &str)]) -> Result<Settings, Mistakes> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        build(Some((Path::new("my.toml"), file)), variables)
    }

    fn only_mistake(file: &str, variables: &[(&str, &str)]) -> String {
        let mistakes = build_from(file, variables).unwrap_err();
        assert_eq!(mistakes.0.len(), 1, "{mistakes}");
        mistakes.0[0].to_string()
    }

    #[test]
    fn the_file_goes_over_the_defaults_and_the_environment_over_the_file() {
        let file = "[workers]\ncores = 2\nqueue = 10\n[triage]\ndefault_locale = \"en\"";
        let variables = [("FRONTDESK__WORKERS__QUEUE", "20"), ("HOME", "/root"), ("FRONTDESK_CONFIG", "x")];
        let settings = build_from(file, &variables).unwrap();
        assert_eq!((settings.workers.cores, settings.workers.queue), (2, 20));
        assert_eq!(settings.triage.default_locale, Locale::En);
        assert_eq!(settings.server, Settings::default().server);
    }

    #[test]
    fn variables_are_read_by_the_type_of_their_setting() {
        let settings = build_from(
            "",
            &[
                ("FRONTDESK__DATA__PATH", "12"),
                ("FRONTDESK__KNOWLEDGE__IMPORT_SAMPLE", "false"),
                ("FRONTDESK__KNOWLEDGE__GOLDEN_MAX_DROP", "1"),
            ],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.data.path, Path::new("12"));
        assert!(!settings.knowledge.import_sample);
        assert_eq!(settings.knowledge.golden_max_drop, 1.0);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        assert_eq!(
            only_mistake("[server]\nlisten_on = \"127.0.0.1:1\"", &[]),
            "my.toml: server.listen_on: is not a setting; did you mean server.listen?"
        );
        assert_eq!(
            only_mistake("", &[("FRONTDESK__WORKER__CORES", "1")]),
            "FRONTDESK__WORKER__CORES: worker.cores: there is no section worker; did you mean workers.cores?"
        );
        let elsewhere = only_mistake("[data]\ncores = 1", &[]);
        assert!(elsewhere.ends_with("data has path; there is workers.cores"), "{elsewhere}");
        let outside = only_mistake("listen = \"127.0.0.1:1\"", &[]);
        assert!(outside.ends_with("there is server.listen"), "{outside}");
        assert!(only_mistake("", &[("FRONTDESK__LISTEN", "x")]).contains("names no key"));
    }

    #[test]
    fn a_value_of_the_wrong_type_states_the_default() {
        let address = only_mistake("[server]\nlisten = \"localhost\"", &[]);
        assert!(address.starts_with("my.toml: server.listen: \"localhost\" cannot be taken: "), "{address}");
        assert!(address.ends_with("the default is \"127.0.0.1:50051\""), "{address}");
        let number = only_mistake("", &[("FRONTDESK__WORKERS__QUEUE", "many")]);
        assert!(number.contains("\"many\" cannot be taken") && number.contains("256"), "{number}");
        let negative = only_mistake("[workers]\nqueue = -1", &[]);
        assert!(negative.contains("-1 cannot be taken"), "{negative}");
    }

    #[test]
    fn all_mistakes_are_reported_together_with_their_places() {
        let file = "[server]\nport = 1\n[workers]\nqueue = 0\n";
        let variables = [("FRONTDESK__TENANTS__RELOAD_SECONDS", "9999"), ("FRONTDESK__LOG__FORMAT", "xml")];
        let mistakes = build_from(file, &variables).unwrap_err();
        let places: Vec<_> =
            mistakes.0.iter().map(|mistake| (mistake.place.as_deref(), mistake.key.as_deref())).collect();
        assert_eq!(
            places,
            [
                (Some("my.toml"), Some("server.port")),
                (Some("FRONTDESK__LOG__FORMAT"), Some("log.format")),
                (Some("my.toml"), Some("workers.queue")),
                (Some("FRONTDESK__TENANTS__RELOAD_SECONDS"), Some("tenants.reload_seconds")),
            ]
        );
        assert!(mistakes.to_string().starts_with("the settings have 4 mistakes\n  my.toml: "), "{mistakes}");
    }

    #[test]
    fn broken_toml_names_the_file_and_line() {
        let mistake = only_mistake("[server\nlisten = 1", &[]);
        assert!(mistake.starts_with("my.toml: is not TOML") && mistake.contains("line 1"), "{mistake}");
    }
}
