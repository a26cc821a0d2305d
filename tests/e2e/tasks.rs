//! Every task, whole, by a robot with a real telephone: by keys alone (row #55).

use events::{CaseEvent, CaseNumber, Event, TaskKind, TaskOutcome};
use tests::phone::Setup;
use tests::{Journal, Phone, Server};

/// An application that the sample register knows.
const APPLICATION: &str = "20260029";

/// A caller without patience for anything but what it knows to do.
struct Robot {
    _server: Server,
    journal: Journal,
    phone: Phone,
}

impl Robot {
    fn open() -> Self {
        let server = Server::start();
        let journal = server.journal();
        let phone = Phone::start(&Setup {
            user: "79161234567",
            ..Setup::caller(5070)
        });
        Self {
            _server: server,
            journal,
            phone,
        }
    }

    fn dial(&mut self) {
        self.phone.dial("100");
        self.phone.wait("established");
    }

    /// The caller hangs up, and the house has noticed.
    fn hang_up(&mut self) {
        self.phone.hang_up();
        self.journal
            .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    }

    /// Waits until the assistant is in a node.
    fn comes_to(&mut self, node: &str) {
        self.journal.wait(
            node,
            |e| matches!(e, Event::StepReached { step, .. } if step == node),
        );
    }

    /// In a node, presses keys.
    fn presses(&mut self, node: &str, keys: &str) {
        self.comes_to(node);
        self.phone.press(keys);
    }

    /// The house did what it was asked.
    fn done(&mut self, task: TaskKind) {
        let answered = self.journal.wait(
            task.as_str(),
            |e| matches!(e, Event::TaskAnswered { task: answered, .. } if *answered == task),
        );
        let Event::TaskAnswered { outcome, .. } = answered.event else {
            panic!("{answered:?}");
        };
        assert_eq!(outcome, TaskOutcome::Done, "{task:?}");
    }

    /// The number of the visit that was booked last.
    fn booked(&mut self) -> CaseNumber {
        let visit = |e: &Event| match e {
            Event::Case(CaseEvent::AppointmentBooked { case, .. }) => Some(*case),
            _ => None,
        };
        let all = self.journal.all();
        let case = all.iter().rev().find_map(|record| visit(&record.event));
        CaseNumber::of(case.expect("a visit in the journal"))
    }
}

#[test]
fn by_keys_alone() {
    let mut robot = Robot::open();

    robot.dial();
    robot.presses("topic", "4");
    robot.presses("book", "1");
    robot.done(TaskKind::FindTimes);
    robot.presses("part_booking.choose", "2");
    robot.presses("part_booking.this_phone", "1");
    robot.presses("part_booking.name", "9");
    robot.presses("part_name.ask", "42221255#1");
    robot.presses("part_booking.remind", "1");
    robot.presses("part_booking.check", "1");
    robot.done(TaskKind::Book);
    let number = robot.booked();
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "4");
    robot.presses("book", "2");
    robot.presses("part_visit.number", &format!("{number}#"));
    robot.done(TaskKind::FindBooking);
    robot.presses("part_visit.what", "1");
    robot.presses("part_move.choose", "1");
    robot.presses("part_move.check", "1");
    robot.done(TaskKind::MoveBooking);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "4");
    robot.presses("book", "2");
    robot.presses("part_visit.number", &format!("{number}#"));
    robot.presses("part_visit.what", "2");
    robot.presses("part_visit.sure", "1");
    robot.done(TaskKind::CancelBooking);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "1");
    robot.presses("part_status.ask", &format!("{APPLICATION}#"));
    robot.done(TaskKind::CheckStatus);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "2");
    robot.presses("part_complaint.name", "9");
    robot.presses("part_name.ask", "42221255#1");
    robot.presses("part_complaint.reply_to", "9");
    robot.presses("part_complaint.know_official", "2");
    robot.presses("part_complaint.substance", "9");
    robot.presses("part_complaint.list", "1");
    robot.presses("part_complaint.inform", "3");
    robot.presses("part_complaint.check_short", "1");
    robot.done(TaskKind::FileComplaint);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "3");
    robot.presses("part_callback.this_phone", "1");
    robot.presses("part_callback.when", "1");
    robot.done(TaskKind::RequestCallback);
    robot.hang_up();

    robot.dial();
    robot.presses("topic", "5");
    robot.presses("other", "4");
    robot.presses("part_consent.ask", "2");
    robot.done(TaskKind::SetConsent);
    robot.hang_up();
}
