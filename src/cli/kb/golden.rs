//! `frontdesk kb golden`: sets the golden questions of a knowledge base from a file.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde::{Deserialize, Deserializer};

use super::{Context, Failure, Finished, base_of, print};
use crate::{
    grpc::client::ClientError,
    proto::{GoldenQuestion, SetGoldenQuestionsRequest},
};

/// Set the golden questions of a knowledge base.
///
/// The file has one JSON object a line: "question", as a customer would type it; "article", the id of
/// the article that answers it, without its locale or with it, or null when nothing answers it; and,
/// if wanted, "locale". They replace those that were set before.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    echo '{\"question\": \"怎麼退貨\", \"article\": \"returns\"}' > golden.jsonl\n  \
    frontdesk kb golden golden.jsonl --kb shop && frontdesk kb check --kb shop")]
pub(in crate::cli) struct GoldenArgs {
    /// File of questions.
    file: PathBuf,
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
}

/// One line of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    question: String,
    /// Must be there: a forgotten article must not mean that nothing answers.
    #[serde(deserialize_with = "present")]
    article: Option<String>,
    #[serde(default)]
    locale: Option<String>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

/// A question with the number of its line.
type Numbered = (usize, GoldenQuestion);

/// Runs the command.
pub(super) async fn run(context: &Context, args: GoldenArgs) -> Result<Finished, Failure> {
    let path = args.file.display();
    let text = fs::read_to_string(&args.file).with_context(|| format!("{path} cannot be read"));
    let questions = read(&text.map_err(Failure::usage)?)
        .map_err(|(line, reason)| Failure::usage(anyhow::anyhow!("{path}:{line}: {reason}")))?;
    let base = base_of(context, args.kb.as_deref());
    let (lines, golden_questions): (Vec<usize>, Vec<GoldenQuestion>) = questions.into_iter().unzip();
    let request =
        SetGoldenQuestionsRequest { parent: base.clone(), golden_questions, request_id: String::new() };
    let set = context.with_client(async |client| Ok(client.set_golden_questions(request).await)).await?;
    let response = set.map_err(|error| match refused_line(&error, &lines) {
        Some((line, reason)) => Failure::usage(anyhow::anyhow!("{path}:{line}: {reason}")),
        None => Failure::from(error),
    })?;
    if context.global.json {
        print::json(&response)?;
    } else {
        anstream::println!("{base}: {} golden questions", response.num_questions);
    }
    Ok(Finished::Well)
}

/// Reads the lines; blank ones are left out.
fn read(text: &str) -> Result<Vec<Numbered>, (usize, String)> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            let line: Line = serde_json::from_str(line).map_err(|error| {
                let wanted = r#"write {"question": "...", "article": "id" or null}"#;
                (number, format!("{}; {wanted}", reason(&error)))
            })?;
            let golden = GoldenQuestion {
                question: line.question,
                article: line.article.unwrap_or_default(),
                locale: line.locale.unwrap_or_default(),
            };
            Ok((number, golden))
        })
        .collect()
}

/// What is wrong with a line; the parser always says line 1.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column", " at column")
}

/// The line of the file that the server refused, and why.
fn refused_line(error: &ClientError, lines: &[usize]) -> Option<(usize, String)> {
    let violation = error.violations.first()?;
    let (index, field) = violation.field.strip_prefix("golden_questions[")?.split_once("].")?;
    let line = lines.get(index.parse::<usize>().ok()?)?;
    Some((*line, format!("{field}: {}", violation.description)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_mistakes_are_told_with_their_line() {
        let text = "{\"question\": \"怎麼退貨\", \"article\": \"returns\", \"locale\": \"zh-Hant\"}\n\n\
                    {\"question\": \"weight of the moon\", \"article\": null}\n";
        let read_back = read(text).unwrap();
        assert_eq!((read_back[0].0, read_back[0].1.locale.as_str()), (1, "zh-Hant"));
        assert_eq!((read_back[1].0, read_back[1].1.article.as_str()), (3, ""));
        for (wrong, told) in [
            ("{\"question\": \"x\"}", "missing field `article`"),
            ("{\"question\": \"x\", \"article\": null, \"lang\": \"en\"}", "unknown field `lang`"),
            ("returns", "expected value at column 1"),
        ] {
            let (line, reason) = read(&format!("\n{wrong}")).unwrap_err();
            assert_eq!(line, 2);
            assert!(reason.starts_with(told) && reason.contains("\"article\""), "{reason}");
        }
    }
}
