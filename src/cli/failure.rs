//! How a command ends, its exit code, and what people read when it failed.

use std::{io, process::ExitCode};

use anstyle::{AnsiColor, Style};

use crate::{
    Error,
    grpc::client::{ClientError, Code},
    settings::Mistakes,
};

/// How a command that could do its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finished {
    /// All of it succeeded.
    Well,
    /// Some items failed; the others are done.
    WithFailures,
    /// Somebody stopped it; what was done before is kept.
    Interrupted,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// What was typed or set is wrong.
    Usage(anyhow::Error),
    /// The server failed or cannot be reached.
    Server(anyhow::Error),
    /// The server that was asked for does not answer.
    Unreachable(anyhow::Error),
    /// Nobody reads the output any more, as after `| head`.
    OutputClosed,
}

impl Finished {
    /// The exit code.
    pub(super) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Well => 0,
            Self::WithFailures => 1,
            Self::Interrupted => 130,
        })
    }
}

impl Failure {
    /// What was typed or set is wrong.
    pub(super) fn usage(error: anyhow::Error) -> Self {
        Self::Usage(error)
    }

    /// The server failed or cannot be reached.
    pub(super) fn server(error: anyhow::Error) -> Self {
        Self::Server(error)
    }

    /// What building or reaching a server failed with.
    pub(super) fn of_server(error: anyhow::Error) -> Self {
        // What is invalid while a server is built is a setting.
        let is_set = matches!(error.downcast_ref(), Some(Error::Policy { .. } | Error::Invalid { .. }));
        if is_set || error.is::<Mistakes>() { Self::Usage(error) } else { Self::Server(error) }
    }

    /// The exit code.
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) => 2,
            Self::Server(_) | Self::Unreachable(_) => 3,
            Self::OutputClosed => 0,
        })
    }

    /// Tells people on the standard error output.
    pub(super) fn print(&self) {
        let (error, hint) = match self {
            Self::Usage(error) | Self::Server(error) => (error, error.downcast_ref().and_then(hint)),
            Self::Unreachable(error) => (error, Some(START_A_SERVER)),
            Self::OutputClosed => return,
        };
        let style = AnsiColor::Red.on_default().bold();
        anstream::eprintln!("{style}error:{style:#} {}", told(error));
        if let Some(hint) = hint {
            let style = Style::new().bold();
            anstream::eprintln!("{style}hint:{style:#} {hint}");
        }
    }
}

/// An error with its causes, each once: many repeat the cause in their own words.
fn told(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        match told.last_mut() {
            Some(last) if last.contains(&cause) => {}
            Some(last) if cause.contains(last.as_str()) => *last = cause,
            _ => told.push(cause),
        }
    }
    told.join(": ")
}

/// What to do when no server answers.
const START_A_SERVER: &str =
    "start a server with `frontdesk serve`, or leave out --server to decide in this process";

/// What to do about an error of the server, where its message alone does not say.
fn hint(error: &ClientError) -> Option<&'static str> {
    match error.code {
        Code::Unavailable => Some("the server is busy, starting or stopping; try again a little later"),
        Code::DeadlineExceeded => {
            Some("the server is slow or busy; try again, or give it more `workers.cores`")
        }
        Code::Unimplemented => Some("the server is another version; `frontdesk --version` tells this one's"),
        Code::NotFound if error.message.starts_with("operations/") => {
            Some("`frontdesk operations list` shows the operations")
        }
        Code::NotFound if error.message.starts_with("decisions/") => {
            Some("it may be older than `records.keep_days`, or another tenant's; see --tenant")
        }
        Code::NotFound if error.message.starts_with("conversations/") => {
            Some("it may have expired (`records.conversation_hours`), or be another tenant's; see --tenant")
        }
        Code::NotFound => Some("`frontdesk kb list` shows the knowledge bases"),
        Code::Internal | Code::Unknown | Code::DataLoss => Some("the server's log says more"),
        _ => None,
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error.code {
            Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::OutOfRange => Self::Usage(error.into()),
            _ => Self::Server(error.into()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<io::Error>() {
            Ok(error) => error.into(),
            Err(error) => Self::Server(error),
        }
    }
}

impl From<io::Error> for Failure {
    /// What writing to the standard output failed with.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::OutputClosed;
        }
        Self::Server(anyhow::Error::new(error).context("the output cannot be written"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(failure: &Failure) -> String {
        format!("{:?}", failure.exit_code())
    }

    #[test]
    fn what_the_caller_can_mend_is_wrong_usage() {
        let refused = Failure::from(ClientError::new(Code::InvalidArgument, "text: is blank"));
        assert_eq!(code(&refused), format!("{:?}", ExitCode::from(2)));
        let down = Failure::from(ClientError::new(Code::Unavailable, ""));
        assert_eq!(code(&down), format!("{:?}", ExitCode::from(3)));
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let closed = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(code(&closed), format!("{:?}", ExitCode::SUCCESS));
    }

    #[test]
    fn causes_are_told_once() {
        let error =
            anyhow::anyhow!("refused").context("tcp connect error: refused").context("no server answers");
        assert_eq!(told(&error), "no server answers: tcp connect error: refused");
        assert_eq!(told(&anyhow::anyhow!("a: b").context("a")), "a: b");
    }
}
