//! The program `frontdesk`: see [`frontdesk::cli`].

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    frontdesk::cli::main()
}
