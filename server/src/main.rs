//! «Линия»: the only `main()` of the house. People's tools are subcommands.

use std::process::ExitCode;

fn main() -> ExitCode {
    liniya::io::cli::main()
}
