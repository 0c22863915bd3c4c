//! `frontdesk ask`: decides one message.

use std::io::{self, Read};

use clap::{Args, ValueEnum};

use super::{
    Context, base_name, conversation_name,
    failure::{Failure, Finished},
    print,
};
use crate::proto::{self, Customer, TriageRequest, Turn};

/// Decide one message and print the decision.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk ask \"我的订单说好周五到,现在还没发货\"\n  \
    frontdesk ask --tier vip --channel email - < mail.txt\n  \
    frontdesk ask --context \"customer:Where is my lamp?\" --context \"bot:Which order?\" \"Number 8812\"\n  \
    frontdesk ask --conversation ticket-4711 \"請問運費怎麼算?\"\n  \
    frontdesk ask --json \"How long do refunds take?\" | jq .decision.action")]
pub(super) struct AskArgs {
    /// The message; "-" reads it from the standard input.
    text: String,
    /// How the message reached the company.
    #[arg(long, value_enum, default_value_t = Channel::Chat)]
    channel: Channel,
    /// Expected language, such as en, zh-Hans or zh-TW, where the text leaves it open.
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// What the company says of the customer's standing.
    #[arg(long, value_enum, default_value_t = Tier::Standard)]
    tier: Tier,
    /// Tag of the customer in the helpdesk; may be repeated.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Earlier turn of the conversation, oldest first; ROLE is customer, agent or bot; may be
    /// repeated.
    #[arg(long, value_name = "ROLE:TEXT", value_parser = turn)]
    context: Vec<Turn>,
    /// Knowledge base to search; default is the server's.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Brand that the customer writes to; default is only what holds for every brand.
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// Conversation that the server keeps, by its name or the part after "conversations/"; the message
    /// becomes its next turn. It is made when it is not there.
    #[arg(long, value_name = "ID", conflicts_with_all = ["context", "owner"])]
    conversation: Option<String>,
    /// Who has the conversation whose turns are given with --context; default is the program.
    #[arg(long, value_enum)]
    owner: Option<Owner>,
    /// How a draft shall speak; default is as the tenant's policy file says.
    #[arg(long, value_enum)]
    tone: Option<Tone>,
    /// Id of this request; sent again with the same --conversation and text, it gets the same decision and
    /// counts once.
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Channel {
    /// Live chat or messenger.
    Chat,
    /// E-mail; quoted replies and signatures are left out.
    Email,
    /// Public post in a social network.
    Social,
    /// Contact form or ticket.
    Form,
    /// Direct message in a social network.
    Direct,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tier {
    /// No special standing.
    Standard,
    /// Pays for better service.
    Premium,
    /// Looked after in person.
    Vip,
    /// A company with a contract.
    Enterprise,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Owner {
    /// The program; it may answer.
    Bot,
    /// A person was asked for and none has come; the program only drafts.
    Waiting,
    /// A person; the program only drafts.
    Person,
    /// A person had it and gave it back; the program may answer.
    Released,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tone {
    /// Full sentences, 您, no contractions.
    Formal,
    /// Short and warm.
    Friendly,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: AskArgs) -> Result<Finished, Failure> {
    let text = read_text(&args.text)?;
    let request = request(args, text);
    let response = context.with_client(async |client| Ok(client.triage(request).await?)).await?;
    if context.global.json {
        print::json(&response)?;
    } else {
        let mut page = print::Page::new();
        print::decision(&mut page, &response);
        page.print()?;
    }
    Ok(Finished::Well)
}

fn read_text(argument: &str) -> Result<String, Failure> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    let read = io::stdin().read_to_string(&mut text);
    read.map_err(|error| {
        Failure::usage(anyhow::Error::new(error).context("the standard input cannot be read"))
    })?;
    Ok(text)
}

fn request(args: AskArgs, text: String) -> TriageRequest {
    let channel = match args.channel {
        Channel::Chat => proto::Channel::Chat,
        Channel::Email => proto::Channel::Email,
        Channel::Social => proto::Channel::Social,
        Channel::Direct => proto::Channel::Direct,
        Channel::Form => proto::Channel::Form,
    };
    let tier = match args.tier {
        Tier::Standard => "standard",
        Tier::Premium => "premium",
        Tier::Vip => "vip",
        Tier::Enterprise => "enterprise",
    };
    let owner = args.owner.map_or(proto::Owner::Unspecified, |owner| match owner {
        Owner::Bot => proto::Owner::Bot,
        Owner::Waiting => proto::Owner::Waiting,
        Owner::Person => proto::Owner::Person,
        Owner::Released => proto::Owner::Released,
    });
    let tone = args.tone.map_or(proto::Tone::Unspecified, |tone| match tone {
        Tone::Formal => proto::Tone::Formal,
        Tone::Friendly => proto::Tone::Friendly,
    });
    TriageRequest {
        text,
        channel: channel.into(),
        locale_hint: args.locale.unwrap_or_default(),
        turns: args.context,
        customer: Some(Customer { tier: tier.to_owned(), tags: args.tag }),
        knowledge_base: args.kb.as_deref().map(base_name).unwrap_or_default(),
        brand: args.brand.unwrap_or_default(),
        conversation: args.conversation.as_deref().map(conversation_name).unwrap_or_default(),
        owner: owner.into(),
        tone: tone.into(),
        request_id: args.request_id.unwrap_or_default(),
        received_at: None,
    }
}

/// Reads `--context`.
fn turn(text: &str) -> Result<Turn, String> {
    let (role, text) = text.split_once(':').ok_or("write ROLE:TEXT, for example \"bot:Which order?\"")?;
    let role = match role.trim() {
        "customer" => proto::Role::Customer,
        "agent" => proto::Role::Agent,
        "bot" => proto::Role::Bot,
        other => return Err(format!("{other:?} is no role; write customer, agent or bot")),
    };
    Ok(Turn { role: role.into(), text: text.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: AskArgs,
    }

    #[test]
    fn the_options_become_the_request() {
        let line = Line::try_parse_from([
            "ask",
            "hello",
            "--channel",
            "email",
            "--locale",
            "zh-TW",
            "--tier",
            "vip",
            "--tag",
            "wholesale",
            "--context",
            "customer:where: is it",
            "--context",
            "bot: Which order?",
            "--kb",
            "shop",
            "--brand",
            "lumen",
            "--owner",
            "person",
            "--tone",
            "friendly",
            "--request-id",
            "m-1",
        ]);
        let request = request(line.unwrap().args, "hello".into());
        assert_eq!(request.channel(), proto::Channel::Email);
        assert_eq!(request.locale_hint, "zh-TW");
        assert_eq!(request.knowledge_base, "knowledgeBases/shop");
        assert_eq!(request.turns[0].text, "where: is it");
        assert_eq!(request.turns[1].role(), proto::Role::Bot);
        assert_eq!((request.owner(), request.tone()), (proto::Owner::Person, proto::Tone::Friendly));
        assert_eq!((request.brand.as_str(), request.request_id.as_str()), ("lumen", "m-1"));
        assert_eq!(
            request.customer.unwrap(),
            Customer { tier: "vip".into(), tags: vec!["wholesale".into()] }
        );
    }

    #[test]
    fn a_kept_conversation_comes_without_turns_and_owner() {
        let read = |arguments: &[&str]| {
            Line::try_parse_from([&["ask", "hi", "--conversation", "t-1"], arguments].concat())
        };
        let kept = request(read(&[]).unwrap().args, "hi".into());
        assert_eq!(
            (kept.conversation.as_str(), kept.owner()),
            ("conversations/t-1", proto::Owner::Unspecified)
        );
        assert!(read(&["--owner", "bot"]).is_err() && read(&["--context", "bot: hi"]).is_err());
    }

    #[test]
    fn a_turn_without_a_role_is_refused() {
        assert!(turn("hello").unwrap_err().contains("ROLE:TEXT"));
        assert!(turn("boss: hello").unwrap_err().contains("customer, agent or bot"));
    }
}
