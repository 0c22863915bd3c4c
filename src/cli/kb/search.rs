//! `frontdesk kb search`: asks a knowledge base.

use clap::Args;

use super::{Context, Failure, Finished, base_of, print};
use crate::proto::SearchRequest;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk kb search \"can I return a lamp\"\n  \
    frontdesk kb search --agent --locale zh-Hant --limit 3 \"怎麼退貨\"")]
pub(in crate::cli) struct SearchArgs {
    /// The question, as a customer would type it.
    query: String,
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Find articles for agents too.
    #[arg(long)]
    agent: bool,
    /// Language of the asker, preferred at equal relevance; default is the question's own.
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// Hits at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(i32).range(1..=50))]
    limit: i32,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: SearchArgs) -> Result<Finished, Failure> {
    let request = SearchRequest {
        knowledge_base: base_of(context, args.kb.as_deref()),
        query: args.query,
        locale_hint: args.locale.unwrap_or_default(),
        page_size: args.limit,
        include_agent_articles: args.agent,
        // Whoever types this is no customer.
        unrecorded: true,
        ..SearchRequest::default()
    };
    let response = context.with_client(async |client| Ok(client.search(request).await?)).await?;
    if context.global.json {
        print::json(&response)?;
    } else {
        let mut page = print::Page::new();
        print::search(&mut page, &response.result.unwrap_or_default());
        page.print()?;
    }
    Ok(Finished::Well)
}
