//! Rows of articles.

use std::str::FromStr;

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Sqlite, query::Query, sqlite::SqliteArguments};

use super::{Store, Write, bases::etag, corrupt, now_ms, passages::with_passages};
use crate::{
    Error, Result,
    knowledge::{
        article::{Article, ArticleContent, Audience},
        name::{ArticleName, BaseName},
        passage::{Passage, cut},
    },
    message::Locale,
};

/// An article with the numbers that callers do not see.
#[derive(Clone, Debug)]
pub(crate) struct StoredArticle {
    /// Never used again for another article.
    pub(crate) number: i64,
    /// What callers see.
    pub(crate) article: Article,
    /// Hash of its content.
    pub(crate) content_hash: String,
}

/// An article with what it is cut into.
#[derive(Clone, Debug)]
pub(crate) struct CutArticle {
    /// The article.
    pub(crate) stored: StoredArticle,
    /// In the order of the body.
    pub(crate) passages: Vec<Passage>,
}

#[derive(sqlx::FromRow)]
pub(super) struct ArticleRow {
    number: i64,
    base: String,
    id: String,
    locale: String,
    title: String,
    body: String,
    questions: String,
    tags: String,
    audience: String,
    url: String,
    content_time: Option<i64>,
    channels: String,
    brands: String,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
    content_hash: String,
    version: i64,
    create_time: i64,
    update_time: i64,
}

/// Every column of [`ArticleRow`], from a table or alias `a`.
macro_rules! select_articles {
    ($rest:literal) => {
        concat!(
            "SELECT a.number, a.base, a.id, a.locale, a.title, a.body, a.questions, a.tags, a.audience, ",
            "a.url, a.content_time, a.channels, a.brands, a.valid_from, a.valid_until, ",
            "a.content_hash, a.version, a.create_time, a.update_time ",
            $rest
        )
    };
}
pub(super) use select_articles;

const SELECT_ONE: &str = select_articles!("FROM articles a WHERE a.base = $1 AND a.id = $2");

impl ArticleRow {
    pub(super) fn number(&self) -> i64 {
        self.number
    }

    pub(super) fn into_stored(self) -> Result<StoredArticle> {
        let name = BaseName::from_id(&self.base, "name")
            .and_then(|base| ArticleName::from_id(&base, &self.id, "name"))
            .map_err(|_| corrupt("the id", &self.id))?;
        let content = ArticleContent {
            locale: Locale::from_tag(&self.locale).ok_or_else(|| corrupt("the locale", &self.locale))?,
            title: self.title,
            body: self.body,
            questions: read_list(&self.questions)?,
            tags: read_list(&self.tags)?,
            audience: self.audience.parse()?,
            url: self.url,
            content_time_ms: self.content_time,
            channels: read_list(&self.channels)?,
            brands: read_list(&self.brands)?,
            valid_from_ms: self.valid_from,
            valid_until_ms: self.valid_until,
        };
        let article = Article {
            name,
            content,
            version: self.version,
            create_time_ms: self.create_time,
            update_time_ms: self.update_time,
            etag: etag(self.number, self.version),
        };
        Ok(StoredArticle { number: self.number, article, content_hash: self.content_hash })
    }
}

impl Store {
    /// One article.
    pub(crate) async fn article(&self, name: &ArticleName) -> Result<StoredArticle> {
        let row: Option<ArticleRow> = sqlx::query_as(SELECT_ONE)
            .bind(name.base().id())
            .bind(name.id())
            .fetch_optional(&self.readers)
            .await?;
        row.ok_or_else(|| not_found(name))?.into_stored()
    }

    /// At most `limit` articles whose id comes after `after`, by id.
    pub(crate) async fn articles(
        &self,
        base: &BaseName,
        after: &str,
        limit: i64,
    ) -> Result<Vec<StoredArticle>> {
        let sql = select_articles!("FROM articles a WHERE a.base = $1 AND a.id > $2 ORDER BY a.id LIMIT $3");
        let rows: Vec<ArticleRow> =
            sqlx::query_as(sql).bind(base.id()).bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.into_iter().map(ArticleRow::into_stored).collect()
    }

    /// At most `limit` articles whose number comes after `after`, by number.
    pub(crate) async fn articles_by_number(
        &self,
        base: &BaseName,
        after: i64,
        limit: i64,
    ) -> Result<Vec<CutArticle>> {
        // One transaction sees one state.
        let mut transaction = self.readers.begin().await?;
        let sql = select_articles!(
            "FROM articles a WHERE a.base = $1 AND a.number > $2 ORDER BY a.number LIMIT $3"
        );
        let rows: Vec<ArticleRow> =
            sqlx::query_as(sql).bind(base.id()).bind(after).bind(limit).fetch_all(&mut *transaction).await?;
        with_passages(&mut transaction, rows).await
    }
}

impl Write {
    /// One article as this transaction sees it, when it is there.
    pub(crate) async fn find_article(&mut self, name: &ArticleName) -> Result<Option<StoredArticle>> {
        let row: Option<ArticleRow> = sqlx::query_as(SELECT_ONE)
            .bind(name.base().id())
            .bind(name.id())
            .fetch_optional(&mut *self.transaction)
            .await?;
        row.map(ArticleRow::into_stored).transpose()
    }

    /// One article as this transaction sees it.
    pub(crate) async fn article(&mut self, name: &ArticleName) -> Result<StoredArticle> {
        self.find_article(name).await?.ok_or_else(|| not_found(name))
    }

    /// Creates an article in a knowledge base that is there.
    pub(crate) async fn insert_article(
        &mut self,
        base_number: i64,
        name: &ArticleName,
        content: &ArticleContent,
    ) -> Result<Article> {
        let number = self.next("number").await?;
        let sql = "INSERT INTO articles (number, base, id, locale, title, body, questions, tags, audience, \
                   url, content_time, channels, brands, valid_from, valid_until, content_hash, \
                   version, create_time, update_time) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $17)";
        let query = sqlx::query(sql).bind(number).bind(name.base().id()).bind(name.id());
        bind_content(query, content)?.bind(now_ms()).execute(&mut *self.transaction).await?;
        self.write_passages(number, &cut(&content.body)).await?;
        self.record_change(base_number, number, "upsert").await?;
        Ok(self.article(name).await?.article)
    }

    /// Replaces what an article says.
    pub(crate) async fn update_article(
        &mut self,
        base_number: i64,
        stored: &StoredArticle,
        content: &ArticleContent,
    ) -> Result<Article> {
        self.keep_version(stored).await?;
        let sql = "UPDATE articles SET locale = $2, title = $3, body = $4, questions = $5, tags = $6, \
                   audience = $7, url = $8, content_time = $9, channels = $10, brands = $11, \
                   valid_from = $12, valid_until = $13, content_hash = $14, \
                   version = version + 1, update_time = $15 WHERE number = $1";
        let query = sqlx::query(sql).bind(stored.number);
        bind_content(query, content)?.bind(now_ms()).execute(&mut *self.transaction).await?;
        self.write_passages(stored.number, &cut(&content.body)).await?;
        self.record_change(base_number, stored.number, "upsert").await?;
        Ok(self.article(&stored.article.name).await?.article)
    }

    /// Deletes an article.
    pub(crate) async fn delete_article(&mut self, base_number: i64, stored: &StoredArticle) -> Result<()> {
        self.keep_version(stored).await?;
        self.write_passages(stored.number, &[]).await?;
        let sql = "DELETE FROM articles WHERE number = $1";
        sqlx::query(sql).bind(stored.number).execute(&mut *self.transaction).await?;
        self.record_change(base_number, stored.number, "delete").await
    }
}

impl FromStr for Audience {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "public" => Ok(Self::Public),
            "agent" => Ok(Self::Agent),
            other => Err(corrupt("the audience", other)),
        }
    }
}

/// Binds what an article says, in the order that both statements name the columns:
/// locale to content_hash.
fn bind_content<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    content: &'q ArticleContent,
) -> Result<Query<'q, Sqlite, SqliteArguments>> {
    Ok(query
        .bind(content.locale.tag())
        .bind(&content.title)
        .bind(&content.body)
        .bind(write_list(&content.questions)?)
        .bind(write_list(&content.tags)?)
        .bind(content.audience.name())
        .bind(&content.url)
        .bind(content.content_time_ms)
        .bind(write_list(&content.channels)?)
        .bind(write_list(&content.brands)?)
        .bind(content.valid_from_ms)
        .bind(content.valid_until_ms)
        .bind(content.hash()))
}

pub(super) fn write_list<T: Serialize>(items: &[T]) -> Result<String> {
    serde_json::to_string(items).map_err(|error| Error::Internal(error.to_string()))
}

pub(super) fn read_list<T: DeserializeOwned>(json: &str) -> Result<Vec<T>> {
    serde_json::from_str(json).map_err(|_| corrupt("the list", json))
}

fn not_found(name: &ArticleName) -> Error {
    Error::NotFound { resource: name.to_string() }
}
