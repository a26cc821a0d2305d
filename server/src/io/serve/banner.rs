//! What the administrator reads when the service stands.

use std::io::Write as _;

use ivr::io::RecogniserStatus;

use crate::config::Config;

/// Prints where to point a phone, whom to sign in as, what to dial and what to open.
pub(super) fn show(config: &Config, speech: &RecogniserStatus, voice: &str) {
    let mut text = String::from("\n");
    let mut line = |what: String| {
        text.push_str(&what);
        text.push('\n');
    };
    line(format!("Линия работает: {}", config.organisation.name));
    line(String::new());
    line(format!(
        "  Рабочее место оператора   http://{}/",
        config.server.http
    ));
    line(format!(
        "  Показатели                http://{}/metrics",
        config.server.http
    ));
    line(format!("  Телефон (SIP по UDP)      {}", config.sip.udp));
    line(format!("  Телефон (SIP по TCP)      {}", config.sip.tcp));
    if !config.browser.visitor_line.is_empty() {
        line(format!(
            "  Позвонить из браузера     http://{}/call",
            config.server.http
        ));
    }
    for number in &config.lines {
        line(format!(
            "  Позвонить                 sip:{}@{}  — {}",
            number.number, config.sip.udp, number.title
        ));
    }
    for operator in &config.operators {
        let password = operator.password_for_loopback.as_deref();
        let shown = password.map_or("пароль из настроек".into(), |p| {
            format!("пароль {p}")
        });
        line(format!(
            "  Оператор                  {} ({shown}): и рабочее место, и телефон",
            operator.login
        ));
    }
    line(format!("  Распознавание речи        {}", heard(speech)));
    line(format!(
        "  Синтез речи               {}",
        voice.trim_start_matches("Синтез речи: ")
    ));
    line(String::new());
    line("Остановить: Ctrl+C. Проверить сценарии: liniya check. Ход звонка: liniya ladder.".into());
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::io::stdout().flush();
}

fn heard(speech: &RecogniserStatus) -> String {
    match speech {
        RecogniserStatus::Ready {
            model,
            lists,
            unheard,
            instead_of,
        } => {
            let mut text = format!("модель {model}, списков фраз: {lists}");
            if !unheard.lists.is_empty() {
                text.push_str(&format!("; только клавиши: {}", unheard.lists.len()));
            }
            if !unheard.phrases.is_empty() {
                let count = unheard.phrase_count();
                text.push_str(&format!("; фраз, которых она не знает: {count}"));
            }
            if let Some(why) = instead_of {
                text.push_str(&format!("; это запасная: {why}"));
            }
            text
        }
        RecogniserStatus::KeysOnly { why } => format!("нет, только клавиши: {why}"),
    }
}
