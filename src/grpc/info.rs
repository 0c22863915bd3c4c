//! ServerService.

use tonic::{Request, Response, Status};

use super::{App, AppCell, answer, loaded, resources};
use crate::{
    Result,
    desk::PROGRAM_VERSION,
    encoder::TextEncoder,
    proto::{self, server_service_server::ServerService},
    taxonomy,
};

/// Answers the rpcs of ServerService.
#[derive(Clone)]
pub struct ServerInfo(pub AppCell);

#[tonic::async_trait]
impl ServerService for ServerInfo {
    async fn get_info(
        &self,
        request: Request<proto::GetInfoRequest>,
    ) -> Result<Response<proto::GetInfoResponse>, Status> {
        answer(&self.0, "GetInfo", request, |app, _, _| async move { info(loaded(&app)?).await }).await
    }
}

async fn info(app: &App) -> Result<proto::GetInfoResponse> {
    Ok(proto::GetInfoResponse {
        program_version: PROGRAM_VERSION.to_owned(),
        model: Some(model(app)),
        taxonomy_version: taxonomy::VERSION.to_owned(),
        intents: taxonomy::INTENTS.iter().map(intent).collect(),
        rules_version: app.tenants.default_tenant().version(),
        knowledge_bases: bases(app).await?,
        limits: Some(limits(app)),
    })
}

fn model(app: &App) -> proto::ModelInfo {
    let model = app.desk.model();
    let sentences = model.sentences();
    proto::ModelInfo {
        name: model.folder().name(),
        sha256: model.folder().weights_sha256().to_owned(),
        dimensions: wire(sentences.dimensions()),
        num_layers: wire(sentences.encoder.num_layers()),
        max_tokens: wire(sentences.rows.format().message_tokens),
        backend: sentences.encoder.backend().to_owned(),
    }
}

fn intent(intent: &taxonomy::Intent) -> proto::IntentInfo {
    proto::IntentInfo {
        intent: intent.id.to_owned(),
        name_en: intent.name_en.to_owned(),
        name_zh_hans: intent.name_zh_hans.to_owned(),
        name_zh_hant: intent.name_zh_hant.to_owned(),
        queue: intent.queue.to_owned(),
    }
}

/// Every knowledge base; there are few.
async fn bases(app: &App) -> Result<Vec<proto::KnowledgeBase>> {
    let mut bases = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = app.desk.knowledge().bases(i32::MAX, &page_token).await?;
        bases.extend(page.items.into_iter().map(resources::base));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(bases);
        }
    }
}

fn limits(app: &App) -> proto::Limits {
    let (triage, knowledge) = (&app.settings.triage, app.desk.knowledge().limits());
    proto::Limits {
        max_text_bytes: wire(triage.max_text_bytes),
        max_turns: wire(triage.max_turns),
        max_batch: wire(triage.max_batch),
        max_import: wire(knowledge.max_import_articles),
        max_article_bytes: wire(knowledge.max_article_bytes),
        max_request_bytes: wire(app.settings.server.max_request_bytes),
    }
}

fn wire(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
