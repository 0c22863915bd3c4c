//! KnowledgeService.

use std::{sync::Arc, time::Instant};

use tonic::{Request, Response, Status};

use super::{
    App, AppCell, answer,
    check::{check_asker_channel, check_brand, check_locale, check_only_locale},
    import,
    knowledge_quality::{
        check_knowledge_base, delete_gap, lint_knowledge_base, list_gaps, list_golden_questions,
        set_golden_questions,
    },
    loaded, operations, resources, search as results,
};
use crate::{
    Error, Result,
    knowledge::{
        ArticleInput, CreateArticle, DeleteArticle, DeleteBase, Reindex, Rollback, Search, SearchFilter,
        UpdateArticle, UpdateBase,
    },
    proto::{self, google::longrunning, knowledge_service_server::KnowledgeService},
};

/// Answers the rpcs of KnowledgeService.
#[derive(Clone)]
pub struct KnowledgeHandler(pub AppCell);

/// Writes each rpc as a call of the function of the same name below.
macro_rules! rpcs {
    ($($rpc:ident $name:literal $request:ident $response:ty;)*) => {
        #[tonic::async_trait]
        impl KnowledgeService for KnowledgeHandler {
            type ImportArticlesStream = import::Progress;

            async fn import_articles(
                &self,
                request: Request<proto::ImportArticlesRequest>,
            ) -> Result<Response<import::Progress>, Status> {
                answer(&self.0, "ImportArticles", request, |app, request, deadline| async move {
                    import::start(app, request, deadline)
                })
                .await
            }

            $(async fn $rpc(
                &self,
                request: Request<proto::$request>,
            ) -> Result<Response<$response>, Status> {
                answer(&self.0, $name, request, |app, request, deadline| async move {
                    $rpc(loaded(&app)?, request, deadline).await
                })
                .await
            })*
        }
    };
}

rpcs! {
    create_knowledge_base "CreateKnowledgeBase" CreateKnowledgeBaseRequest proto::CreateKnowledgeBaseResponse;
    get_knowledge_base "GetKnowledgeBase" GetKnowledgeBaseRequest proto::GetKnowledgeBaseResponse;
    list_knowledge_bases "ListKnowledgeBases" ListKnowledgeBasesRequest proto::ListKnowledgeBasesResponse;
    update_knowledge_base "UpdateKnowledgeBase" UpdateKnowledgeBaseRequest proto::UpdateKnowledgeBaseResponse;
    delete_knowledge_base "DeleteKnowledgeBase" DeleteKnowledgeBaseRequest proto::DeleteKnowledgeBaseResponse;
    create_article "CreateArticle" CreateArticleRequest proto::CreateArticleResponse;
    get_article "GetArticle" GetArticleRequest proto::GetArticleResponse;
    list_articles "ListArticles" ListArticlesRequest proto::ListArticlesResponse;
    update_article "UpdateArticle" UpdateArticleRequest proto::UpdateArticleResponse;
    delete_article "DeleteArticle" DeleteArticleRequest proto::DeleteArticleResponse;
    search "Search" SearchRequest proto::SearchResponse;
    reindex "Reindex" ReindexRequest longrunning::Operation;
    rollback_index "RollbackIndex" RollbackIndexRequest proto::RollbackIndexResponse;
    set_golden_questions "SetGoldenQuestions" SetGoldenQuestionsRequest proto::SetGoldenQuestionsResponse;
    list_golden_questions "ListGoldenQuestions" ListGoldenQuestionsRequest proto::ListGoldenQuestionsResponse;
    check_knowledge_base "CheckKnowledgeBase" CheckKnowledgeBaseRequest proto::CheckKnowledgeBaseResponse;
    list_gaps "ListGaps" ListGapsRequest proto::ListGapsResponse;
    delete_gap "DeleteGap" DeleteGapRequest proto::DeleteGapResponse;
    lint_knowledge_base "LintKnowledgeBase" LintKnowledgeBaseRequest proto::LintKnowledgeBaseResponse;
}

async fn create_knowledge_base(
    app: &App,
    request: proto::CreateKnowledgeBaseRequest,
    _deadline: Instant,
) -> Result<proto::CreateKnowledgeBaseResponse> {
    let id = request.knowledge_base_id;
    let display_name = request.knowledge_base.map(|base| base.display_name).filter(|name| !name.is_empty());
    let display_name = display_name.unwrap_or_else(|| id.clone());
    let base = app.desk.knowledge().create_base(&id, &display_name, &request.request_id).await?;
    Ok(proto::CreateKnowledgeBaseResponse { knowledge_base: Some(resources::base(base)) })
}

async fn get_knowledge_base(
    app: &App,
    request: proto::GetKnowledgeBaseRequest,
    _deadline: Instant,
) -> Result<proto::GetKnowledgeBaseResponse> {
    let base = app.desk.knowledge().base(&request.name).await?;
    Ok(proto::GetKnowledgeBaseResponse { knowledge_base: Some(resources::base(base)) })
}

async fn list_knowledge_bases(
    app: &App,
    request: proto::ListKnowledgeBasesRequest,
    _deadline: Instant,
) -> Result<proto::ListKnowledgeBasesResponse> {
    let page = app.desk.knowledge().bases(request.page_size, &request.page_token).await?;
    Ok(proto::ListKnowledgeBasesResponse {
        knowledge_bases: page.items.into_iter().map(resources::base).collect(),
        next_page_token: page.next_page_token,
    })
}

async fn update_knowledge_base(
    app: &App,
    request: proto::UpdateKnowledgeBaseRequest,
    _deadline: Instant,
) -> Result<proto::UpdateKnowledgeBaseResponse> {
    let base = request.knowledge_base.ok_or_else(|| missing("knowledge_base"))?;
    let change = UpdateBase {
        name: base.name,
        display_name: base.display_name,
        update_mask: request.update_mask.map(|mask| mask.paths).unwrap_or_default(),
        etag: base.etag,
        request_id: request.request_id,
    };
    let base = app.desk.knowledge().update_base(change).await?;
    Ok(proto::UpdateKnowledgeBaseResponse { knowledge_base: Some(resources::base(base)) })
}

async fn delete_knowledge_base(
    app: &App,
    request: proto::DeleteKnowledgeBaseRequest,
    _deadline: Instant,
) -> Result<proto::DeleteKnowledgeBaseResponse> {
    let proto::DeleteKnowledgeBaseRequest { name, force, etag, request_id } = request;
    app.desk.knowledge().delete_base(DeleteBase { name, force, etag, request_id }).await?;
    Ok(proto::DeleteKnowledgeBaseResponse {})
}

async fn create_article(
    app: &App,
    request: proto::CreateArticleRequest,
    _deadline: Instant,
) -> Result<proto::CreateArticleResponse> {
    let article = request.article.ok_or_else(|| missing("article"))?;
    let create = CreateArticle {
        parent: request.parent,
        article_id: request.article_id,
        input: resources::article_input(article, "article")?,
        request_id: request.request_id,
    };
    let article = app.desk.knowledge().create_article(create).await?;
    Ok(proto::CreateArticleResponse { article: Some(resources::article(article)) })
}

async fn get_article(
    app: &App,
    request: proto::GetArticleRequest,
    _deadline: Instant,
) -> Result<proto::GetArticleResponse> {
    let knowledge = app.desk.knowledge();
    let article = match request.version {
        0 => resources::article(knowledge.article(&request.name).await?),
        version => {
            let (name, content) = knowledge.article_version(&request.name, version).await?;
            proto::Article { version, ..resources::article_content(&name, content) }
        }
    };
    Ok(proto::GetArticleResponse { article: Some(article) })
}

async fn list_articles(
    app: &App,
    request: proto::ListArticlesRequest,
    _deadline: Instant,
) -> Result<proto::ListArticlesResponse> {
    let page = app.desk.knowledge().articles(&request.parent, request.page_size, &request.page_token).await?;
    Ok(proto::ListArticlesResponse {
        articles: page.items.into_iter().map(resources::article).collect(),
        next_page_token: page.next_page_token,
    })
}

async fn update_article(
    app: &App,
    request: proto::UpdateArticleRequest,
    _deadline: Instant,
) -> Result<proto::UpdateArticleResponse> {
    let article = request.article.ok_or_else(|| missing("article"))?;
    let mut update_mask = request.update_mask.map(|mask| mask.paths).unwrap_or_default();
    if update_mask.is_empty() && article.audience() == proto::Audience::Unspecified {
        // An article for agents must not become public because a caller did not think of it.
        let fields = ArticleInput::FIELDS.iter().filter(|field| **field != "audience");
        update_mask = fields.map(|field| (*field).to_owned()).collect();
    }
    let change = UpdateArticle {
        name: article.name.clone(),
        etag: article.etag.clone(),
        input: resources::article_input(article, "article")?,
        update_mask,
        request_id: request.request_id,
    };
    let article = app.desk.knowledge().update_article(change).await?;
    Ok(proto::UpdateArticleResponse { article: Some(resources::article(article)) })
}

async fn delete_article(
    app: &App,
    request: proto::DeleteArticleRequest,
    _deadline: Instant,
) -> Result<proto::DeleteArticleResponse> {
    let proto::DeleteArticleRequest { name, etag, request_id } = request;
    app.desk.knowledge().delete_article(DeleteArticle { name, etag, request_id }).await?;
    Ok(proto::DeleteArticleResponse {})
}

async fn search(
    app: &App,
    request: proto::SearchRequest,
    deadline: Instant,
) -> Result<proto::SearchResponse> {
    let locale = check_locale(&request.locale_hint, "locale_hint")?;
    check_brand(&request.brand, "brand")?;
    let knowledge_base = match request.knowledge_base {
        name if name.is_empty() => app.desk.settings().default_base.to_string(),
        name => name,
    };
    let question = Search {
        knowledge_base,
        query: request.query,
        locale,
        page_size: request.page_size,
        filter: SearchFilter {
            include_agent_articles: request.include_agent_articles,
            channel: check_asker_channel(request.channel)?,
            brand: request.brand,
            only_locale: check_only_locale(&request.only_locale)?,
            tags: request.tags,
            valid_at_ms: 0,
        },
        valid_at_ms: request.valid_at.map(|time| resources::ms(&time, "valid_at")).transpose()?,
        unrecorded: request.unrecorded,
    };
    let desk = Arc::clone(&app.desk);
    let convert_script = request.convert_script;
    let answering = move || {
        let outcome = desk.search(&question)?;
        let first = outcome.hits.first().filter(|_| outcome.answered);
        let script = convert_script.then_some(outcome.asker);
        let answer = first.map(|hit| (hit.clone(), hit.answer(&question.query, script)));
        Ok((outcome, answer))
    };
    let ((outcome, answer), _) = app.workers.run(Some(deadline), answering).await?;
    let generation = app.desk.knowledge().snapshot(&outcome.base);
    let mut result = match generation.filter(|_| request.explain) {
        Some(generation) => {
            let threshold = app.tenants.default_tenant().playbook.thresholds(None).answer;
            results::explained(&outcome, generation.calibration(), threshold)
        }
        None => results::result(&outcome),
    };
    if let (Some(filter), Some(time)) = (&mut result.filter, request.valid_at) {
        filter.valid_at = Some(time);
    }
    let answer = answer.map(|(hit, answer)| results::answer(&hit, answer, outcome.asker));
    Ok(proto::SearchResponse { result: Some(result), answer })
}

async fn reindex(
    app: &App,
    request: proto::ReindexRequest,
    _deadline: Instant,
) -> Result<longrunning::Operation> {
    let proto::ReindexRequest { name, request_id, force } = request;
    let started = app.desk.knowledge().start_reindex(Reindex { name, force, request_id }).await?;
    operations::operation(started)
}

async fn rollback_index(
    app: &App,
    request: proto::RollbackIndexRequest,
    _deadline: Instant,
) -> Result<proto::RollbackIndexResponse> {
    let proto::RollbackIndexRequest { name, request_id } = request;
    let report = app.desk.knowledge().rollback(Rollback { name, request_id }).await?;
    Ok(proto::RollbackIndexResponse {
        generation: resources::count(report.generation),
        previous_generation: resources::count(report.previous_generation),
        num_articles: resources::count(report.num_articles as u64),
        num_passages: resources::count(report.num_passages as u64),
        duration: prost_types::Duration::try_from(report.duration).ok(),
    })
}

fn missing(field: &str) -> Error {
    Error::invalid(field, "is missing; send the resource")
}
