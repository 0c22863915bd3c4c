//! `frontdesk conversations`: who may speak in a conversation that the server keeps.

use clap::{Args, Subcommand};

use super::{
    Context,
    failure::{Failure, Finished},
    print,
};
use crate::proto::{Conversation, GetConversationResponse};

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

/// Runs the command.
pub(super) async fn run(context: &Context, command: ConversationsCommand) -> Result<Finished, Failure> {
    let conversation = context
        .with_client(async |client| {
            Ok(match &command {
                ConversationsCommand::Show(args) => Some(client.get_conversation(&args.name()).await?),
                ConversationsCommand::Take(args) => Some(client.take_conversation(&args.name()).await?),
                ConversationsCommand::Release(args) => Some(client.release_conversation(&args.name()).await?),
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
    /// The resource name of a conversation that is given by name or by its id alone.
    fn name(&self) -> String {
        if self.name.contains('/') { self.name.clone() } else { format!("conversations/{}", self.name) }
    }
}
