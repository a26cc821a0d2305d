//! The four machines as tables: every state with every input, on UDP and on a stream.

use std::fmt::{Debug, Write as _};

use expect_test::expect_file;

use super::client::{Client, ClientInput};
use super::client_invite::{ClientInvite, ClientInviteInput};
use super::server::{Server, ServerInput};
use super::server_invite::{ServerInvite, ServerInviteInput};
use super::step::Effects;
use super::timer::Timer;

fn row<S: Debug>(input: &dyn Debug, (next, effects): (S, Effects)) -> String {
    let effects: Vec<String> = effects.iter().map(|effect| format!("{effect:?}")).collect();
    let input = format!("{input:?}");
    format!("  {input:<18} → {next:?}: {}\n", effects.join(", "))
}

#[test]
fn invite_client() {
    let states = [
        ClientInvite::Calling { pause_ms: 500 },
        ClientInvite::Proceeding,
        ClientInvite::Completed,
        ClientInvite::Accepted,
    ];
    let inputs = [
        ClientInviteInput::Provisional,
        ClientInviteInput::Success,
        ClientInviteInput::Refusal,
        ClientInviteInput::Fired(Timer::A),
        ClientInviteInput::Fired(Timer::B),
        ClientInviteInput::Fired(Timer::D),
        ClientInviteInput::Fired(Timer::M),
        ClientInviteInput::TransportLost,
    ];
    let mut table = row(&"begin, UDP", ClientInvite::begin(false));
    table += &row(&"begin, stream", ClientInvite::begin(true));
    for state in states {
        let _ = writeln!(table, "{state:?}");
        for input in inputs {
            table += &row(&input, state.step(false, input));
        }
    }
    let refused = ClientInvite::Proceeding.step(true, ClientInviteInput::Refusal);
    table += &row(&"Refusal, stream", refused);
    expect_file!["table_of_invite_client.txt"].assert_eq(&table);
}

#[test]
fn other_client() {
    let states = [
        Client::Trying { pause_ms: 500 },
        Client::Proceeding,
        Client::Completed,
    ];
    let inputs = [
        ClientInput::Provisional,
        ClientInput::Final,
        ClientInput::Fired(Timer::E),
        ClientInput::Fired(Timer::F),
        ClientInput::Fired(Timer::K),
        ClientInput::TransportLost,
    ];
    let mut table = row(&"begin, UDP", Client::begin(false));
    table += &row(&"begin, stream", Client::begin(true));
    for state in states {
        let _ = writeln!(table, "{state:?}");
        for input in inputs {
            table += &row(&input, state.step(false, input));
        }
    }
    table += &row(
        &"Final, stream",
        Client::Proceeding.step(true, ClientInput::Final),
    );
    expect_file!["table_of_other_client.txt"].assert_eq(&table);
}

#[test]
fn invite_server() {
    let states = [
        ServerInvite::Proceeding,
        ServerInvite::Completed { pause_ms: 500 },
        ServerInvite::Confirmed,
        ServerInvite::Accepted,
    ];
    let inputs = [
        ServerInviteInput::Invite,
        ServerInviteInput::Ack,
        ServerInviteInput::Success,
        ServerInviteInput::Refusal,
        ServerInviteInput::Fired(Timer::G),
        ServerInviteInput::Fired(Timer::H),
        ServerInviteInput::Fired(Timer::I),
        ServerInviteInput::Fired(Timer::L),
    ];
    let mut table = String::new();
    for state in states {
        let _ = writeln!(table, "{state:?}");
        for input in inputs {
            table += &row(&input, state.step(false, input));
        }
    }
    let refused = ServerInvite::Proceeding.step(true, ServerInviteInput::Refusal);
    table += &row(&"Refusal, stream", refused);
    table += &row(&"Ack, stream", refused.0.step(true, ServerInviteInput::Ack));
    expect_file!["table_of_invite_server.txt"].assert_eq(&table);
}

#[test]
fn other_server() {
    let mut table = row(&"begin, UDP", Server::begin(false));
    table += &row(&"begin, stream", Server::begin(true));
    for input in [ServerInput::Request, ServerInput::Fired(Timer::J)] {
        table += &row(&input, Server::Completed.step(input));
    }
    expect_file!["table_of_other_server.txt"].assert_eq(&table);
}
