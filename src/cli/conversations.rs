//! `frontdesk conversations`: who may speak in a conversation that the server keeps.

use clap::{Args, Subcommand};

use super::{
    Context, conversation_name,
    failure::{Failure, Finished},
    print,
};
use crate::proto::{Conversation, GetConversationResponse, Role, Turn};

/// Show conversations that the server keeps, and take them over.
#[derive(Debug, Subcommand)]
pub(super) enum ConversationsCommand {
    /// Show who owns a conversation and its last turns, without personal data.
    #[command(after_help = "Example:\n  frontdesk conversations show ticket-4711")]
    Show(NameArgs),
    /// Take a conversation over; the program only drafts from then on.
    #[command(after_help = "Example:\n  frontdesk conversations take ticket-4711")]
    Take(NameArgs),
    /// Give a conversation back; the program may speak again.
    #[command(after_help = "Example:\n  frontdesk conversations release ticket-4711")]
    Release(NameArgs),
    /// Add what a person or another program of the company said; a customer's message goes through `ask`.
    #[command(after_help = "Examples:\n  \
        frontdesk conversations append ticket-4711 --agent \"I have sent you a new label.\"\n  \
        frontdesk conversations append ticket-4711 --bot \"您的退货单已经生成。\"\n\n\
        A program may not speak while a person owns the conversation or is waited for.")]
    Append(AppendArgs),
    /// Forget a conversation.
    #[command(after_help = "Example:\n  frontdesk conversations delete ticket-4711")]
    Delete(NameArgs),
}

#[derive(Args, Debug)]
pub(super) struct NameArgs {
    /// Conversation, by its name or the part after "conversations/".
    #[arg(value_name = "NAME")]
    name: String,
}

#[derive(Args, Debug)]
pub(super) struct AppendArgs {
    #[command(flatten)]
    conversation: NameArgs,
    /// What a person said; the conversation is theirs from then on.
    #[arg(long, value_name = "TEXT", required_unless_present = "bot", conflicts_with = "bot")]
    agent: Option<String>,
    /// What a program said.
    #[arg(long, value_name = "TEXT")]
    bot: Option<String>,
}

/// Runs the command.
pub(super) async fn run(context: &Context, command: ConversationsCommand) -> Result<Finished, Failure> {
    let conversation = context
        .with_client(async |client| {
            Ok(match command {
                ConversationsCommand::Show(args) => Some(client.get_conversation(&args.name()).await?),
                ConversationsCommand::Take(args) => Some(client.take_conversation(&args.name()).await?),
                ConversationsCommand::Release(args) => Some(client.release_conversation(&args.name()).await?),
                ConversationsCommand::Append(args) => {
                    let name = args.conversation.name();
                    Some(client.append_turn(&name, args.turn()).await?)
                }
                ConversationsCommand::Delete(args) => {
                    client.delete_conversation(&args.name()).await?;
                    anstream::eprintln!("{} is forgotten", args.name());
                    None
                }
            })
        })
        .await?;
    if let Some(conversation) = conversation {
        show(context, conversation)?;
    }
    Ok(Finished::Well)
}

fn show(context: &Context, conversation: Conversation) -> Result<(), Failure> {
    if context.global.json {
        print::json(&GetConversationResponse { conversation: Some(conversation) })?;
    } else {
        let mut page = print::Page::new();
        print::conversation(&mut page, &conversation);
        page.print()?;
    }
    Ok(())
}

impl NameArgs {
    fn name(&self) -> String {
        conversation_name(&self.name)
    }
}

impl AppendArgs {
    fn turn(self) -> Turn {
        let (role, text) = match (self.agent, self.bot) {
            (Some(text), _) => (Role::Agent, text),
            (None, text) => (Role::Bot, text.unwrap_or_default()),
        };
        Turn { role: role.into(), text }
    }
}
