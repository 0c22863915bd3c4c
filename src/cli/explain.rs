//! `frontdesk explain`: how a decision came about, and what it would be today.

use clap::Args;

use super::{
    Context,
    failure::{Failure, Finished},
    print,
};
use crate::{
    grpc::client::{Client, ClientError},
    proto::{GetDecisionResponse, ReplayDecisionResponse},
};

/// Show how a decision came about: labels, thresholds, rules, passages, deadlines.
///
/// Decisions are kept without personal data for `records.keep_days`. Their names are in the answers of the
/// server and below what `frontdesk ask` prints.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk explain decisions/019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77\n  \
    frontdesk explain --replay 019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77\n  \
    frontdesk explain --current-rules 019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77   # decided today\n\n\
    With --replay the exit code is 1 when the decision made again is another one.")]
pub(super) struct ExplainArgs {
    /// Decision, by its name or the part after "decisions/".
    #[arg(value_name = "NAME")]
    name: String,
    /// Make the decision again from what was kept, by the rules of then, and compare.
    #[arg(long)]
    replay: bool,
    /// Make it again by the rules of now; tells what a changed policy file does to it.
    #[arg(long)]
    current_rules: bool,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: ExplainArgs) -> Result<Finished, Failure> {
    let (kept, again) = context.with_client(async |client| Ok(ask(&client, &args).await?)).await?;
    let is_same = again.as_ref().is_none_or(|again| again.identical);
    if context.global.json {
        match &again {
            Some(again) => print::json(again)?,
            None => print::json(&kept)?,
        }
    } else {
        let mut page = print::Page::new();
        print::explanation(&mut page, &kept.decision.unwrap_or_default());
        if let Some(again) = &again {
            print::replay(&mut page, again, args.current_rules);
        }
        page.print()?;
    }
    // By other rules another decision is what was asked for.
    Ok(if is_same || args.current_rules { Finished::Well } else { Finished::WithFailures })
}

async fn ask(
    client: &Client,
    args: &ExplainArgs,
) -> Result<(GetDecisionResponse, Option<ReplayDecisionResponse>), ClientError> {
    let name = &args.name;
    let name = if name.contains('/') { name.clone() } else { format!("decisions/{name}") };
    let kept = client.get_decision(&name).await?;
    let again = match args.replay || args.current_rules {
        true => Some(client.replay_decision(&name, args.current_rules).await?),
        false => None,
    };
    Ok((kept, again))
}
