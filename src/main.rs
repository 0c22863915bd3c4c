//! The program `frontdesk`: see [`frontdesk::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    frontdesk::cli::main()
}
