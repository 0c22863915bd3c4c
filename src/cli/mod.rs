//! The command line: what people and scripts type.
//!
//! Every command but `serve` talks to a server: the one that runs at the setting's address, else
//! one that is built inside this process for the duration of the command.

mod ask;
mod batch;
mod conversations;
mod eval;
mod explain;
mod failure;
mod kb;
mod operations;
mod print;
mod rules;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use self::failure::{Failure, Finished};
use crate::{
    grpc::client::Client,
    server::{self, Connection, ServeOptions},
    settings::{self, LogSettings, Settings},
    telemetry,
};

/// Frontdesk reads customer messages in English, 简体中文 and 繁體中文 and decides what to do with
/// them: answer, ask back, route or hand to a person. Everything runs on this machine.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Examples:\n  \
        frontdesk serve\n  \
        frontdesk ask \"I was charged twice for order 8812, please fix this today\"\n  \
        frontdesk batch messages.jsonl decisions.jsonl\n  \
        frontdesk kb search \"can I return a lamp\"\n\n\
        Exit codes: 0 done, 1 some items failed, 2 wrong usage or settings, 3 the server failed, \
        130 interrupted.",
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
struct Global {
    /// Settings file; default ./frontdesk.toml when it is there.
    #[arg(long, global = true, value_name = "FILE", env = "FRONTDESK_CONFIG")]
    config: Option<PathBuf>,
    /// Server to ask, such as http://127.0.0.1:50051; without it the one at `server.listen`, and
    /// when none runs there, one inside this process.
    #[arg(long, global = true, value_name = "URL", env = "FRONTDESK_SERVER", value_parser = server_url)]
    server: Option<String>,
    /// Tenant whose rules and records to work with; default is the server's.
    #[arg(long, global = true, value_name = "NAME", env = "FRONTDESK_TENANT")]
    tenant: Option<String>,
    /// Print JSON for programs (the proto3 JSON mapping of the answer).
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    #[command(after_help = "Example:\n  \
        FRONTDESK__SERVER__LISTEN=127.0.0.1:7000 frontdesk serve\n\n\
        Stops on Ctrl-C or SIGTERM after the calls that run are done.")]
    Serve {
        /// Listen on an address that other machines reach although nobody has to log in.
        #[arg(long)]
        insecure: bool,
    },
    /// Decide one message and print the decision.
    Ask(ask::AskArgs),
    /// Decide a file of messages.
    Batch(batch::BatchArgs),
    /// Fill and ask knowledge bases.
    #[command(subcommand)]
    Kb(kb::KbCommand),
    /// Check the tenants' policy files and run their examples.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Show how a decision came about.
    Explain(explain::ExplainArgs),
    /// Show conversations that the server keeps, and take them over.
    #[command(subcommand)]
    Conversations(conversations::ConversationsCommand),
    /// Show and cancel work that outlives the command that started it.
    #[command(subcommand)]
    Operations(operations::OperationsCommand),
    /// Measure how well the model labels messages whose labels are known.
    Eval(eval::EvalArgs),
    /// Print the settings file with every setting, its default, unit and reason.
    #[command(after_help = "Example:\n  frontdesk settings > frontdesk.toml")]
    Settings,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = run(cli);
    match done {
        Ok(finished) => finished.exit_code(),
        Err(failure) => {
            failure.print();
            failure.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<Finished, Failure> {
    if matches!(cli.command, Command::Settings) {
        return print_settings();
    }
    let settings =
        Settings::load(cli.global.config.as_deref()).map_err(|mistakes| Failure::usage(mistakes.into()))?;
    let is_server = matches!(cli.command, Command::Serve { .. });
    telemetry::init(&log_of(is_server, &settings.log)).map_err(Failure::usage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(settings.workers.num_cores().get())
        .enable_all()
        .build();
    let runtime = runtime
        .map_err(|error| Failure::server(anyhow::Error::new(error).context("no threads to run on")))?;
    let done = runtime.block_on(dispatch(cli, settings));
    // What still blocks a thread now was given up; the process need not wait for it.
    runtime.shutdown_background();
    done
}

async fn dispatch(cli: Cli, settings: Settings) -> Result<Finished, Failure> {
    let context = Context { settings, global: cli.global };
    match cli.command {
        Command::Serve { insecure } => {
            server::run(context.settings, ServeOptions { insecure }).await.map_err(Failure::of_server)?;
            Ok(Finished::Well)
        }
        Command::Ask(args) => ask::run(&context, args).await,
        Command::Batch(args) => batch::run(&context, args).await,
        Command::Kb(command) => kb::run(&context, command).await,
        Command::Rules(command) => rules::run(&context, command),
        Command::Explain(args) => explain::run(&context, args).await,
        Command::Conversations(command) => conversations::run(&context, command).await,
        Command::Operations(command) => operations::run(&context, command).await,
        Command::Eval(args) => eval::run(&context, args).await,
        Command::Settings => print_settings(),
    }
}

/// What every command works with.
struct Context {
    settings: Settings,
    global: Global,
}

impl Context {
    /// Connects, does the work, and closes the connection whatever came of the work.
    async fn with_client<T>(
        &self,
        work: impl AsyncFnOnce(Client) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.with_server(async |client, _| work(client).await).await
    }

    /// Like [`Context::with_client`]; the work also learns whether the server is part of this
    /// process and ends with it.
    async fn with_server<T>(
        &self,
        work: impl AsyncFnOnce(Client, bool) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let server = self.global.server.as_deref();
        // The first run in this process loads the model and imports the sample knowledge base.
        let spinner = crate::progress::spinner("getting ready");
        let connected = server::connect(&self.settings, server).await;
        spinner.finish_and_clear();
        let connection: Connection = connected.map_err(|error| match server {
            Some(_) => Failure::Unreachable(error),
            None => Failure::of_server(error),
        })?;
        let client = Client::new(connection.channel.clone());
        let client = match &self.global.tenant {
            Some(tenant) => client.for_tenant(tenant).map_err(Failure::from),
            None => Ok(client),
        };
        let done = match client {
            Ok(client) => work(client, connection.in_process).await,
            Err(failure) => Err(failure),
        };
        connection.close().await;
        done
    }
}

fn print_settings() -> Result<Finished, Failure> {
    print!("{}", settings::EXAMPLE);
    Ok(Finished::Well)
}

/// How to log: the server as the settings say, the other commands only errors unless the settings
/// were changed; what matters to whoever typed the command is printed anyway.
fn log_of(is_server: bool, log: &LogSettings) -> LogSettings {
    if is_server || *log != LogSettings::default() {
        return log.clone();
    }
    LogSettings { level: "error".to_owned(), ..log.clone() }
}

/// Reads `--server`: a URL, or an address and a port.
fn server_url(text: &str) -> Result<String, String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    if scheme != "http" {
        return Err(format!("{scheme}:// is not spoken; write http://ADDRESS:PORT"));
    }
    let address = rest.trim_end_matches('/');
    match address.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok(format!("http://{address}"))
        }
        _ => Err("write ADDRESS:PORT, for example 127.0.0.1:50051".to_owned()),
    }
}

/// The resource name of a knowledge base that is given by name or by its id alone.
fn base_name(kb: &str) -> String {
    if kb.contains('/') { kb.to_owned() } else { format!("knowledgeBases/{kb}") }
}

/// The resource name of a conversation that is given by name or by its id alone.
fn conversation_name(name: &str) -> String {
    if name.contains('/') { name.to_owned() } else { format!("conversations/{name}") }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        let mut pending = vec![Cli::command()];
        while let Some(command) = pending.pop() {
            let name = command.get_name().to_owned();
            if command.get_subcommands().next().is_none() {
                let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(after.contains("frontdesk"), "{name} has no example");
            }
            assert!(command.get_about().is_some(), "{name} has no description");
            pending.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn a_server_is_given_by_url_or_address() {
        assert_eq!(server_url("127.0.0.1:50051").unwrap(), "http://127.0.0.1:50051");
        assert_eq!(server_url("http://desk.example:1/").unwrap(), "http://desk.example:1");
        assert_eq!(server_url("[::1]:50051").unwrap(), "http://[::1]:50051");
        for wrong in ["https://desk.example:1", "desk.example", "desk.example:x", ":1"] {
            assert!(server_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_the_server_logs_by_default() {
        assert_eq!(log_of(false, &LogSettings::default()).level, "error");
        assert_eq!(log_of(true, &LogSettings::default()).level, "info");
        let chosen = LogSettings { level: "debug".into(), ..LogSettings::default() };
        assert_eq!(log_of(false, &chosen), chosen);
    }
}
