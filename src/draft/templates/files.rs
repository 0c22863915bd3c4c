//! A tenant's folder of templates, read and its names checked.

use std::{collections::BTreeMap, fs, path::Path};

use super::{Kind, Mistake, PARTS};
use crate::{
    Error, Result,
    message::{Channel, Wording},
    taxonomy::Intent,
};

/// Bytes of a template at most; the longest default has about 3,000.
const MAX_BYTES: u64 = 64 * 1024;

/// Files of a folder at most: every kind and intent on every channel in every wording is under it.
const MAX_FILES: usize = 2_000;

/// Folder of a tenant's own pieces.
const OWN_PARTS: &str = "parts/";

/// The templates under a folder by wording and name, "en/macros/refund.status", and the names that are no
/// template's.
pub fn read(folder: &Path) -> Result<(BTreeMap<String, String>, Vec<Mistake>)> {
    let mut files = vec![];
    if folder.is_dir() {
        collect(folder, "", &mut files)?;
    }
    let mut sources = BTreeMap::new();
    let mut mistakes = vec![];
    if files.len() > MAX_FILES {
        mistakes.push(mistake("", format!("has {} files; at most {MAX_FILES} are read", files.len())));
        return Ok((sources, mistakes));
    }
    for name in files {
        let path = folder.join(&name);
        let length = fs::metadata(&path).map_err(|error| Error::file(&path, error))?.len();
        if length > MAX_BYTES {
            mistakes.push(mistake(&name, format!("has {length} bytes; at most {MAX_BYTES} are read")));
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| Error::file(&path, error))?;
        match (template_name(&name), String::from_utf8(bytes)) {
            (Err(reason), _) => mistakes.push(mistake(&name, reason)),
            (_, Err(_)) => mistakes.push(mistake(&name, "is not UTF-8; save it as UTF-8".to_owned())),
            (Ok(template), Ok(source)) => {
                sources.insert(template.to_owned(), source);
            }
        }
    }
    Ok((sources, mistakes))
}

fn mistake(file: &str, reason: String) -> Mistake {
    Mistake { file: file.to_owned(), line: None, reason }
}

/// Paths of the files under a folder, with `/` between the parts; hidden ones are left out.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(|error| Error::file(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::file(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let below = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{below}/"), files)?;
        } else {
            files.push(below);
        }
    }
    files.sort();
    Ok(())
}

/// The template that a file holds, or why it holds none.
fn template_name(file: &str) -> Result<&str, String> {
    let Some(name) = file.strip_suffix(".jinja") else {
        return Err("is no template; the names of templates end in .jinja".to_owned());
    };
    let known = Wording::ALL.map(Wording::tag);
    let (wording, rest) = name.split_once('/').unwrap_or(("", name));
    if !known.contains(&wording) {
        return Err(format!("is in no folder of a wording; the wordings are {}", known.join(", ")));
    }
    if PARTS.contains(&rest) || rest.strip_prefix(OWN_PARTS).is_some_and(|part| !part.contains('/')) {
        return Ok(name);
    }
    let (rest, channel) = rest.split_once('@').map_or((rest, None), |(rest, channel)| (rest, Some(channel)));
    if let Some(channel) = channel.filter(|channel| channel.parse::<Channel>().is_err()) {
        let known = Channel::ALL.map(Channel::name);
        return Err(format!("names no channel with @{channel}; the channels are {}", known.join(", ")));
    }
    match rest.split_once('/') {
        None if Kind::ALL.iter().any(|kind| kind.name() == rest) => Ok(name),
        Some((folder, intent)) if Kind::ALL.iter().any(|kind| kind.folder() == folder) => {
            match Intent::find(intent) {
                Some(_) => Ok(name),
                None => Err(format!("names no intent of the taxonomy with {intent:?}")),
            }
        }
        _ => {
            let kinds = Kind::ALL.map(Kind::name);
            Err(format!(
                "is no known template; they are {}, {}, macros/<intent> and parts/<your own>",
                kinds.join(", "),
                PARTS.join(", ")
            ))
        }
    }
}
