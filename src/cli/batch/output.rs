//! The file of decisions: what it holds already, and what is added.

use std::{
    fmt,
    fs::{File, TryLockError},
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

/// The file of decisions, opened behind its last whole line.
#[derive(Debug)]
pub(super) struct Output {
    file: File,
    /// What its lines say.
    pub(super) tally: Tally,
}

/// Lines by what they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// Answered.
    pub(super) answer: usize,
    /// Asked back.
    pub(super) clarify: usize,
    /// Routed.
    pub(super) route: usize,
    /// Handed to a person.
    pub(super) handoff: usize,
    /// Decided in a way that this program does not know.
    pub(super) other: usize,
    /// Not decided.
    pub(super) failed: usize,
}

/// What matters of a line of the output.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    decision: Option<WrittenDecision>,
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenDecision {
    request_id: String,
    action: String,
}

impl Output {
    /// Opens or creates the file, drops a torn last line, and checks that the others are about the
    /// first messages of the input.
    pub(super) fn open(
        path: &Path,
        input: &Path,
        ids: impl Iterator<Item = anyhow::Result<String>>,
        restart: bool,
    ) -> anyhow::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
        if same_file(path, input) {
            bail!("{} is both IN and OUT; write the decisions to another file", path.display());
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another frontdesk writes {}; wait for it", path.display())
            }
            // A file system without locks: nothing worse than before there were any.
            Err(TryLockError::Error(_)) => {}
        }
        let mut output = Self { file, tally: Tally::default() };
        let end = if restart { 0 } else { output.read(path, input, ids)? };
        output.file.set_len(end).with_context(|| format!("{} cannot be cut", path.display()))?;
        output.file.seek(SeekFrom::End(0))?;
        Ok(output)
    }

    /// Reads the whole lines; gives the number of bytes that they take.
    fn read(
        &mut self,
        path: &Path,
        input: &Path,
        mut ids: impl Iterator<Item = anyhow::Result<String>>,
    ) -> anyhow::Result<u64> {
        let mut reader = BufReader::new(&self.file);
        let mut end = 0;
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            let num_bytes = reader.read_until(b'\n', &mut bytes)?;
            if bytes.pop_if(|last| *last == b'\n').is_none() {
                break;
            }
            let (out, input) = (path.display(), input.display());
            let remedy = "give another OUT, or add --restart to write it anew";
            let Ok(written) = serde_json::from_slice::<Written>(&bytes) else {
                bail!("{out}, line {number}: is no decision of `frontdesk batch`; {remedy}");
            };
            let Some(expected) = ids.next().transpose()? else {
                bail!("{out} has more lines than {input} has messages; {remedy}");
            };
            if written.id() != expected {
                let id = written.id();
                bail!("{out}, line {number}: is about {id:?}, but {input} has {expected:?} there; {remedy}");
            }
            self.tally.add(written.action());
            end += num_bytes as u64;
        }
        Ok(end)
    }

    /// Adds whole lines with one write.
    pub(super) fn write(&mut self, lines: &[String]) -> anyhow::Result<()> {
        let mut text = lines.join("\n");
        text.push('\n');
        self.file.write_all(text.as_bytes()).context("the decisions cannot be written")?;
        for line in lines {
            let written: Written = serde_json::from_str(line).context("a decision is not as expected")?;
            self.tally.add(written.action());
        }
        Ok(())
    }

    /// Waits until the disk has everything.
    pub(super) fn sync(&self) -> anyhow::Result<()> {
        self.file.sync_all().context("the decisions cannot be written")
    }
}

impl Written {
    fn id(&self) -> &str {
        let decided = self.decision.as_ref().map(|decision| decision.request_id.as_str());
        decided.or(self.request_id.as_deref()).unwrap_or_default()
    }

    /// The action, or `None` for an error.
    fn action(&self) -> Option<&str> {
        self.decision.as_ref().map(|decision| decision.action.as_str())
    }
}

impl Tally {
    fn add(&mut self, action: Option<&str>) {
        *match action {
            None => &mut self.failed,
            Some("ACTION_ANSWER") => &mut self.answer,
            Some("ACTION_CLARIFY") => &mut self.clarify,
            Some("ACTION_ROUTE") => &mut self.route,
            Some("ACTION_HANDOFF") => &mut self.handoff,
            Some(_) => &mut self.other,
        } += 1;
    }

    /// Number of lines.
    pub(super) fn num_lines(&self) -> usize {
        self.answer + self.clarify + self.route + self.handoff + self.other + self.failed
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answer, clarify, route, handoff, other, failed } = self;
        write!(
            formatter,
            "{answer} to answer, {clarify} to ask back, {route} to route, {handoff} to hand off"
        )?;
        if *other > 0 {
            write!(formatter, ", {other} decided otherwise")?;
        }
        if *failed > 0 {
            write!(formatter, ", {failed} not decided")?;
        }
        Ok(())
    }
}

fn same_file(first: &Path, second: &Path) -> bool {
    matches!((first.canonicalize(), second.canonicalize()), (Ok(first), Ok(second)) if first == second)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ANSWERED: &str = r#"{"decision":{"requestId":"a","action":"ACTION_ANSWER"},"timing":{}}"#;
    const FAILED: &str = r#"{"requestId":"b","error":{"code":3,"message":"is blank","field":"text"}}"#;

    /// Opens an output with this content for messages a, b and c.
    fn open(content: &str, restart: bool) -> Result<(Output, String), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        fs::write(&path, content).unwrap();
        let ids = ["a", "b", "c"].map(|id| Ok(id.to_owned())).into_iter();
        let mut output =
            Output::open(&path, Path::new("in.jsonl"), ids, restart).map_err(|error| format!("{error:#}"))?;
        output.write(&[r#"{"requestId":"next","error":{}}"#.to_owned()]).unwrap();
        Ok((output, fs::read_to_string(&path).unwrap()))
    }

    #[test]
    fn it_goes_on_behind_the_last_whole_line() {
        let (output, content) = open(&format!("{ANSWERED}\n{FAILED}\n{{\"decis"), false).unwrap();
        assert_eq!((output.tally.answer, output.tally.failed), (1, 2));
        assert_eq!(content, format!("{ANSWERED}\n{FAILED}\n{{\"requestId\":\"next\",\"error\":{{}}}}\n"));
    }

    #[test]
    fn a_file_of_other_messages_is_refused_with_the_remedy() {
        let error = open(&format!("{FAILED}\n"), false).unwrap_err();
        assert!(error.contains("line 1: is about \"b\", but in.jsonl has \"a\" there"), "{error}");
        assert!(error.contains("--restart"), "{error}");
        let notes = open("my notes\n", false).unwrap_err();
        assert!(notes.contains("is no decision"), "{notes}");
        let several = ANSWERED.to_owned() + "\n" + FAILED + "\n" + &FAILED.replace('b', "c");
        let longer = open(&format!("{several}\n{FAILED}\n"), false).unwrap_err();
        assert!(!longer.is_empty(), "{longer}");
    }

    #[test]
    fn a_refused_file_is_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        fs::write(&path, "my notes\nmore").unwrap();
        Output::open(&path, Path::new("in"), std::iter::empty(), false).unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), "my notes\nmore");
    }

    #[test]
    fn restart_throws_the_content_away() {
        let (output, content) = open("my notes\n", true).unwrap();
        assert_eq!(output.tally.num_lines(), 1);
        assert_eq!(content.lines().count(), 1);
    }

    #[test]
    fn two_commands_do_not_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let _first = Output::open(&path, Path::new("in"), std::iter::empty(), false).unwrap();
        let error = Output::open(&path, Path::new("in"), std::iter::empty(), false).unwrap_err();
        assert!(error.to_string().contains("another frontdesk"), "{error}");
    }

    #[test]
    fn the_input_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("same.jsonl");
        fs::write(&path, "{\"text\": \"a\"}\n").unwrap();
        let error = Output::open(&path, &path, std::iter::empty(), true).unwrap_err();
        assert!(error.to_string().contains("both IN and OUT"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"text\": \"a\"}\n");
    }
}
