//! Drafts and packets of cases made by hand.

mod content;
mod fitting;
mod packets;
mod quoting;
mod situations;
mod snapshots;
mod tenants;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Draft, Templates, Written, write};
use crate::{
    knowledge::{AnswerFeatures, ArticleName, BaseName, Hit, ScoreParts, SearchFilter, SearchOutcome},
    message::{Channel, Locale, Tone, Wording},
    policy::{
        Action, AskedRequest, Case, Conversation, Delivery, HandoffReason, Impact, Priority, PriorityBasis,
        Reply, Route, Sentence, Verdict,
    },
    taxonomy::{Department, Intent},
    text::language::{Language, Source},
    triage::{
        Binary, Emotion, EmotionPrediction, IntentPrediction, Labels, Polarity, SentimentPrediction, Urgency,
        UrgencyPrediction,
    },
};

/// Monday 23 November 2026, 14:00 in Taipei, Hong Kong and Shanghai.
const RECEIVED: &str = "2026-11-23T06:00:00Z";

/// A case, its verdict and how it is to be written.
struct Scene {
    case: Case,
    verdict: Verdict,
    tone: Tone,
    zone: &'static str,
}

impl Scene {
    /// A neutral message about an intent that goes to a person, in a chat.
    fn new(wording: Wording, intent: &str) -> Self {
        let received_at: Timestamp = RECEIVED.parse().expect("a time");
        let zone = match wording {
            Wording::En | Wording::ZhHantTw => "Asia/Taipei",
            Wording::ZhHans => "Asia/Shanghai",
            Wording::ZhHantHk => "Asia/Hong_Kong",
        };
        let case = Case {
            tenant: "shop".into(),
            labels: Some(labels(wording.locale(), intent)),
            requests: vec![asked(intent)],
            ..Case::unread(language(wording.locale()), wording, received_at)
        };
        let verdict = verdict(intent, received_at);
        Self { case, verdict, tone: Tone::Friendly, zone }
    }

    fn on(mut self, channel: Channel) -> Self {
        self.case.channel = channel;
        self.tone = if channel.is_letter() { Tone::Formal } else { Tone::Friendly };
        self
    }

    fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    fn feeling(mut self, emotion: Emotion) -> Self {
        if let Some(labels) = &mut self.case.labels {
            labels.emotion.emotion = emotion;
        }
        self
    }

    /// Adds a request.
    fn and(mut self, intent: &str) -> Self {
        self.verdict.requests.push(self.case.requests.len());
        self.case.requests.push(asked(intent));
        self
    }

    /// Puts a passage under a request; the draft quotes it.
    fn found(mut self, request: usize, hit: Hit) -> Self {
        self.case.requests[request].search = Some(outcome(hit));
        match &mut self.verdict.reply {
            Reply::Acknowledgement(found) | Reply::Passages(found) => found.push(request),
            _ => {}
        }
        self
    }

    /// The program answers itself.
    fn answered(mut self) -> Self {
        self.verdict.action = Action::Answer;
        self.verdict.delivery = Delivery::Send;
        self.verdict.handoff = vec![];
        self.verdict.notice = false;
        self.verdict.reply = match self.verdict.reply {
            Reply::Acknowledgement(found) => Reply::Passages(found),
            other => other,
        };
        self
    }

    fn because(mut self, reasons: &[HandoffReason]) -> Self {
        self.verdict.handoff = reasons.to_vec();
        self
    }

    fn reply(mut self, action: Action, reply: Reply) -> Self {
        self.verdict.action = action;
        self.verdict.notice = matches!(reply, Reply::Acknowledgement(_));
        if action != Action::Handoff {
            self.verdict.handoff = vec![];
        }
        self.verdict.reply = reply;
        self
    }

    fn said(mut self, sentences: &[&str]) -> Self {
        let mut start = 0;
        for text in sentences {
            let span = start..start + text.len();
            start = span.end + 1;
            self.case.sentences.push(Sentence { span, text: (*text).to_owned() });
        }
        self
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::get(self.zone).expect("a time zone")
    }

    fn written(&self) -> Written {
        write(&self.case, &self.verdict, self.tone, &Templates::built_in(), &self.time_zone())
    }

    fn with(&self, templates: &Templates) -> Written {
        write(&self.case, &self.verdict, self.tone, templates, &self.time_zone())
    }

    fn draft(&self) -> Draft {
        self.written().draft.expect("a draft")
    }
}

fn language(locale: Locale) -> Language {
    Language { locale: Ok(locale), source: Source::Text, script_determined: true }
}

fn labels(locale: Locale, intent: &str) -> Labels {
    let no = Binary { probability: 0.01, holds: false };
    let prediction =
        IntentPrediction { intent: intent.into(), probability: 0.9, presence: 0.9, selected: true };
    Labels {
        language: language(locale),
        intents: vec![prediction],
        urgency: UrgencyPrediction { level: Urgency::Normal, distribution: [0.0, 1.0, 0.0, 0.0] },
        sentiment: SentimentPrediction { polarity: Polarity::Neutral, probability: 0.9, score: 0.0 },
        emotion: EmotionPrediction { emotion: Emotion::None, probability: 0.9 },
        wants_human: no,
        orders_system: no,
        num_tokens: 9,
        windowed: false,
    }
}

fn asked(intent: &str) -> AskedRequest {
    AskedRequest {
        intent: intent.into(),
        probability: 0.9,
        margin: 0.8,
        urgency: Urgency::Normal,
        answerable: 0.9,
        needs_case: 0.1,
        span: 0..0,
        text: "how long does a refund take".into(),
        continued: false,
        search: None,
    }
}

fn verdict(intent: &str, received_at: Timestamp) -> Verdict {
    let first_reply = SignedDuration::from_mins(90);
    let due = received_at.checked_add(first_reply).expect("a time");
    Verdict {
        action: Action::Handoff,
        delivery: Delivery::Draft,
        intent: Intent::find(intent),
        requests: vec![0],
        route: Route {
            queue: "billing".into(),
            priority: Priority::Regular,
            department: Department::Sales,
            first_reply,
            first_reply_due: due,
            next_reply_due: due,
            calendar: "always".into(),
            skills: vec![],
            tags: vec![],
            assignee_hint: String::new(),
        },
        basis: PriorityBasis {
            severity: 0.5,
            model_urgency: Some(Urgency::Normal),
            urgency: Urgency::Normal,
            impact: Impact::Normal,
            priority: Priority::Regular,
        },
        rules: vec![],
        handoff: vec![HandoffReason::AccountSpecific],
        reply: Reply::Acknowledgement(vec![]),
        notice: true,
        conversation: Conversation::default(),
        steps: vec![],
    }
}

/// A passage that answers.
fn hit(article: &str, title: &str, text: &str, locale: Locale) -> Hit {
    let base = BaseName::from_id("shop", "id").expect("a name");
    Hit {
        article: ArticleName::from_id(&base, article, "id").expect("a name"),
        article_version: 3,
        title: title.into(),
        heading: String::new(),
        text: text.into(),
        start_byte: 10,
        end_byte: 10 + text.len(),
        locale,
        url: format!("https://shop.example/help/{article}"),
        score: 0.8,
        lexical_score: 0.8,
        dense_score: 0.8,
        similar: vec![],
        parts: ScoreParts::default(),
    }
}

/// The refund article of a wording.
fn refunds(wording: Wording) -> Hit {
    let (title, text) = match wording {
        Wording::En => ("Refund times", "A card refund takes 3 to 7 working days."),
        Wording::ZhHans => ("退款时间", "退回银行卡需要3到7个工作日。"),
        Wording::ZhHantTw | Wording::ZhHantHk => ("退款時間", "退回信用卡需要3到7個工作天。"),
    };
    hit("refunds", title, text, wording.locale())
}

/// The delivery article of a wording.
fn deliveries(wording: Wording) -> Hit {
    let (title, text) = match wording {
        Wording::En => ("Delivery", "Standard delivery takes 2 to 4 working days and is free from 50 EUR."),
        Wording::ZhHans => ("配送说明", "标准配送需要2到4个工作日，满299元免运费。"),
        Wording::ZhHantTw | Wording::ZhHantHk => ("送貨說明", "標準送貨需要2到4個工作天，滿1000元免運費。"),
    };
    hit("delivery", title, text, wording.locale())
}

fn outcome(hit: Hit) -> SearchOutcome {
    SearchOutcome {
        base: BaseName::from_id("shop", "id").expect("a name"),
        generation: 1,
        answered: true,
        answer_probability: 0.9,
        features: AnswerFeatures::default(),
        asker: hit.locale,
        hits: vec![hit],
        filter: SearchFilter::default(),
        num_articles: 1,
    }
}
