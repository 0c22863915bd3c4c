//! Knowledge bases and articles between the contract and the domain.

use jiff::Timestamp;

use crate::{
    Error, Result,
    knowledge::{Article, ArticleContent, ArticleInput, ArticleName, Audience, KnowledgeBase},
    message::Channel,
    proto,
};

/// A knowledge base on the wire.
pub fn base(base: KnowledgeBase) -> proto::KnowledgeBase {
    proto::KnowledgeBase {
        name: base.name.to_string(),
        display_name: base.display_name,
        num_articles: count(base.num_articles),
        num_passages: count(base.num_passages),
        generation: count(base.generation),
        create_time: Some(time(base.create_time_ms)),
        update_time: Some(time(base.update_time_ms)),
        etag: base.etag,
    }
}

/// An article on the wire.
pub fn article(article: Article) -> proto::Article {
    proto::Article {
        version: article.version,
        create_time: Some(time(article.create_time_ms)),
        update_time: Some(time(article.update_time_ms)),
        etag: article.etag,
        ..article_content(&article.name, article.content)
    }
}

/// What an article says, on the wire, without what the store adds.
pub fn article_content(name: &ArticleName, content: ArticleContent) -> proto::Article {
    proto::Article {
        name: name.to_string(),
        locale: content.locale.tag().to_owned(),
        title: content.title,
        body: content.body,
        questions: content.questions,
        tags: content.tags,
        audience: audience(content.audience).into(),
        url: content.url,
        content_time: content.content_time_ms.map(time),
        channels: content.channels.iter().map(|&channel| proto_channel(channel).into()).collect(),
        brands: content.brands,
        valid_from: content.valid_from_ms.map(time),
        valid_until: content.valid_until_ms.map(time),
        ..proto::Article::default()
    }
}

/// An article that is asked for, on the wire; `name` is its id or resource name.
pub fn requested(name: String, input: ArticleInput) -> proto::Article {
    proto::Article {
        name,
        locale: input.locale,
        title: input.title,
        body: input.body,
        questions: input.questions,
        tags: input.tags,
        audience: input.audience.map_or(proto::Audience::Unspecified, audience).into(),
        url: input.url,
        content_time: input.content_time_ms.map(time),
        channels: input.channels.iter().map(|name| channel_number(name)).collect(),
        brands: input.brands,
        valid_from: input.valid_from_ms.map(time),
        valid_until: input.valid_until_ms.map(time),
        ..proto::Article::default()
    }
}

/// A channel on the wire.
pub fn proto_channel(channel: Channel) -> proto::Channel {
    match channel {
        Channel::Chat => proto::Channel::Chat,
        Channel::Email => proto::Channel::Email,
        Channel::Social => proto::Channel::Social,
        Channel::Direct => proto::Channel::Direct,
        Channel::Form => proto::Channel::Form,
    }
}

/// The number of a channel's name; one that the server refuses when there is no such channel, so that it
/// says which article is wrong.
fn channel_number(name: &str) -> i32 {
    name.parse().map_or(-1, |channel| proto_channel(channel).into())
}

fn channel_name(number: i32) -> Option<String> {
    let channel = Channel::ALL.into_iter().find(|&channel| i32::from(proto_channel(channel)) == number)?;
    Some(channel.name().to_owned())
}

fn audience(audience: Audience) -> proto::Audience {
    match audience {
        Audience::Public => proto::Audience::Public,
        Audience::Agent => proto::Audience::Agent,
    }
}

/// What an article is to say; `path` stands before field names in errors.
///
/// # Errors
/// [`Error::Invalid`] for an audience or a time that cannot be.
pub fn article_input(article: proto::Article, path: &str) -> Result<ArticleInput> {
    let audience = match proto::Audience::try_from(article.audience) {
        Ok(proto::Audience::Unspecified) => None,
        Ok(proto::Audience::Public) => Some(Audience::Public),
        Ok(proto::Audience::Agent) => Some(Audience::Agent),
        Err(_) => return Err(Error::invalid(format!("{path}.audience"), "send PUBLIC or AGENT")),
    };
    let ms_of = |time: Option<prost_types::Timestamp>, field: &str| {
        time.map(|time| ms(&time, &format!("{path}.{field}"))).transpose()
    };
    let channels = article.channels.iter().zip(0..).map(|(&number, index)| {
        channel_name(number).ok_or_else(|| {
            Error::invalid(format!("{path}.channels[{index}]"), "send a channel that is known")
        })
    });
    Ok(ArticleInput {
        channels: channels.collect::<Result<_>>()?,
        locale: article.locale,
        title: article.title,
        body: article.body,
        questions: article.questions,
        tags: article.tags,
        audience,
        url: article.url,
        content_time_ms: ms_of(article.content_time, "content_time")?,
        brands: article.brands,
        valid_from_ms: ms_of(article.valid_from, "valid_from")?,
        valid_until_ms: ms_of(article.valid_until, "valid_until")?,
    })
}

/// A time on the wire in ms since 1970.
///
/// # Errors
/// [`Error::Invalid`] for `field` outside the years 1 to 9999.
pub fn ms(time: &prost_types::Timestamp, field: &str) -> Result<i64> {
    Timestamp::new(time.seconds, time.nanos)
        .map(Timestamp::as_millisecond)
        .map_err(|_| Error::invalid(field, "send a time between the years 1 and 9999"))
}

/// A time on the wire, from milliseconds since 1970.
pub fn time(ms: i64) -> prost_types::Timestamp {
    let nanos = ms.rem_euclid(1000) * 1_000_000;
    prost_types::Timestamp { seconds: ms.div_euclid(1000), nanos: i32::try_from(nanos).unwrap_or(0) }
}

/// A count on the wire, which has signed numbers only.
pub fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_are_exact() {
        assert_eq!(time(-1), prost_types::Timestamp { seconds: -1, nanos: 999_000_000 });
        assert_eq!(time(1_500), prost_types::Timestamp { seconds: 1, nanos: 500_000_000 });
    }
}
