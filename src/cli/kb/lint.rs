//! `frontdesk kb lint`: what may be wrong with the articles.

use clap::Args;

use super::{Context, Failure, Finished, base_of, print};
use crate::{
    grpc::client::{Client, ClientError},
    proto::{LintFinding, LintKnowledgeBaseRequest, LintKnowledgeBaseResponse},
};

/// Findings of one call.
const PAGE_SIZE: i32 = 1000;

/// Look through the articles for what may be wrong.
///
/// Finds articles that say the same, figures that contradict each other, translations whose figures
/// differ, and content that is old or past its time. Prints one line a finding, as compilers do:
/// article, line, kind, what is wrong; then the places. Exit code 1 when something is found.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  frontdesk kb lint --kb shop --stale-days 180")]
pub(in crate::cli) struct LintArgs {
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Days after which content counts as old.
    #[arg(long, value_name = "NUMBER", default_value_t = 365, value_parser = clap::value_parser!(i32).range(1..=36_500))]
    stale_days: i32,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: LintArgs) -> Result<Finished, Failure> {
    let base = base_of(context, args.kb.as_deref());
    let spinner = crate::progress::spinner(&format!("looking through {base}"));
    let found = context.with_client(async |client| Ok(all(&client, &base, args.stale_days).await?)).await;
    spinner.finish_and_clear();
    let findings = found?;
    let finished = if findings.is_empty() { Finished::Well } else { Finished::WithFailures };
    if context.global.json {
        print::json(&LintKnowledgeBaseResponse { findings, next_page_token: String::new() })?;
    } else {
        let mut page = print::Page::new();
        print::lint(&mut page, &base, &findings);
        page.print()?;
    }
    Ok(finished)
}

async fn all(client: &Client, parent: &str, stale_days: i32) -> Result<Vec<LintFinding>, ClientError> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let parent = parent.to_owned();
        let request = LintKnowledgeBaseRequest { parent, stale_days, page_size: PAGE_SIZE, page_token };
        let page = client.lint_knowledge_base(request).await?;
        all.extend(page.findings);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        page_token = page.next_page_token;
    }
}
