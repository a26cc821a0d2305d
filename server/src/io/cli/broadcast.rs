//! `liniya broadcast`: what callers hear first, said from the command line of a running service.

use events::{Date, LineId, TimeOfDay, Timestamp};

use super::say;
use crate::config::Config;
use crate::io::clock::Clock;
use crate::io::control::{Answer, Request, ask};
use crate::told_log::BroadcastRow;

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(super) struct Wish {
    /// Текст объявления; без него — показать, что звучит сейчас.
    text: Option<String>,
    /// Снять объявление.
    #[arg(long, conflicts_with = "text")]
    clear: bool,
    /// Номер линии, например 100; без него — на всех линиях.
    #[arg(long)]
    line: Option<String>,
    /// До какого времени: ЧЧ:ММ сегодня или «ГГГГ-ММ-ДД ЧЧ:ММ»; без него — пока не снимут.
    #[arg(long, requires = "text")]
    until: Option<String>,
}

pub(super) fn run(config: &Config, wish: Wish) -> anyhow::Result<()> {
    let offset_min = config.organisation.utc_offset_min;
    let line = wish.line.as_deref().map(LineId::new);
    let request = match wish.text {
        None if !wish.clear => Request::Broadcasts,
        text => {
            anyhow::ensure!(
                text.as_ref().is_none_or(|text| !text.trim().is_empty()),
                "текст объявления пуст; снять объявление: liniya broadcast --clear"
            );
            let now = Clock::start(Timestamp::default()).now();
            let until = wish.until.as_deref();
            let until = until
                .map(|until| moment(until, now, offset_min))
                .transpose()?;
            Request::SetBroadcast { line, text, until }
        }
    };
    match ask(config, &request)? {
        Answer::Done if wish.clear => say("Объявление снято"),
        Answer::Done => say("Объявление звучит: его слышит первым каждый, кто звонит"),
        Answer::Broadcasts(rows) => shown(&rows, offset_min).iter().for_each(say),
        Answer::Refused(why) => anyhow::bail!(why.join("; ")),
        Answer::Reloaded(_) => anyhow::bail!("служба ответила не о том"),
    }
    Ok(())
}

/// A time of today, or of a day, in the organisation's time zone.
fn moment(text: &str, now: Timestamp, offset_min: i16) -> anyhow::Result<Timestamp> {
    let (day, time) = match text.trim().split_once([' ', 'T']) {
        Some((day, time)) => (Date::parse(day), time),
        None => (Some(Date::at(now, offset_min)), text.trim()),
    };
    let parsed = day.zip(TimeOfDay::parse(time.trim()));
    let Some((day, time)) = parsed else {
        anyhow::bail!("время «{text}» не читается; пример: 09:30 или «2026-12-31 18:00»");
    };
    let at = cases::moment(day, time, offset_min);
    anyhow::ensure!(
        at > now,
        "время «{text}» уже прошло; завтрашний день пишут с датой: «ГГГГ-ММ-ДД {time}»"
    );
    Ok(at)
}

/// A line a broadcast.
fn shown(rows: &[BroadcastRow], offset_min: i16) -> Vec<String> {
    if rows.is_empty() {
        return vec!["Объявлений нет".to_owned()];
    }
    let when = |at| {
        format!(
            "{} {}",
            Date::at(at, offset_min),
            TimeOfDay::at(at, offset_min)
        )
    };
    let one = |row: &BroadcastRow| {
        let line = row.line.as_ref();
        let line = line.map_or("все линии".to_owned(), |line| {
            format!("линия {line}")
        });
        let until = row.until.map_or("пока не снимут".to_owned(), |at| {
            format!("до {}", when(at))
        });
        let (since, who) = (when(row.since), &row.operator);
        format!("{line}, с {since}, {until}, {who}: «{}»", row.text)
    };
    rows.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use events::OperatorId;

    use super::*;

    /// 2026-11-23, 12:00 in Moscow.
    const NOON: Timestamp = Timestamp(1_795_424_400_000_000);

    #[test]
    fn a_time_is_of_today_unless_a_day_stands_before_it() {
        let read = |text: &str| moment(text, NOON, 180).map_err(|why| why.to_string());
        assert_eq!(read("18:30"), Ok(NOON.plus_ms(6 * 3_600_000 + 1_800_000)));
        assert_eq!(read("2026-11-24 12:00"), Ok(NOON.plus_ms(24 * 3_600_000)));
        assert_eq!(read("2026-11-24T12:00"), Ok(NOON.plus_ms(24 * 3_600_000)));
        for past in ["12:00", "09:00", "2026-11-22 18:00"] {
            assert!(read(past).unwrap_err().contains("уже прошло"), "{past}");
        }
        for wrong in [
            "",
            "вечером",
            "9:00",
            "25:00",
            "2026-13-01 10:00",
            "24.11 10:00",
        ] {
            assert!(read(wrong).unwrap_err().contains("не читается"), "{wrong}");
        }
    }

    #[test]
    fn what_sounds_is_shown_with_its_line_and_its_end() {
        assert_eq!(shown(&[], 180), ["Объявлений нет"]);
        let row = |line: Option<&str>, until| BroadcastRow {
            line: line.map(LineId::new),
            text: "Сбой сети".into(),
            since: NOON,
            until,
            operator: OperatorId::new("anna"),
        };
        let rows = [
            row(None, None),
            row(Some("100"), Some(NOON.plus_ms(60_000))),
        ];
        assert_eq!(
            shown(&rows, 180),
            [
                "все линии, с 2026-11-23 12:00, пока не снимут, anna: «Сбой сети»",
                "линия 100, с 2026-11-23 12:00, до 2026-11-23 12:01, anna: «Сбой сети»",
            ]
        );
    }
}
