//! `frontdesk kb list`: what the knowledge bases hold.

use clap::Args;

use super::{Context, Failure, Finished, base_name, print};
use crate::{
    grpc::client::{Client, ClientError},
    proto::{
        Article, KnowledgeBase, ListArticlesRequest, ListArticlesResponse, ListKnowledgeBasesRequest,
        ListKnowledgeBasesResponse,
    },
};

/// Entries of one call.
const PAGE_SIZE: i32 = 100;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  frontdesk kb list\n  frontdesk kb list --kb sample")]
pub(in crate::cli) struct ListArgs {
    /// Knowledge base whose articles are listed.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: ListArgs) -> Result<Finished, Failure> {
    match args.kb.as_deref().map(base_name) {
        Some(base) => list_articles(context, &base).await,
        None => list_bases(context).await,
    }
}

async fn list_bases(context: &Context) -> Result<Finished, Failure> {
    let knowledge_bases = context.with_client(async |client| Ok(all_bases(&client).await?)).await?;
    if context.global.json {
        print::json(&ListKnowledgeBasesResponse { knowledge_bases, next_page_token: String::new() })?;
    } else if knowledge_bases.is_empty() {
        anstream::println!("There is no knowledge base; `frontdesk kb import PATH --kb NAME` makes one.");
    } else {
        let rows = knowledge_bases.iter().map(|base| {
            let (articles, passages) = (base.num_articles, base.num_passages);
            [
                base.name.clone(),
                format!("{articles} articles, {passages} passages"),
                base.display_name.clone(),
            ]
        });
        print::rows(rows.collect())?;
    }
    Ok(Finished::Well)
}

async fn list_articles(context: &Context, base: &str) -> Result<Finished, Failure> {
    let articles = context.with_client(async |client| Ok(all_articles(&client, base).await?)).await?;
    if context.global.json {
        print::json(&ListArticlesResponse { articles, next_page_token: String::new() })?;
    } else if articles.is_empty() {
        anstream::println!("{base} holds no article; `frontdesk kb import PATH` fills it.");
    } else {
        let rows = articles.iter().map(|article| {
            let id = article.name.rsplit('/').next().unwrap_or_default();
            [id.to_owned(), format!("{} v{}", article.locale, article.version), article.title.clone()]
        });
        print::rows(rows.collect())?;
    }
    Ok(Finished::Well)
}

async fn all_bases(client: &Client) -> Result<Vec<KnowledgeBase>, ClientError> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = client
            .list_knowledge_bases(ListKnowledgeBasesRequest { page_size: PAGE_SIZE, page_token })
            .await?;
        all.extend(page.knowledge_bases);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        page_token = page.next_page_token;
    }
}

/// Every article of a knowledge base.
pub(super) async fn all_articles(client: &Client, parent: &str) -> Result<Vec<Article>, ClientError> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListArticlesRequest { parent: parent.to_owned(), page_size: PAGE_SIZE, page_token };
        let page = client.list_articles(request).await?;
        all.extend(page.articles);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        page_token = page.next_page_token;
    }
}
