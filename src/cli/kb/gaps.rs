//! `frontdesk kb gaps`: what customers asked and no article answers.

use clap::Args;

use super::{Context, Failure, Finished, base_of, print};
use crate::{
    grpc::client::{Client, ClientError},
    proto::{Gap, ListGapsRequest, ListGapsResponse},
};

/// Entries of one call.
const PAGE_SIZE: i32 = 500;

/// List what customers asked and no article answers, the most asked first.
///
/// Questions that are alike are one gap. Personal data was replaced before anything was kept.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk kb gaps --kb shop --limit 50\n  \
    frontdesk kb gaps --locale zh-Hant\n  \
    frontdesk kb gaps --delete 812      # its article is written")]
pub(in crate::cli) struct GapsArgs {
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Only gaps that were first asked in this language.
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// Gaps at most; 0 for all.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// Delete this gap instead, by the number or name that the list shows.
    #[arg(long, value_name = "GAP", conflicts_with_all = ["locale", "limit"])]
    delete: Option<String>,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: GapsArgs) -> Result<Finished, Failure> {
    let base = base_of(context, args.kb.as_deref());
    if let Some(gap) = args.delete {
        let name = if gap.contains('/') { gap } else { format!("{base}/gaps/{gap}") };
        context.with_client(async |client| Ok(client.delete_gap(&name).await?)).await?;
        anstream::eprintln!("{name} is deleted");
        return Ok(Finished::Well);
    }
    let wanted = Wanted { parent: base.clone(), locale: args.locale.unwrap_or_default(), limit: args.limit };
    let gaps = context.with_client(async |client| Ok(wanted.list(&client).await?)).await?;
    if context.global.json {
        print::json(&ListGapsResponse { gaps, next_page_token: String::new() })?;
    } else {
        let mut page = print::Page::new();
        print::gaps(&mut page, &base, &gaps);
        page.print()?;
    }
    Ok(Finished::Well)
}

/// What is to be listed.
struct Wanted {
    parent: String,
    locale: String,
    /// 0 for all.
    limit: usize,
}

impl Wanted {
    async fn list(&self, client: &Client) -> Result<Vec<Gap>, ClientError> {
        let limit = if self.limit == 0 { usize::MAX } else { self.limit };
        let mut gaps = Vec::new();
        let mut page_token = String::new();
        loop {
            let missing = i32::try_from(limit - gaps.len()).unwrap_or(i32::MAX);
            let request = ListGapsRequest {
                parent: self.parent.clone(),
                page_size: missing.min(PAGE_SIZE),
                page_token,
                locale: self.locale.clone(),
            };
            let page = client.list_gaps(request).await?;
            gaps.extend(page.gaps);
            if page.next_page_token.is_empty() || gaps.len() >= limit {
                return Ok(gaps);
            }
            page_token = page.next_page_token;
        }
    }
}
