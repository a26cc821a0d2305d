//! The configuration under load: one line without and one with recording, as many operators as needed.

use std::fmt::Write as _;

/// argon2id of [`PASSWORD`] at the smallest cost: signing hundreds of operators in is not measured.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=8,t=1,p=1$bGluaXlhYmVuY2hzYWx0$nO3a0j84DQ/UfwESH37PwnLfbzgT2U9JtnlXCPrtVhA";
/// Every operator's password.
pub(crate) const PASSWORD: &str = "bench-load";
/// The line whose talks are not recorded.
pub(crate) const PLAIN: &str = "100";
/// The line whose talks are recorded.
pub(crate) const RECORDED: &str = "200";
/// Where the operators' phones listen.
pub(crate) const PHONES_PORT: u16 = 7000;

/// What differs between steps.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) operators: usize,
    /// New calls a second that are let in.
    pub(crate) rate: u32,
    /// Callers whose speech is recognised at once.
    pub(crate) recognised: usize,
}

/// The login of operator number `index`.
pub(crate) fn login(index: usize) -> String {
    format!("op{index}")
}

pub(crate) fn text(wanted: Wanted) -> String {
    let Wanted {
        operators,
        rate,
        recognised,
    } = wanted;
    let mut text = format!(
        "[server]\nhttp = \"127.0.0.1:8080\"\nscripts_dir = \"./scripts\"\n\
         [sip]\nudp = \"127.0.0.1:5060\"\ntcp = \"127.0.0.1:5060\"\nmax_calls = 3500\nnew_calls_per_s = {rate}\n\
         [media]\nport_min = 10000\nport_max = 59999\n\
         [speech]\nmax_sessions = {recognised}\nthreads = 1\n\
         [organisation]\nname = \"Министерство промышленности и торговли\"\n\
         [[trunk]]\nname = \"load\"\naddresses = [\"127.0.0.0/8\"]\n\
         [[queue]]\nid = \"consultation\"\ntitle = \"Консультация\"\nring_timeout_s = 20\nwrap_up_s = 0\n\
         max_wait_s = 1800\ncapacity = 5000\n"
    );
    for (number, recording) in [(PLAIN, false), (RECORDED, true)] {
        let _ = write!(
            text,
            "[[line]]\nnumber = \"{number}\"\ntitle = \"Консультация по услугам\"\nscript = \"consultation\"\n\
             queue = \"consultation\"\nservices = [\"technopark_status\", \"scrap_licence\", \"support_measures\", \
             \"appointment\"]\nrecording = {recording}\nrating = false\n"
        );
    }
    for index in 0..operators {
        let login = login(index);
        let _ = write!(
            text,
            "[[operator]]\nlogin = \"{login}\"\nfull_name = \"Оператор {index}\"\nposition = \"специалист\"\n\
             password_hash = \"{PASSWORD_HASH}\"\nphone_contact = \"sip:{login}@127.0.0.1:{PHONES_PORT}\"\n\
             queues = [\"consultation\"]\n"
        );
    }
    text
}
