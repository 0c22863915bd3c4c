//! `frontdesk kb search`: asks a knowledge base.

use clap::Args;
use jiff::Timestamp;

use super::{Context, Failure, Finished, base_of, print};
use crate::{
    grpc::resources,
    message::Channel,
    proto::{self, SearchRequest},
};

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
    /// Channel of the asker: articles for other channels are not found. Default is only articles for
    /// every channel.
    #[arg(long, value_name = "CHANNEL", value_parser = channel)]
    channel: Option<proto::Channel>,
    /// Brand that the asker writes to; default is only articles for every brand.
    #[arg(long, value_name = "NAME", default_value = "")]
    brand: String,
    /// Find only articles in this language.
    #[arg(long, value_name = "TAG", default_value = "")]
    only_locale: String,
    /// Find only articles with this tag; may be given again.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Find what holds at this time (2026-12-24T08:00:00Z); default is now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Convert the answer to the asker's script when the article is in the other Chinese one.
    #[arg(long)]
    convert: bool,
    /// Tell how each score and the probability came about.
    #[arg(long)]
    explain: bool,
}

/// A channel by name.
fn channel(name: &str) -> Result<proto::Channel, String> {
    let known = Channel::ALL.map(Channel::name).join(", ");
    name.parse().map(resources::proto_channel).map_err(|()| format!("give one of {known}"))
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
        channel: args.channel.map(Into::into).unwrap_or_default(),
        brand: args.brand,
        only_locale: args.only_locale,
        tags: args.tags,
        valid_at: args.at.map(|time| resources::time(time.as_millisecond())),
        explain: args.explain,
        convert_script: args.convert,
        unrecorded: true,
    };
    let response = context.with_client(async |client| Ok(client.search(request).await?)).await?;
    if context.global.json {
        print::json(&response)?;
    } else {
        let mut page = print::Page::new();
        print::search(&mut page, &response);
        page.print()?;
    }
    Ok(Finished::Well)
}
