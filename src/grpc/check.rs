//! Requests of the triage service become messages; every mistake names its field.

use jiff::Timestamp;

use super::request_id;
use crate::{
    Error, Result,
    desk::Request,
    knowledge::BaseName,
    message::{Channel, Customer, Locale, Message, Role, Tier, Tone, Turn, Wording},
    policy::Owner,
    proto,
    settings::TriageSettings,
    text::redact::{Kind, redact},
};

/// Bytes of all turns together, as a multiple of what one message may have.
const TURNS_FACTOR: usize = 4;

/// Tags of a customer, and bytes of each.
const MAX_TAGS: usize = 50;
const MAX_TAG_BYTES: usize = 128;

/// What Classify and Triage have in common.
pub struct Fields {
    /// The message.
    pub text: String,
    /// How it came, as on the wire.
    pub channel: i32,
    /// Expected language.
    pub locale_hint: String,
    /// Earlier turns.
    pub turns: Vec<proto::Turn>,
    /// What is known of the customer.
    pub customer: Option<proto::Customer>,
    /// The caller's id.
    pub request_id: String,
}

impl From<proto::ClassifyRequest> for Fields {
    fn from(request: proto::ClassifyRequest) -> Self {
        let proto::ClassifyRequest { text, channel, locale_hint, turns, customer, request_id } = request;
        Self { text, channel, locale_hint, turns, customer, request_id }
    }
}

/// Checks a Classify request.
///
/// # Errors
/// [`Error::Invalid`] for the first field that is wrong.
pub fn classify(request: proto::ClassifyRequest, limits: &TriageSettings) -> Result<Message> {
    message(request.into(), limits)
}

/// Checks a Triage request; `now` is when it counts as received unless it says so itself.
///
/// # Errors
/// [`Error::Invalid`] for the first field that is wrong.
pub fn triage(request: proto::TriageRequest, limits: &TriageSettings, now: Timestamp) -> Result<Request> {
    let proto::TriageRequest {
        text,
        channel,
        locale_hint,
        turns,
        customer,
        request_id,
        knowledge_base,
        received_at,
        brand,
        // The handler looks it up.
        conversation: _,
        owner,
        tone,
    } = request;
    let base = match knowledge_base.as_str() {
        "" => None,
        name => Some(BaseName::parse(name, "knowledge_base")?),
    };
    let received_at = received_at.map_or(Ok(now), |time| {
        let range = || format!("send a time within {} to {}", Timestamp::MIN, Timestamp::MAX);
        Timestamp::new(time.seconds, time.nanos).map_err(|_| Error::invalid("received_at", range()))
    })?;
    let fields = Fields { text, channel, locale_hint, turns, customer, request_id };
    check_brand(&brand, "brand")?;
    let message = message(fields, limits)?;
    Ok(Request {
        base,
        brand,
        owner: check_owner(owner)?,
        tone: check_tone(tone)?,
        ..Request::new(message, received_at)
    })
}

fn message(fields: Fields, limits: &TriageSettings) -> Result<Message> {
    let Fields { text, channel, locale_hint, turns, customer, request_id: id } = fields;
    check_text(&text, "text", limits.max_text_bytes)?;
    check_impersonal(&id, "request_id")?;
    Ok(Message {
        request_id: request_id(&id, "request_id")?,
        text,
        channel: check_channel(channel)?,
        locale_hint: check_locale(&locale_hint, "locale_hint")?,
        wording_hint: Wording::from_tag(&locale_hint),
        turns: check_turns(turns, limits)?,
        customer: check_customer(customer.unwrap_or_default())?,
    })
}

/// Longest name of a brand, in bytes.
const MAX_BRAND_BYTES: usize = 1024;

fn check_text(text: &str, field: &str, max_bytes: usize) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid(field, "is blank; send what the customer wrote"));
    }
    if text.len() > max_bytes {
        let reason = format!("has {} bytes, at most {max_bytes} are read; send the newest part", text.len());
        return Err(Error::invalid(field, reason));
    }
    Ok(())
}

/// Checks the brand that an asker writes to.
///
/// # Errors
/// [`Error::Invalid`] when it is over-long.
pub fn check_brand(brand: &str, field: &str) -> Result<()> {
    if brand.len() > MAX_BRAND_BYTES {
        let reason = format!("has {} bytes; send a brand's name of at most {MAX_BRAND_BYTES}", brand.len());
        return Err(Error::invalid(field, reason));
    }
    Ok(())
}

/// The channel of somebody who asks a knowledge base; `None` when it is not said.
///
/// # Errors
/// [`Error::Invalid`] when it is unknown.
pub fn check_asker_channel(channel: i32) -> Result<Option<Channel>> {
    match channel {
        0 => Ok(None),
        said => check_channel(said).map(Some),
    }
}

/// The one language that may be found; `None` when every one may.
///
/// # Errors
/// [`Error::Invalid`] when it is none that is served.
pub fn check_only_locale(tag: &str) -> Result<Option<Locale>> {
    if tag.is_empty() {
        return Ok(None);
    }
    let unknown = || Error::invalid("only_locale", "send en, zh-Hans or zh-Hant, or nothing");
    Locale::from_tag(tag).map(Some).ok_or_else(unknown)
}

/// Two-letter language codes of ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs \
    cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy \
    hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt \
    lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm \
    rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw \
    ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Reads a locale hint. One of a language that is not served, or of Chinese without a script, says
/// nothing about which served language to take; empty does not either.
///
/// # Errors
/// [`Error::Invalid`] when it names no language.
pub fn check_locale(tag: &str, field: &str) -> Result<Option<Locale>> {
    let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if tag.is_empty() || language == "und" {
        return Ok(None);
    }
    if LANGUAGES.split_ascii_whitespace().any(|known| known == language) {
        return Ok(Locale::from_tag(tag));
    }
    Err(Error::invalid(
        field,
        "names no language; send en, zh-Hans, zh-Hant, another tag such as fr, or nothing",
    ))
}

fn check_channel(channel: i32) -> Result<Channel> {
    match proto::Channel::try_from(channel) {
        Ok(proto::Channel::Unspecified | proto::Channel::Chat) => Ok(Channel::Chat),
        Ok(proto::Channel::Email) => Ok(Channel::Email),
        Ok(proto::Channel::Social) => Ok(Channel::Social),
        Ok(proto::Channel::Form) => Ok(Channel::Form),
        Ok(proto::Channel::Direct) => Ok(Channel::Direct),
        Err(_) => Err(Error::invalid("channel", "is not known; send CHAT, EMAIL, SOCIAL, FORM or DIRECT")),
    }
}

fn check_owner(owner: i32) -> Result<Option<Owner>> {
    match proto::Owner::try_from(owner) {
        Ok(proto::Owner::Unspecified) => Ok(None),
        Ok(proto::Owner::Bot) => Ok(Some(Owner::Bot)),
        Ok(proto::Owner::Waiting) => Ok(Some(Owner::Waiting)),
        Ok(proto::Owner::Person) => Ok(Some(Owner::Person)),
        Ok(proto::Owner::Released) => Ok(Some(Owner::Released)),
        Err(_) => Err(Error::invalid("owner", "is not known; send BOT, WAITING, PERSON or RELEASED")),
    }
}

fn check_tone(tone: i32) -> Result<Option<Tone>> {
    match proto::Tone::try_from(tone) {
        Ok(proto::Tone::Unspecified) => Ok(None),
        Ok(proto::Tone::Formal) => Ok(Some(Tone::Formal)),
        Ok(proto::Tone::Friendly) => Ok(Some(Tone::Friendly)),
        Err(_) => Err(Error::invalid("tone", "is not known; send FORMAL or FRIENDLY")),
    }
}

fn check_turns(turns: Vec<proto::Turn>, limits: &TriageSettings) -> Result<Vec<Turn>> {
    if turns.len() > limits.max_turns {
        let reason = format!("are {}, at most {} are read; send the newest", turns.len(), limits.max_turns);
        return Err(Error::invalid("turns", reason));
    }
    let bytes: usize = turns.iter().map(|turn| turn.text.len()).sum();
    let max_bytes = TURNS_FACTOR * limits.max_text_bytes;
    if bytes > max_bytes {
        let reason = format!("have {bytes} bytes together, at most {max_bytes} are read; send the newest");
        return Err(Error::invalid("turns", reason));
    }
    let check = |(index, turn): (usize, proto::Turn)| {
        let role = match proto::Role::try_from(turn.role) {
            Ok(proto::Role::Customer) => Role::Customer,
            Ok(proto::Role::Agent) => Role::Agent,
            Ok(proto::Role::Bot) => Role::Bot,
            Ok(proto::Role::Unspecified) | Err(_) => {
                return Err(Error::invalid(format!("turns[{index}].role"), "send CUSTOMER, AGENT or BOT"));
            }
        };
        Ok(Turn { role, text: turn.text })
    };
    turns.into_iter().enumerate().map(check).collect()
}

fn check_customer(customer: proto::Customer) -> Result<Customer> {
    let tier: Tier = customer.tier.parse().map_err(|()| {
        Error::invalid("customer.tier", "is not known; send standard, premium, vip or enterprise")
    })?;
    if customer.tags.len() > MAX_TAGS {
        return Err(Error::invalid("customer.tags", format!("send at most {MAX_TAGS}")));
    }
    if let Some(index) = customer.tags.iter().position(|tag| tag.len() > MAX_TAG_BYTES) {
        let reason = format!("send at most {MAX_TAG_BYTES} bytes");
        return Err(Error::invalid(format!("customer.tags[{index}]"), reason));
    }
    // A decision keeps them, and rules go by them: a tag with a placeholder still tells what it is.
    let tags = customer.tags.iter().map(|tag| redact(tag).text).collect();
    Ok(Customer { tier, tags })
}

/// Refuses an id that is somebody's: it is kept with a decision and logged.
///
/// Only what shows by its form or a check digit counts. Long numbers are tickets and not phones; one with
/// the check digit of a card may be one by chance, and goes all the same.
///
/// # Errors
/// [`Error::Invalid`] for `field` when the id holds an e-mail address, or the number of a card or identity
/// card.
pub fn check_impersonal(id: &str, field: &str) -> Result<()> {
    let is_personal = |kind: Kind| matches!(kind, Kind::Email | Kind::Card | Kind::Id);
    if redact(id).spans.iter().any(|&(_, kind)| is_personal(kind)) {
        return Err(Error::invalid(field, "holds personal data; send an id of your own"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn wrong_field(request: proto::TriageRequest) -> String {
        match triage(request, &Settings::default().triage, Timestamp::UNIX_EPOCH) {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    fn hello() -> proto::TriageRequest {
        proto::TriageRequest { text: "hello".into(), ..Default::default() }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let turn = |role: i32| proto::Turn { role, text: "x".into() };
        let time = prost_types::Timestamp { seconds: i64::MAX, nanos: 0 };
        let customer = |tier: &str, tags: Vec<String>| Some(proto::Customer { tier: tier.into(), tags });
        let cases = [
            (proto::TriageRequest { text: " \n\u{3000}".into(), ..hello() }, "text"),
            (proto::TriageRequest { text: "退".repeat(10_000), ..hello() }, "text"),
            (proto::TriageRequest { channel: 99, ..hello() }, "channel"),
            (proto::TriageRequest { locale_hint: "tlh".into(), ..hello() }, "locale_hint"),
            (proto::TriageRequest { turns: vec![turn(1), turn(0)], ..hello() }, "turns[1].role"),
            (proto::TriageRequest { turns: vec![turn(1); 51], ..hello() }, "turns"),
            (proto::TriageRequest { customer: customer("gold", vec![]), ..hello() }, "customer.tier"),
            (
                proto::TriageRequest { customer: customer("", vec!["x".repeat(200)]), ..hello() },
                "customer.tags[0]",
            ),
            (proto::TriageRequest { request_id: "x".repeat(200), ..hello() }, "request_id"),
            (proto::TriageRequest { knowledge_base: "shop".into(), ..hello() }, "knowledge_base"),
            (proto::TriageRequest { received_at: Some(time), ..hello() }, "received_at"),
        ];
        for (request, field) in cases {
            assert_eq!(wrong_field(request), field);
        }
    }

    #[test]
    fn a_hint_of_a_language_that_is_not_served_is_no_mistake() {
        let cases =
            [("fr", None), ("pt-BR", None), ("zh", None), ("", None), ("zh_TW", Some(Locale::ZhHant))];
        for (tag, expected) in cases {
            assert_eq!(check_locale(tag, "locale_hint").expect("valid"), expected, "{tag}");
        }
    }

    #[test]
    fn a_plain_text_is_a_chat_received_now() {
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let request = triage(hello(), &Settings::default().triage, now).expect("valid");
        assert_eq!((request.message.channel, request.received_at, request.base), (Channel::Chat, now, None));
    }

    #[test]
    fn an_id_that_is_somebodys_is_refused() {
        for id in ["ada.lee@mail.example", "4111 1111 1111 1111", "11010519491231002X", "chat-a123456789"] {
            let request = proto::TriageRequest { request_id: id.into(), ..hello() };
            assert_eq!(wrong_field(request), "request_id", "{id}");
        }
        let ids = [
            "8812",
            "13812345678",
            "852-9123-4567",
            "20240518123456789",
            "1716000000123",
            "ZD-2024-000123",
            "wamid.HBgLODUyOTEyMzQ1NjcVAgASGBQzQTdGRkU4",
            "018f7c2e-9b1d-7c3a-8f00-0123456789ab",
            "訂單-12",
        ];
        for id in ids {
            check_impersonal(id, "request_id").expect(id);
        }
    }

    #[test]
    fn personal_data_in_tags_is_replaced() {
        let tags = ["wholesale", "批發", "ada.lee@mail.example", "tel 9123 4567"].map(String::from).to_vec();
        let customer = Some(proto::Customer { tags, ..Default::default() });
        let request = proto::TriageRequest { customer, ..hello() };
        let request = triage(request, &Settings::default().triage, Timestamp::UNIX_EPOCH).expect("valid");
        assert_eq!(request.message.customer.tags, ["wholesale", "批發", "[email]", "tel [phone]"]);
    }

    #[test]
    fn a_time_out_of_range_hears_the_range() {
        let at = |seconds| proto::TriageRequest {
            received_at: Some(prost_types::Timestamp { seconds, nanos: 0 }),
            ..hello()
        };
        let read = |request| triage(request, &Settings::default().triage, Timestamp::UNIX_EPOCH);
        let (min, max) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        assert!(read(at(min)).is_ok() && read(at(max)).is_ok());
        for seconds in [min - 1, max + 1] {
            let error = read(at(seconds)).expect_err("refused").to_string();
            assert!(error.contains("-009999-01-02T01:59:59Z to 9999-12-30T22:00:00.999999999Z"), "{error}");
        }
    }
}
